"""Identifiers: one table, parsed and rendered, and the text that must give nothing."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich import ids
from enrich.ids import acl_id, arxiv_id, from_text, from_url, parse, url_of
from enrich.model import Identifier

SHA = "204e3073870fae3d05bcbc2f6a8e263d9b72e776"

# (canonical, its page, the other addresses that mean the same)
CANONICAL = [
    pytest.param(
        "arxiv:2106.15928",
        "https://arxiv.org/abs/2106.15928",
        [
            "http://arxiv.org/abs/2106.15928v2",
            "https://arxiv.org/pdf/2106.15928",
            "https://arxiv.org/pdf/2106.15928v3.pdf",
            "https://arxiv.org/pdf/2106.15928.pdf?download=1#page=2",
            "https://arxiv.org/html/2106.15928v1/",
            "https://www.arxiv.org/abs/2106.15928",
            "arxiv.org/abs/2106.15928",
            "//arxiv.org/abs/2106.15928",
            "https://arxiv.org//abs/2106.15928",
            "https://arxiv.org/abs/arXiv:2106.15928",
            "https://arxiv.org/2106.15928",
            "https://export.arxiv.org/abs/2106.15928",
            "https://arxiv.org/ftp/arxiv/papers/2106/2106.15928.pdf",
            "https://ar5iv.org/abs/2106.15928",
            "https://ar5iv.labs.arxiv.org/html/2106.15928",
            "https://www.alphaxiv.org/abs/2106.15928",
            "https://www.alphaxiv.org/overview/2106.15928v1",
            "https://huggingface.co/papers/2106.15928",
            "https://web.archive.org/web/2023/https://arxiv.org/abs/2106.15928",
            "https://www.google.com/url?q=https%3A%2F%2Farxiv.org%2Fabs%2F2106.15928&sa=D",
        ],
        id="arxiv new",
    ),
    pytest.param(
        "arxiv:0704.0001", "https://arxiv.org/abs/0704.0001", [], id="arxiv first of the new"
    ),
    pytest.param(
        "arxiv:math/0309136",
        "https://arxiv.org/abs/math/0309136",
        [
            "https://arxiv.org/abs/math.GT/0309136v1",
            "https://arxiv.org/pdf/math/0309136",
            "https://arxiv.org/pdf/math%2F0309136.pdf",
        ],
        id="arxiv old",
    ),
    pytest.param(
        "acl:2023.acl-long.147",
        "https://aclanthology.org/2023.acl-long.147/",
        [
            "https://aclanthology.org/2023.acl-long.147",
            "https://aclanthology.org/2023.acl-long.147.pdf",
            "https://aclanthology.org/2023.acl-long.147v2.pdf",
            "https://aclanthology.org/2023.ACL-long.147.bib",
            "https://www.aclweb.org/anthology/2023.acl-long.147/",
        ],
        id="row 25: acl new",
    ),
    pytest.param(
        "acl:P19-1001",
        "https://aclanthology.org/P19-1001/",
        [
            "https://aclanthology.org/p19-1001.pdf",
            "http://www.aclweb.org/anthology/P19-1001",
            "https://www.aclweb.org/anthology/papers/P/P19/P19-1001/",
            "http://anthology.aclweb.org/P/P19/P19-1001.pdf",
            "http://aclanthology.coli.uni-saarland.de/pdf/P/P19/P19-1001.pdf",
            "https://aclanthology.info/papers/P19-1001/p19-1001",
        ],
        id="row 25: acl old",
    ),
    pytest.param("acl:W19-4801", "https://aclanthology.org/W19-4801/", [], id="acl workshop"),
    pytest.param(
        "openreview:SJgdnAVKDH",
        "https://openreview.net/forum?id=SJgdnAVKDH",
        [
            "https://openreview.net/pdf?id=SJgdnAVKDH",
            "https://openreview.net/forum?id=SJgdnAVKDH&noteId=abcDEF123",
            "https://openreview.net/forum?noteId=abcDEF123&id=SJgdnAVKDH",
            "https://openreview.net/forum?id=SJgdnAVKDH&amp;referrer=x",
            "https://openreview.net/attachment?id=SJgdnAVKDH&name=pdf",
            "https://openreview.net/revisions?id=SJgdnAVKDH",
        ],
        id="openreview",
    ),
    pytest.param(
        "openreview:_VjQlMeSB_J",
        "https://openreview.net/forum?id=_VjQlMeSB_J",
        [],
        id="underscores",
    ),
    pytest.param(
        "doi:10.1126/science.aar6404",
        "https://doi.org/10.1126/science.aar6404",
        [
            "https://doi.org/10.1126/SCIENCE.aar6404",
            "http://dx.doi.org/10.1126%2Fscience.aar6404",
            "https://www.science.org/doi/10.1126/science.aar6404",
            "https://www.science.org/doi/abs/10.1126/science.aar6404",
            "https://www.science.org/doi/pdf/10.1126/science.aar6404?download=true",
            "https://www.science.org/doi/10.1126/science.aar6404.full.pdf",
        ],
        id="doi",
    ),
    pytest.param(
        "doi:10.1145/3630106.3658979",
        "https://doi.org/10.1145/3630106.3658979",
        [
            "https://dl.acm.org/doi/10.1145/3630106.3658979",
            "https://dl.acm.org/doi/abs/10.1145/3630106.3658979",
            "https://dl.acm.org/doi/pdf/10.1145/3630106.3658979",
            "https://dl.acm.org/doi/fullHtml/10.1145/3630106.3658979",
        ],
        id="doi acm",
    ),
    pytest.param(
        "doi:10.1162/tacl_a_00466",
        "https://doi.org/10.1162/tacl_a_00466",
        ["https://direct.mit.edu/tacl/article/doi/10.1162/tacl_a_00466/110048/Some-Slug"],
        id="doi then article number and slug",
    ),
    pytest.param(
        "doi:10.1101/2023.04.25.538237",
        "https://doi.org/10.1101/2023.04.25.538237",
        ["https://www.biorxiv.org/content/10.1101/2023.04.25.538237v2.full.pdf"],
        id="doi with a preprint's version",
    ),
    pytest.param(
        "doi:10.1371/journal.pone.0012345",
        "https://doi.org/10.1371/journal.pone.0012345",
        [
            "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0012345&type=printable"
        ],
        id="doi as a parameter",
    ),
    pytest.param(
        "doi:10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2",
        "https://doi.org/10.1002/(sici)1097-0258(19980815/30)17:15/16%3C1661::aid-sim968%3E3.0.co;2-2",
        [],
        id="doi with brackets",
    ),
    pytest.param(
        f"s2:{SHA}",
        f"https://www.semanticscholar.org/paper/{SHA}",
        [
            f"https://www.semanticscholar.org/paper/A-Title-Someone/{SHA}",
            f"https://www.semanticscholar.org/reader/{SHA}",
        ],
        id="s2 sha",
    ),
    pytest.param(
        "s2:CorpusID:215416146",
        "https://api.semanticscholar.org/CorpusID:215416146",
        ["https://www.semanticscholar.org/CorpusID:215416146"],
        id="s2 corpus id",
    ),
]


@pytest.mark.parametrize(("canonical", "page", "others"), CANONICAL)
def test_parse_and_render(canonical: str, page: str, others: list[str]) -> None:
    identifier = parse(canonical)
    assert identifier is not None
    assert str(identifier) == canonical
    assert url_of(identifier) == page
    for url in (page, *others):
        assert from_url(url) == (identifier,), url


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        pytest.param(" arXiv:2106.15928v2 ", "arxiv:2106.15928", id="prefix and version"),
        pytest.param("2106.15928", "arxiv:2106.15928", id="bare arxiv"),
        pytest.param("math.GT/0309136", "arxiv:math/0309136", id="subject class"),
        pytest.param("hep-th/9901001", "arxiv:hep-th/9901001", id="old arxiv"),
        pytest.param("ACL:p19-1001", "acl:P19-1001", id="acl case"),
        pytest.param("2020.lrec-1.3", "acl:2020.lrec-1.3", id="bare acl"),
        pytest.param("DOI:10.1162/TACL_a_00466", "doi:10.1162/tacl_a_00466", id="doi case"),
        pytest.param("10.1162/tacl_a_00466", "doi:10.1162/tacl_a_00466", id="bare doi"),
        pytest.param("CorpusId:215416146", "s2:CorpusID:215416146", id="bare corpus id"),
        pytest.param(SHA.upper(), f"s2:{SHA}", id="bare sha"),
        pytest.param("https://arxiv.org/abs/2106.15928", "arxiv:2106.15928", id="url"),
    ],
)
def test_parse_forms(text: str, canonical: str) -> None:
    assert str(parse(text)) == canonical


@pytest.mark.parametrize(
    "text",
    ["", ":", "title", "2613.00001", "arxiv:2613.00001", "arxiv:2106.1592", "9901001", "acl:P19-1"],
)
def test_parse_nothing(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("url", "kin"),
    [
        pytest.param(
            "https://doi.org/10.48550/arXiv.2106.15928",
            ["doi:10.48550/arxiv.2106.15928", "arxiv:2106.15928"],
            id="arxiv doi",
        ),
        pytest.param(
            "https://doi.org/10.18653/v1/2023.acl-long.147",
            ["doi:10.18653/v1/2023.acl-long.147", "acl:2023.acl-long.147"],
            id="acl doi",
        ),
        pytest.param(
            "https://doi.org/10.3115/v1/d14-1179",
            ["doi:10.3115/v1/d14-1179", "acl:D14-1179"],
            id="old",
        ),
    ],
)
def test_dois_that_carry_another_id(url: str, kin: list[str]) -> None:
    assert [str(identifier) for identifier in from_url(url)] == kin


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://arxiv.org/abs/2613.00001", id="month 13"),
        pytest.param("https://arxiv.org/abs/2106.00000", id="number 0"),
        pytest.param("https://arxiv.org/abs/1401.12345", id="five digits before 2015"),
        pytest.param("https://arxiv.org/abs/math/0713136", id="old number after 2007"),
        pytest.param("https://arxiv.org/list/cs.CL/recent", id="arxiv listing"),
        pytest.param("https://arxiv.org.example.com/abs/2106.15928", id="look-alike host"),
        pytest.param("https://example.com/arxiv.org/abs/2106.15928", id="host in the path"),
        pytest.param("https://aclanthology.org/volumes/2023.acl-long/", id="acl volume"),
        pytest.param("https://aclanthology.org/2023.acl-long", id="acl volume without page"),
        pytest.param("https://aclanthology.org/2023.acl-long.0/", id="acl front matter"),
        pytest.param("https://aclanthology.org/P19-1000/", id="old front matter"),
        pytest.param("https://aclanthology.org/W19-4800/", id="workshop front matter"),
        pytest.param("https://aclanthology.org/venues/acl/", id="acl venue"),
        pytest.param("https://openreview.net/group?id=ICLR.cc/2024/Conference", id="group"),
        pytest.param("https://openreview.net/profile?id=~Some_One1", id="profile"),
        pytest.param("https://openreview.net/references/pdf?id=SJgdnAVKDH", id="a revision's id"),
        pytest.param("https://openreview.net/forum", id="no id"),
        pytest.param("https://dl.acm.org/doi/proceedings/10.1145/3630106", id="proceedings"),
        pytest.param("https://www.semanticscholar.org/author/1741101", id="author"),
        pytest.param("https://github.com/some/repo-2106.15928", id="repository"),
        pytest.param("None", id="None"),
        pytest.param("#1-section", id="anchor"),
        pytest.param("mailto:a@arxiv.org", id="mail"),
        pytest.param("http://[::1", id="broken host"),
        pytest.param("https://arxiv.org/abs/" + "9" * 5000, id="endless"),
    ],
)
def test_no_paper(url: str) -> None:
    assert from_url(url) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("arXiv:2106.15928.", ["arxiv:2106.15928"], id="prefix"),
        pytest.param("In arXiv, 2310.19852v2, 2023", ["arxiv:2310.19852"], id="comma"),
        pytest.param("arXiv preprint arXiv:1802.05365 (2018)", ["arxiv:1802.05365"], id="preprint"),
        pytest.param("arXiv:hep-th/9901001", ["arxiv:hep-th/9901001"], id="old"),
        pytest.param("(10.1162/tacl_a_00466).", ["doi:10.1162/tacl_a_00466"], id="doi in brackets"),
        pytest.param(
            "doi: 10.1016/0004-3702(93)90034-9;",
            ["doi:10.1016/0004-3702(93)90034-9"],
            id="own brackets",
        ),
        pytest.param("ACL 2023.acl-long.147", ["acl:2023.acl-long.147"], id="acl"),
        pytest.param("(Corpus ID: 215416146)", ["s2:CorpusID:215416146"], id="corpus id"),
        pytest.param("see https://arxiv.org/abs/2106.15928).", ["arxiv:2106.15928"], id="url"),
        pytest.param("arXiv\uff1a2106.15928\u3002", ["arxiv:2106.15928"], id="full-width colon"),
        pytest.param("arXiv 2024. 120 pages", [], id="a year"),
        pytest.param("version 2106.15928", [], id="a bare number"),
        pytest.param("GPT-3.5 gets 10.2/20", [], id="a score"),
        pytest.param("P19-1001", [], id="old acl ids need their scheme"),
    ],
)
def test_from_text(text: str, found: list[str]) -> None:
    assert [str(identifier) for identifier in from_text(text)] == found


def test_normalisers_refuse_what_is_no_paper() -> None:
    assert arxiv_id("2613.00001") is None
    assert acl_id("2023.acl-long.0") is None
    assert acl_id("C69-0100") is None
    assert acl_id("P19-1100") == "P19-1100"
    assert ids.doi("10.5555/Ab.C).") == "10.5555/ab.c"


@given(st.text() | st.from_regex(re.compile(r"https?://(arxiv\.org|doi\.org)/.*"), fullmatch=True))
def test_hostile_text_never_raises(text: str) -> None:
    for identifier in (*from_url(text), *from_text(text), *filter(None, [parse(text)])):
        assert isinstance(identifier, Identifier)
        assert parse(str(identifier)) == identifier
        assert identifier in from_url(url_of(identifier))


@pytest.mark.parametrize(
    "piece", ["arxiv ", "10.1234/", "https://", "(", "2023.a-b.", "arxiv:math."]
)
def test_time_is_linear(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    start = time.process_time()
    from_text(text)
    from_url(text)
    assert time.process_time() - start < 2
