"""Faults in a list: what is found, what is not, where, and what switches it off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from enrich.check.checking import Told, check
from enrich.check.codes import Code, code
from enrich.check.fault import Snapshot
from enrich.check.markup import LARGEST
from enrich.check.render import document, github, text
from enrich.counts import Observed
from enrich.errors import ConfigError
from enrich.model import Fetched, Outcome, Record, Status
from tests.values import Nights, described, entry, ids, night, record, told

TIGERS = "Striped Models of Large Tigers in Captivity"
GULLS = "A Census of Herring Gulls in Northern Harbours"
CRABS = "Why crabs walk sideways: a study of their social standing"
OWLS = "Night Vision of Owls under Artificial Moonlight"
GONE = "A Paper That No Service Ever Numbered Like This"


def snapshot(at: int = 1) -> Snapshot:
    """What is known: tigers were published, gulls withdrawn, crabs retracted; owls are a preprint,
    and arXiv has no paper of the number that the last one's list gave."""
    works = {
        "2401.00001": (TIGERS, {"status": Status.PUBLISHED, "venue": "ICLR", "year": 2024}),
        "2402.00002": (GULLS, {"status": Status.WITHDRAWN, "year": 2024}),
        "2403.00003": (CRABS, {"status": Status.RETRACTED, "venue": "Nature", "year": 2024}),
        "2404.00004": (OWLS, {"status": Status.PREPRINT, "year": 2024}),
    }
    known = [
        told(record(f"arxiv:{n}", t, f"arxiv:{n}", authors=("Ada Byron",), **said))
        for n, (t, said) in works.items()
    ]
    listed = [entry(title, f"arxiv:{number}") for number, (title, _) in works.items()]
    listed.append(entry(GONE, "arxiv:2405.99999"))
    nights = Nights().night({"list": listed}, known)
    library = nights.library
    lost = library.claims[ids("arxiv:2405.99999")[0]].paper_id
    miss = Fetched(Outcome.NOT_FOUND, night(0), night(7), "unknown", ids("arxiv:2405.99999"))
    library = replace(library, fetches={**library.fetches, (lost, "arxiv"): miss})
    more: Mapping[str, Any] = {number: said for number, (_, said) in works.items()}
    counted = {
        "citation_count": 1234,
        "citation_source": "semantic_scholar",
        "citations_checked_at": night(0),
        "s2_id": "0" * 40,
    }
    notice = "This paper was withdrawn; it is superseded by arXiv:2406.00006."
    papers = described(library, **{k: {**v} for k, v in more.items()})
    records: dict[str, dict[str, Observed]] = {}
    for paper_id, paper in papers.items():
        said = more.get(paper.arxiv_id or "")
        if said is None:
            continue
        source = "arxiv" if paper.title == GULLS else "semantic_scholar"
        made = Record(source, ids(f"arxiv:{paper.arxiv_id}")[0], paper.title, **said)
        records[paper_id] = {source: Observed(made, night(0))}
        if paper.title == TIGERS:
            papers[paper_id] = replace(paper, **counted)
            twin = replace(made, source="openreview", venue="ICLR 2024 poster")
            records[paper_id]["openreview"] = Observed(twin, night(0))
        elif paper.title == GULLS:
            papers[paper_id] = replace(paper, abstract=notice)
    return Snapshot(library, papers, records, night(0), night(at))


KNOWN = snapshot()


def found(*lines: str, head: str = "# Papers\n\n", **named: Any) -> list[Told]:
    return list(check((head + "\n".join(lines) + "\n").encode(), KNOWN, **named).faults)


def codes(*lines: str, **named: Any) -> list[str]:
    return [each.code.value for each in found(*lines, **named)]


