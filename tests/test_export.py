"""Works in the formats of other tools: names, titles, forms, keys, and the files as others read
them."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import bibtexparser
import pytest
from lxml import etree

from enrich.export.bibtex import MARK, bibtex
from enrich.export.csl import csl_json
from enrich.export.feed import Feed, atom, json_feed
from enrich.export.form import Form, appearance
from enrich.export.keys import keys
from enrich.export.latex import escaped, shown, title
from enrich.export.listed import Listed, Origin
from enrich.export.names import Name, name, names
from enrich.export.news import news
from enrich.export.owned import is_own_file, is_own_folder
from enrich.library import ListState, Place
from enrich.model import Status
from enrich.papers import Change
from tests.values import NIGHT, entry, paper, places

PAPER_ID = "p0123456789abcdef"
ATOM = "{http://www.w3.org/2005/Atom}"


def work(paper_id: str = PAPER_ID, **told: Any) -> Listed:
    """A work as it was when it was first described."""
    found = paper(paper_id, **told)
    year = str(found.year) if found.year else None
    return Listed(found, Origin((found.authors or (None,))[0], found.title, year))


def listed(*described: Listed) -> str:
    return bibtex(described, keys(described), "20261121T020000Z", simulated=False)


def items(*described: Listed) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(csl_json(described, keys(described), simulated=False))
    return found


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("Weizhe Yuan", Name("Yuan", "Weizhe"), id="two words"),
        pytest.param("Jascha Sohl-Dickstein", Name("Sohl-Dickstein", "Jascha"), id="hyphen"),
        pytest.param(
            "Laurens van der Maaten", Name("Maaten", "Laurens", "van der"), id="particles"
        ),
        pytest.param("Laurens Van der Maaten", Name("Maaten", "Laurens", "Van der"), id="Van der"),
        pytest.param("van den Oord", Name("Oord", "", "van den"), id="no given name"),
        pytest.param("Benjamin Van Durme", Name("Van Durme", "Benjamin"), id="capital particle"),
        pytest.param("Hung Van Le", Name("Le", "Hung Van"), id="Vietnamese middle name"),
        pytest.param("Van Nguyen", Name("Nguyen", "Van"), id="Van as given name"),
        pytest.param("Di Jin", Name("Jin", "Di"), id="Di as given name"),
        pytest.param("José Ortega y Gasset", Name("Ortega y Gasset", "José"), id="joined families"),
        pytest.param(
            "Martin Luther King Jr.", Name("King", "Martin Luther", "", "Jr."), id="suffix"
        ),
        pytest.param("King, Jr., Martin", Name("King", "Martin", "", "Jr."), id="suffix in commas"),
        pytest.param(
            "Sammy Davis, Jr.", Name("Davis", "Sammy", "", "Jr."), id="suffix behind comma"
        ),
        pytest.param("William Gates III", Name("Gates", "William", "", "III"), id="number"),
        pytest.param("von Neumann, John", Name("Neumann", "John", "von"), id="comma"),
        pytest.param("OpenAI", Name("OpenAI", is_whole=True), id="one word"),
        pytest.param("Gemini Team", Name("Gemini Team", is_whole=True), id="team"),
        pytest.param("Moonshot AI", Name("Moonshot AI", is_whole=True), id="company"),
        pytest.param("Qing Ai", Name("Ai", "Qing"), id="a person called Ai"),
        pytest.param("王小明", Name("王小明", is_whole=True), id="Chinese"),
        pytest.param("Łukasz Kaiser", Name("Kaiser", "Łukasz"), id="accents"),
    ],
)
def test_names_have_parts(written: str, read: Name) -> None:
    assert name(written) == read


def test_others_are_no_author() -> None:
    found, others = names(["Yuntao Bai", "Ganguliet al.", "et al."])
    assert [each.family for each in found] == ["Bai", "Ganguli"]
    assert others
    assert names(["Lee"]) == ((Name("Lee", is_whole=True),), False)


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        pytest.param("Training a Helpful Assistant", "Training a Helpful Assistant", id="nothing"),
        pytest.param("GPT-4 as LLM: a T5", "{GPT}-4 as {LLM}: a {T5}", id="acronyms"),
        pytest.param("LLaMA-Adapter", "{LLaMA}-Adapter", id="one half of a word"),
        pytest.param("A Q-Function", "A {Q}-Function", id="a letter, but no article"),
        pytest.param("Learning with humans in Paris today", "Learning with humans in {Paris} today",
                     id="a name in a sentence"),
        pytest.param("Why so long: The answer within", "Why so long: The answer within",
                     id="behind a colon"),
        pytest.param("ATTENTION IS ALL", "ATTENTION IS ALL", id="shouted"),
        pytest.param("R&D at 90% of $5, #1_a {x}", r"{R\&D} at 90\% of \$5, \#1\_a "
                     r"\textbraceleft{}x\textbraceright{}", id="LaTeX's own"),
        pytest.param(r"$\alpha$-DPO and $O(n^2)$ time", r"{$\alpha$}-{DPO} and {$O(n^2)$} time",
                     id="formulas"),
        pytest.param("From $5 to $10 a month", r"From \$5 to \$10 a month", id="prices"),
        pytest.param(r"A $\frac{1$ half", r"A \$\textbackslash{}frac\textbraceleft{}1\$ half",
                     id="a formula with an open brace"),
        pytest.param(r"A $\input{x}$", r"A \$\textbackslash{}input\textbraceleft{}x"
                     r"\textbraceright{}\$", id="a command that reads a file"),
        pytest.param(r"A $^^5cinput x$", r"A \$\textasciicircum{}\textasciicircum{}5cinput x\$",
                     id="a command in TeX's other notation"),
        pytest.param("one~two^ `", r"one\textasciitilde{}two\textasciicircum{} "
                     r"\textasciigrave{}", id="accents alone"),
    ],
)  # fmt: skip
def test_titles_keep_what_they_say(text: str, latex: str) -> None:
    assert title(text) == latex


def test_formulas_are_unicode_where_there_is_no_tex() -> None:
    assert shown(r"$\alpha$-DPO for $5") == "α-DPO for $5"


@pytest.mark.parametrize(
    ("told", "form"),
    [
        pytest.param({"arxiv_id": "2401.10020", "status": Status.PREPRINT, "venue": "arXiv"},
                     Form.PREPRINT, id="on arXiv"),
        pytest.param({"arxiv_id": "2401.10020", "status": Status.PREPRINT, "venue": "ICLR"},
                     Form.PREPRINT, id="a list hopes for a venue"),
        pytest.param({"arxiv_id": "2401.10020", "status": Status.WITHDRAWN, "venue": "ICML"},
                     Form.PREPRINT, id="withdrawn"),
        pytest.param({"status": Status.REJECTED, "venue": "Submitted to ICLR 2024"},
                     Form.OTHER, id="rejected"),
        *(pytest.param({"status": Status.PUBLISHED, "venue": venue}, form, id=venue)
          for venue, form in (
              ("NeurIPS 2023 oral", Form.PROCEEDINGS),
              ("CORL", Form.PROCEEDINGS),
              ("Findings of the Association for Computational Linguistics: ACL 2024",
               Form.PROCEEDINGS),
              ("Proceedings of the First Workshop on Cross-Cultural NLP", Form.PROCEEDINGS),
              ("ICLR 2024 Workshops: DPFM", Form.PROCEEDINGS),
              ("Transactions of the Association for Computational Linguistics, Volume 9",
               Form.JOURNAL),
              ("TMLR (2024)", Form.JOURNAL),
              ("Nature Machine Intelligence", Form.JOURNAL),
              ("Computers in Human Behavior", Form.JOURNAL),
              ("Proceedings of the National Academy of Sciences", Form.JOURNAL),
          )),
        pytest.param({"venue": "The nature of human values"}, Form.OTHER, id="only a list says it"),
        pytest.param({"status": Status.PUBLISHED}, Form.OTHER, id="nobody says where"),
    ],
)  # fmt: skip
def test_how_a_work_appeared(told: dict[str, Any], form: Form) -> None:
    assert appearance(paper(PAPER_ID, **told)).form is form


def test_a_decision_is_no_part_of_a_venue() -> None:
    assert (
        appearance(paper(PAPER_ID, status=Status.PUBLISHED, venue="ICLR 2023 Poster")).venue
        == "ICLR 2023"
    )
    tacl = appearance(
        paper(PAPER_ID, status=Status.PUBLISHED, venue="Transactions of the ACL, Volume 9")
    )
    assert (tacl.venue, tacl.volume) == ("Transactions of the ACL", "9")


def test_a_preprint_and_its_publication() -> None:
    told = {"arxiv_id": "2212.08073", "year": 2022, "published": date(2022, 12, 15)}
    before = appearance(
        paper(PAPER_ID, status=Status.PREPRINT, doi="10.48550/arxiv.2212.08073", **told)
    )
    assert (before.month, before.day, before.doi) == (12, 15, "10.48550/arxiv.2212.08073")
    assert before.url == "https://arxiv.org/abs/2212.08073"
    told |= {"venue": "ACL", "acl_id": "2022.acl-long.1"}
    after = appearance(
        paper(PAPER_ID, status=Status.PUBLISHED, doi="10.48550/arxiv.2212.08073", **told)
    )
    assert (after.month, after.doi, after.eprint) == (None, None, "2212.08073")
    assert after.url == "https://aclanthology.org/2022.acl-long.1/"


def test_keys_are_for_people_and_stay() -> None:
    first = work("paaaaabbbbb", title="On Self-Rewarding", authors=("Łukasz Yuan",), year=2024)
    assert keys([first]) == {"paaaaabbbbb": "yuan2024self-aaaaa"}
    later = Listed(
        replace(paper("paaaaaccccc", first_seen_at=NIGHT + timedelta(days=1))), first.origin
    )
    assert keys([later, first]) == {
        "paaaaabbbbb": "yuan2024self-aaaaa",
        "paaaaaccccc": "yuan2024self-aaaaac",
    }
    renamed = replace(first, paper=replace(first.paper, year=2025, title="Published, Renamed"))
    assert keys([renamed]) == keys([first])
    assert keys([work("p0")]) == {"p0": "work-p0"}
    assert keys([work(title="王小明")])[PAPER_ID].startswith("wangxiaoming-")


HOSTILE = work(
    title="A } {brace, a \\command and 100% of <script>alert(1)</script> & @article{x, y = {z}}",
    authors=("Smith and Sons, Inc.", "Jo {Hn", "D'Amour", "Łukasz Kaiser"),
    venue="ICML & more #1",
    status=Status.PUBLISHED,
    year=2024,
    doi="10.1162/tacl_a_{00577}",
    abstract="Costs $5; 50 % off\n\n} never closed {",
)


def test_hostile_text_stays_in_its_field() -> None:
    text = listed(HOSTILE, work("p1", title="Another"))
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    assert len(library.entries) == 2
    found = library.entries[-1].fields_dict if library.entries[-1].key != "another-p1" else (
        library.entries[0].fields_dict
    )  # fmt: skip
    assert found["title"].value == title(HOSTILE.paper.title or "")
    assert found["author"].value.count(" and ") == 4  # one of them inside braces
    assert found["doi"].value == "10.1162/tacl_a_%7B00577%7D"
    for value in (field.value for field in found.values()):
        assert value.count("{") == value.count("}")


def test_a_bibliography_as_it_is_written() -> None:
    people = ("Weizhe Yuan", "Guido van Rossum", "OpenAI")
    text = listed(
        replace(work(title="Self-Rewarding LMs", authors=people, year=2024,
             published=date(2024, 1, 18), status=Status.PREPRINT, venue="arXiv",
             arxiv_id="2401.10020", doi="10.48550/arxiv.2401.10020"), category="cs.CL"),
        work("pfedcba9876543210", title="Withdrawn", arxiv_id="cs/0701001", year=2007,
             status=Status.WITHDRAWN),
    )  # fmt: skip
    assert text == (
        f"{MARK} from snapshot 20261121T020000Z; the next export replaces it.\n\n"
        "@misc{withdrawn2007-fedcb,\n"
        "  title = {Withdrawn},\n"
        "  year = {2007},\n"
        "  eprint = {cs/0701001},\n"
        "  archiveprefix = {arXiv},\n"
        "  primaryclass = {cs},\n"
        "  url = {https://arxiv.org/abs/cs/0701001},\n"
        "  note = {Withdrawn},\n"
        "}\n\n"
        "@misc{yuan2024self-01234,\n"
        "  title = {Self-Rewarding {LMs}},\n"
        "  author = {Yuan, Weizhe and van Rossum, Guido and {OpenAI}},\n"
        "  year = {2024},\n"
        "  month = jan,\n"
        "  eprint = {2401.10020},\n"
        "  archiveprefix = {arXiv},\n"
        "  primaryclass = {cs.CL},\n"
        "  doi = {10.48550/arxiv.2401.10020},\n"
        "  url = {https://arxiv.org/abs/2401.10020},\n"
        "}\n"
    )


def test_a_list_names_authors_that_no_source_tells() -> None:
    [place] = places(entry("A title", authors="Yuntao Bai et al."))
    [item] = items(replace(work(title="A title"), places=(place,)))
    assert item["author"] == [{"family": "Bai", "given": "Yuntao"}]
    assert "author = {Bai, Yuntao and others}" in listed(
        replace(work(title="A title"), places=(place,))
    )


def test_csl_tells_what_bibtex_does() -> None:
    [item] = items(HOSTILE)
    assert item["title"] == HOSTILE.paper.title
    assert item["type"] == "paper-conference"
    assert item["container-title"] == "ICML & more #1"
    assert item["author"][0] == {"family": "Smith and Sons", "given": "Inc."} or (
        item["author"][0] == {"literal": "Smith and Sons, Inc."}
    )
    [item] = items(work(title="T", arxiv_id="2401.10020", status=Status.PREPRINT, year=2024))
    assert (item["type"], item["number"], item["publisher"]) == (
        *("article", "arXiv:2401.10020"),
        "arXiv",
    )
    assert item["issued"] == {"date-parts": [[2024]]}


def test_pandoc_reads_both_without_a_warning() -> None:
    pypandoc = pytest.importorskip("pypandoc", reason="pandoc is no part of the setup")
    both = [HOSTILE, work("p1", title="Another", authors=("Guido van Rossum",), year=1999)]
    named = keys(both)
    for form, text in (
        ("bibtex", listed(*both)),
        ("csljson", csl_json(both, named, simulated=True)),
    ):
        command = [pypandoc.get_pandoc_path(), "-f", form, "-t", "csljson"]
        ended = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
        assert ended.stderr == ""
        found = {item["id"]: item for item in json.loads(ended.stdout)}
        assert set(found) == set(named.values())
        assert found[named["p1"]]["author"][0]["family"] == "Rossum"


def state(name: str = "list") -> ListState:
    return ListState(name, name, f"{name}.md", "0", 1, NIGHT)


def place_at(at: datetime, text: str = "A title") -> Place:
    return replace(places(entry(text))[0], first_seen_at=at)


SECOND = NIGHT + timedelta(days=1)


def changed(field: str, old: str | None, new: str | None) -> Change:
    return Change(PAPER_ID, field, old, new, SECOND)


@pytest.mark.parametrize(
    ("change", "headings"),
    [
        pytest.param(
            changed("status", "preprint", "published"), ["Published: T (ICML)"], id="published"
        ),
        pytest.param(changed("status", "published", "retracted"), ["Retracted: T"], id="retracted"),
        pytest.param(changed("status", "preprint", "withdrawn"), ["Withdrawn: T"], id="withdrawn"),
        pytest.param(changed("status", None, "published"), [], id="learnt, not happened"),
        pytest.param(
            changed("citation_count", "100", "110"), ["Cited 10 times more: T"], id="jump"
        ),
        pytest.param(changed("citation_count", "100", "109"), [], id="a few citations"),
        pytest.param(changed("citation_count", "1000", "1050"), [], id="a small share"),
        pytest.param(changed("citation_count", None, "500"), [], id="counted for the first time"),
        pytest.param(changed("citation_count", "500", "400"), [], id="a fall"),
    ],
)
def test_what_is_news(change: Change, headings: list[str]) -> None:
    told = {"title": "T", "venue": "ICML", "status": Status.PUBLISHED}
    known = replace(work(**told), places=(place_at(NIGHT),))
    found = news([known], [change], [state()])
    assert [each.title for each in found][:-1] == headings
    assert found[-1].title == "list: first read, 1 work"


def test_a_work_is_new_in_a_list_after_the_first_night() -> None:
    known = replace(work("p1", title="Old"), places=(place_at(NIGHT),))
    fresh = replace(work("p2", title="Fresh"), places=(place_at(SECOND),))
    found = news([known, fresh], [], [state()])
    assert [(each.kind, each.title) for each in found] == [
        ("new", "New in list: Fresh"),
        ("list", "list: first read, 1 work"),
    ]


def feed(*described: Listed, simulated: bool = False) -> Feed:
    found = news(described, [], [state()])
    return Feed(("list",), NIGHT, "20261121T020000Z", SECOND, "0.1.0", simulated, found)


def test_a_feed_is_valid_and_escaped() -> None:
    evil = "<script>alert(1)</script> & \x07]]>"
    known = replace(work("p1", title="Old"), places=(place_at(NIGHT),))
    fresh = replace(
        work("p2", title=evil, authors=(evil,), arxiv_id="2401.10020"), places=(place_at(SECOND),)
    )
    made = feed(known, fresh, simulated=True)
    root = etree.fromstring(atom(made).encode())
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 2
    for each in (root, *entries):
        for needed in ("id", "title", "updated"):
            assert len(each.findall(f"{ATOM}{needed}")) == 1
        assert re.fullmatch(r"tag:[a-z0-9.]+,\d{4}:[\w%:.~-]+", each.findtext(f"{ATOM}id"))
        assert "SIMULATED" in each.findtext(f"{ATOM}title")
    assert root.findtext(f"{ATOM}updated") == SECOND.isoformat()
    content = entries[0].find(f"{ATOM}content")
    assert content.get("type") == "html"
    assert "<script>" not in content.text
    assert entries[0].find(f"{ATOM}link").get("href") == "https://arxiv.org/abs/2401.10020"
    document = json.loads(json_feed(made))
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert [i["id"] for i in document["items"]] == [e.findtext(f"{ATOM}id") for e in entries]
    assert "<script>" not in document["items"][0]["content_html"]
    assert datetime.fromisoformat(document["items"][0]["date_published"]).tzinfo == UTC


def test_an_item_is_the_same_in_the_next_feed() -> None:
    known = replace(work("p1", title="Old"), places=(place_at(NIGHT),))
    fresh = replace(work("p2", title="Fresh"), places=(place_at(SECOND),))
    before = feed(known)
    after = feed(known, fresh)
    assert before.id == after.id
    assert {before.id_of(i) for i in before.news} < {after.id_of(i) for i in after.news}


ITEMS = csl_json([HOSTILE], keys([HOSTILE]), simulated=False)


@pytest.mark.parametrize(
    ("form", "head", "is_ours"),
    [
        pytest.param("bibtex", listed(HOSTILE), True, id="our bibliography"),
        pytest.param("bibtex", "@book{knuth, title = {TeX}}", False, id="a person's bibliography"),
        pytest.param("bibtex", "", True, id="an empty file"),
        pytest.param("csl-json", ITEMS, True, id="our items"),
        pytest.param("csl-json", "[\n\n]\n", True, id="our items, none"),
        pytest.param("csl-json", '[{"id": "knuth"}]', False, id="a person's items"),
        pytest.param("jsonl", '{"paper_id":"p1"', True, id="our lines"),
        pytest.param("jsonl", '{"id": 1}', False, id="other lines"),
        pytest.param("atom", atom(feed()), True, id="our feed"),
        pytest.param("atom", "<feed/>", False, id="another feed"),
        pytest.param("json-feed", json_feed(feed()), True, id="our JSON feed"),
        pytest.param("json-feed", ITEMS, False, id="our, but no feed"),
    ],
)  # fmt: skip
def test_whose_file_it_is(form: str, head: str, is_ours: bool) -> None:
    assert is_own_file(form, head[:4096]) is is_ours


def test_whose_folder_it_is() -> None:
    assert is_own_folder("csv", [], {"meta", "papers"})
    assert is_own_folder("csv", ["meta.csv", "papers.csv"], {"meta", "papers"})
    assert not is_own_folder("csv", ["papers.csv"], {"meta", "papers"})
    assert not is_own_folder("csv", ["meta.csv", "thesis.tex"], {"meta", "papers"})
    assert not is_own_folder("csv", ["meta.parquet"], {"meta", "papers"})


def test_escaping_is_one_line() -> None:
    assert escaped("a\n\tb  c") == "a b c"