def linked(title: str, number: str, rest: str = "") -> str:
    return f"- {title}. {rest}[[paper](https://arxiv.org/abs/{number})]"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        pytest.param([linked(TIGERS, "2401.00001")], [], id="clean"),
        pytest.param([linked(TIGERS, "2401.00001", "*Byron*. ICLR 2024. ")], [], id="published"),
        pytest.param([linked(OWLS, "2404.00004", "*Byron*. arXiv 2024. ")], [], id="a preprint"),
        pytest.param([linked(TIGERS, "2401.00001", "*Byron*. arXiv 2024. ")],
                     ["PT202 the list names the preprint; it was published at ICLR 2024 "
                      "(OpenReview) (write ICLR 2024)"], id="superseded"),
        pytest.param([linked(TIGERS, "2401.00001", "*Byron*. NeurIPS 2024. ")],
                     ["PT303 the list says NeurIPS; it appeared at ICLR (OpenReview and "
                      "Semantic Scholar) (write ICLR)"], id="another venue"),
        pytest.param([linked(TIGERS, "2401.00001", "*Byron*. ICLR Workshop 2024. ")], [],
                     id="a workshop before the paper"),
        pytest.param([linked(CRABS, "2403.00003", "(retracted). *Byron*. Science 2024. ")], [],
                     id="a venue that one source contradicts"),
        pytest.param([linked(TIGERS, "2401.00001", "*Byron*. arXiv 2025. ")], [],
                     id="a later version of the preprint"),
        pytest.param([linked(GULLS, "2402.00002")],
                     [f"PT203 “{GULLS}” was withdrawn (arXiv says so) (link its successor, "
                      "https://arxiv.org/abs/2406.00006)"], id="withdrawn, with a successor"),
        pytest.param([linked(CRABS, "2403.00003", "(retracted) ")], [], id="retracted, said"),
        pytest.param([linked(CRABS, "2403.00003")],
                     [f"PT204 “{CRABS}” was retracted (Semantic Scholar says so) (remove it, or "
                      "say so)"], id="retracted"),
        pytest.param([linked(CRABS, "2401.00001", "*Mary Anning*. ")],
                     [f"PT204 “{CRABS}” was retracted (Semantic Scholar says so) (remove it, or "
                      "say so)",
                      f"PT101 the link leads to “{TIGERS}” (arxiv:2401.00001), not to “{CRABS}” "
                      "(link https://arxiv.org/abs/2403.00003)"], id="mismatched"),
        pytest.param([linked(GONE, "2405.99999")],
                     ["PT102 arXiv has no paper 2405.99999 (link the paper that the entry names)"],
                     id="dead"),
        pytest.param([linked(OWLS, "None")],
                     ["PT103 the address https://arxiv.org/abs/None holds no identifier of a paper "
                      "(link https://arxiv.org/abs/2404.00004)"], id="no number"),
        pytest.param([linked("Some Paper That Is Not Known Here", "2411.00001")], [],
                     id="nobody was asked"),
        pytest.param([linked(TIGERS, "2401.00001"), linked(TIGERS, "2401.00001v2")],
                     [f"PT201 “{TIGERS}” is listed already, in line 3 (remove one of the two)"],
                     id="twice"),
        pytest.param([linked("An Unknown Paper on Rather Unknown Things", "2411.00001"),
                      linked("An unknown paper on rather unknown things!", "2411.00001")],
                     ["PT201 “An unknown paper on rather unknown things!” is listed already, in "
                      "line 3 (remove one of the two)"], id="twice, and not in the snapshot"),
        pytest.param([linked(TIGERS, "2401.00001", "*Byron*. 2019. ")],
                     ["PT302 the list says 2019; all that is known of the paper is of 2024 (write "
                      "2024)"], id="a year long before"),
        pytest.param([linked(TIGERS, "2401.00001", "*Byron*. 2023. ")], [], id="the year before"),
        pytest.param([linked(OWLS, "2404.00004", "*Byron*. Nature 2021. ")], [],
                     id="a publication that no source knows"),
        pytest.param([linked(OWLS, "2404.00004", "*Byron*. ICML 2034. ")],
                     ["PT302 2034 is yet to come (correct it)"], id="a year to come"),
    ],
)  # fmt: skip
def test_what_is_found(lines: list[str], says: list[str]) -> None:
    told = [f"{each.code} {each.message} ({each.suggestion})" for each in found(*lines)]
    assert told == says


def test_a_duplicate_in_another_section() -> None:
    lines = [linked(OWLS, "2404.00004"), "", "## Birds", "", linked(OWLS, "2404.00004")]
    [each] = found(*lines)
    assert (each.line, each.column) == (7, 3)
    assert "in line 3, in “Papers”" in each.message
    assert "papertide: off PT201" in each.suggestion


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["| Model | Paper |", "|---|---|",
                      "| Tiger-7B | [paper](https://arxiv.org/abs/2401.00001) |",
                      "| Tiger-13B | [paper](https://arxiv.org/abs/2401.00001) |"], id="models"),
        pytest.param([linked("A Survey of Everything There Is to Know", "2411.00001"),
                      linked("A Survey of Everything There Is to Know", "2411.00002")],
                     id="two numbers under one title"),
        pytest.param(["- A Survey. *Byron*. 2020", "- A Survey. *Anning*. 2021"], id="common"),
    ],
)  # fmt: skip
def test_what_is_no_duplicate(lines: list[str]) -> None:
    assert "PT201" not in codes(*lines)


def test_a_miss_is_held_against_a_list_for_a_while_only() -> None:
    content = f"# Papers\n\n{linked(GONE, '2405.99999')}\n".encode()
    assert check(content, KNOWN).faults
    assert not check(content, replace(KNOWN, now=KNOWN.now + timedelta(days=90))).faults
    library = KNOWN.library
    failed = {
        k: replace(m, outcome=Outcome.FAILED) if m.outcome is Outcome.NOT_FOUND else m
        for k, m in library.fetches.items()
    }
    assert not check(content, replace(KNOWN, library=replace(library, fetches=failed))).faults


@pytest.mark.parametrize(
    ("written", "is_stale"),
    [
        pytest.param("Semantic Scholar citations: 900", True, id="named, lower"),
        pytest.param("Semantic Scholar citations: 2000", True, id="named, higher"),
        pytest.param("Semantic Scholar citations: 1200", False, id="nearly"),
        pytest.param("Citations: 900", True, id="not named, lower"),
        pytest.param("Citations: 2000", False, id="not named, higher"),
        pytest.param("Google Scholar citations: 900", False, id="another source's"),
    ],
)  # fmt: skip
def test_stale_counts(written: str, is_stale: bool) -> None:
    assert ("PT301" in codes(linked(TIGERS, "2401.00001", f"{written}. "))) is is_stale


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        pytest.param("[paper](https://example.org/a_(b).pdf)", [], id="balanced parentheses"),
        pytest.param('[paper](https://example.org/a "A title")', [], id="with a title"),
        pytest.param("[paper](<https://example.org/a b>)", [], id="angle brackets"),
        pytest.param("[![Star](https://img.shields.io/x)]()", [], id="a badge without a link"),
        pytest.param("[Coming soon]()", [], id="a promise"),
        pytest.param("`[code](` is shown as it is", [], id="code"),
        pytest.param("<!-- [code]( -->", [], id="a comment"),
        pytest.param("in [0, 1) and so on", [], id="an interval"),
        pytest.param("[x](the words below)", [], id="words behind brackets"),
        pytest.param("[see the page (https://example.org) for more]", [], id="in brackets"),
        pytest.param("[code]( https://example.org/code )", [], id="blanks around an address"),
        pytest.param("[1] (https://example.org)", [], id="a number"),
        pytest.param("[x] (https://example.org)", [], id="a box ticked"),
        pytest.param("[code](https://httpbin.org/http)", [], id="a host called http"),
        pytest.param("[site](https://web.archive.org/web/2/https://x.org)", [], id="archive"),
        pytest.param("[code](https://example.org/code", ["PT401"], id="no closing parenthesis"),
        pytest.param("[code](https://example.org/some code)", ["PT401"], id="a blank"),
        pytest.param("code](https://example.org/code)", ["PT401"], id="no opening bracket"),
        pytest.param("[code(https://example.org/code)", ["PT401"], id="no closing bracket"),
        pytest.param("(code)[https://example.org/code]", ["PT401"], id="turned round"),
        pytest.param("[code] (https://example.org/code)", ["PT401"], id="parted"),
        pytest.param("[code]()", ["PT402"], id="empty"),
        pytest.param("[code](#)", ["PT402"], id="only a hash"),
        pytest.param('<a href="">code</a>', ["PT402"], id="empty in HTML"),
        pytest.param("[code](None)", ["PT403"], id="None"),
        pytest.param('<a href="None">code</a>', ["PT403"], id="None in HTML"),
        pytest.param("[code](https://https://example.org)", ["PT404"], id="doubled"),
        pytest.param("[code](http//example.org)", ["PT404"], id="no colon"),
        pytest.param("[code](https:/example.org)", ["PT404"], id="one slash"),
        pytest.param("[code](htps://example.org)", ["PT404"], id="misspelt"),
        pytest.param("[code]([https://example.org)", ["PT404"], id="a bracket before it"),
    ],
)  # fmt: skip
def test_broken_markdown(markdown: str, expected: list[str]) -> None:
    line = f"{linked(OWLS, '2404.00004')} {markdown}"
    assert codes(line) == expected


def test_columns_are_characters() -> None:
    [each] = found(f"- Größe 猫 [[paper](https://arxiv.org/abs/2404.00004)] {OWLS} [x](None)")
    assert each.line == 3
    assert (
        each.column
        == len(f"- Größe 猫 [[paper](https://arxiv.org/abs/2404.00004)] {OWLS} [x](") + 1
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings_have_the_same_columns(encoding: str) -> None:
    content = f"# Papers\r\n\r\n{linked(OWLS, '2404.00004')} [code](None)\r\n"
    [each] = check(content.encode(encoding), KNOWN).faults
    assert (each.line, each.column) == (3, content.split("\r\n")[2].index("None") + 1)


BAD = f"{linked(OWLS, '2404.00004')} [code](None)"


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        pytest.param([BAD, BAD + " "], ["PT201", "PT403", "PT403"], id="nothing off"),
        pytest.param([f"{BAD} <!-- papertide: off PT403 -->", BAD], ["PT201", "PT403"], id="line"),
        pytest.param(["<!-- papertide: off PT403 -->", BAD, BAD], ["PT201", "PT403"], id="next"),
        pytest.param(["<!--papertide: off PT2, pt403-->", BAD], ["PT001"], id="one of two"),
        pytest.param([BAD, "<!-- papertide: off PT201 PT403 -->", BAD], ["PT403"], id="two codes"),
        pytest.param([BAD, f"{BAD} <!-- papertide: off -->"], ["PT403"], id="all of an entry"),
        pytest.param([BAD, BAD, "", "<!-- papertide: off-file PT403 -->"], ["PT201"], id="file"),
        pytest.param(["<!-- papertide: off-file -->", BAD, BAD], [], id="everything"),
        pytest.param([f"{BAD} <!-- papertide: off PT999 -->"], ["PT001", "PT403"], id="no code"),
    ],
)  # fmt: skip
def test_comments_switch_checks_off(lines: list[str], left: list[str]) -> None:
    assert sorted(codes(*lines)) == left


def test_configuration_switches_checks_off() -> None:
    assert codes(BAD, off=frozenset({Code.NO_TARGET})) == []
    with pytest.raises(ConfigError, match="did you mean 'PT403'"):
        code("PT4O3", "config.toml: check.off")


def test_what_is_shown() -> None:
    told = Told(7, 3, Code.DUPLICATE, "100% “A\nB”: listed, twice", "remove one")
    assert text("a.md", told) == "a.md:7:3: PT201 100% “A B”: listed, twice (remove one)"
    assert github("a,b:c.md", told) == (
        "::warning file=a%2Cb%3Ac.md,line=7,col=3,title=PT201 duplicate::"
        "100%25 “A%0AB”: listed, twice (remove one)"
    )
    assert document("a.md", told) == {
        **{"file": "a.md", "line": 7, "column": 3, "code": "PT201", "name": "duplicate"},
        **{"message": "100% “A\nB”: listed, twice", "suggestion": "remove one"},
    }


@pytest.mark.parametrize("piece", ["[", "](", "[x](", "`", "<!--", "<a href=", "[a](b ", "(x)["])
def test_hostile_lines_take_no_day(piece: str) -> None:
    found(f"{linked(OWLS, '2404.00004')} {piece * LARGEST}")


def test_how_much_is_known_of_a_list() -> None:
    lines = [linked(OWLS, "2404.00004"), linked("Some Paper Not Known Here", "2411.00001")]
    checked = check("\n".join(["# Papers", "", *lines]).encode(), KNOWN)
    assert checked == ((), 2, 1)


def test_a_line_that_is_cut_short_has_no_fault_there() -> None:
    assert codes(linked(OWLS, "2404.00004") + " [x](https://example.org/some/code)" * 1000) == []


def test_an_empty_list_has_no_fault() -> None:
    assert found("", head="") == []
