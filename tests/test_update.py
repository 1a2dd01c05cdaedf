"""What becomes of the lines of a list, given what a snapshot knows of their papers."""

# ruff: noqa: E501  # a line of a list stays one line here

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from enrich import lists
from enrich.library import Candidate, Claim, Finding, Library, Method, Reason, Verdict, Work
from enrich.model import Fetched, Identifier, Outcome, Status
from enrich.papers import Paper
from enrich.places import track
from enrich.settings import Update
from enrich.update.changes import EVERYTHING, Snapshot, Updated, update
from enrich.update.edits import Matter
from tests.values import NIGHT, paper

ARXIV = "https://arxiv.org/abs/2403.0970"
PAGE = f"https://www.semanticscholar.org/paper/{'a' * 39}"
SCHOLAR = "https://scholar.google.com/scholar?cites=1&hl=en"
BADGE = "https://img.shields.io"
FILLER = """\
- [A Paper About Terns That Was Published](https://arxiv.org/abs/2301.00001), ACL 2023, cited by 3
- [Another Paper About Terns That Was Published](https://arxiv.org/abs/2301.00002), ICML 2022
"""
TOLD = {
    "citation_count": 45,
    "citation_source": "semantic_scholar",
    "citations_checked_at": NIGHT,
    "status": Status.PREPRINT,
    "venue": "arXiv",
    "year": 2024,
}
ICLR = {"status": Status.PUBLISHED, "venue": "ICLR 2025 poster", "year": 2025}


def known(text: str, told: dict[str, Any], list_id: str | None = None) -> Snapshot:
    """A snapshot that knows of each entry by the last digit of its arXiv number `2403.0970…`."""
    works, claims, papers = {}, {}, {}
    for entry in lists.parse(text.encode()).entries:
        numbers = [i for i in entry.ids if i.value.startswith("2403.0970")]
        if not numbers or numbers[0] in claims:
            continue
        number = numbers[0].value
        name = f"p{number[-1]}"
        said = {"title": entry.title, "arxiv_id": number, "s2_id": f"{'a' * 39}{number[-1]}"}
        papers[name] = paper(name, **{**said, **TOLD, **told})
        works[name] = Work(name, papers[name].title, (), NIGHT)
        for scheme, value in (
            ("arxiv", number),
            ("s2", papers[name].s2_id),
            ("acl", papers[name].acl_id),
        ):
            if value:
                claims[Identifier(scheme, value)] = Claim(name, "list", NIGHT)
    return Snapshot(Library(works=works, claims=claims), papers, list_id, NIGHT)


def bring(line: str, policy: Update | None = None, matters: Any = EVERYTHING, **told: Any) -> str:
    """The line after an update, beside lines that nothing is known of."""
    text = f"## Papers\n\n{FILLER}{line}\n"
    result = update(text.encode(), known(text, told), policy or Update(), matters)
    after = result.content.decode()
    assert after.startswith(f"## Papers\n\n{FILLER}")
    return after.removeprefix(f"## Papers\n\n{FILLER}").removesuffix("\n")


def told_of(line: str, policy: Update | None = None, **told: Any) -> Updated:
    text = f"## Papers\n\n{FILLER}{line}\n"
    return update(text.encode(), known(text, told), policy or Update())


START = f"- [A Paper About Gulls and Ships]({ARXIV}1), arXiv 2024"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("cited by 12", "cited by 45", id="in words"),
        pytest.param("Cited:`12`", "Cited:`45`", id="as code"),
        pytest.param("cication: **12**", "cication: **45**", id="in bold"),
        pytest.param("cication: [**-1**](None)", f"Semantic Scholar cication: [**45**]({PAGE}1)", id="unknown, its link leads nowhere"),
        pytest.param(f"cited by [12]({PAGE}9)", f"cited by [45]({PAGE}9)", id="linked to Semantic Scholar"),
        pytest.param("citations: 12 (Semantic Scholar)", "citations: 45 (Semantic Scholar)", id="said to be Semantic Scholar's"),
        pytest.param(f"[cited by 12]({ARXIV}1)", f"[cited by 45]({ARXIV}1)", id="linked to the paper itself"),
        pytest.param(f"![c]({BADGE}/badge/citations-12-blue)", f"![c]({BADGE}/badge/citations-45-blue)", id="on a badge"),
        pytest.param("cited by 45", "cited by 45", id="right already"),
        pytest.param("cited by 100+", "cited by 100+", id="at least"),
        pytest.param("cited by 12 (as of 2024)", "cited by 12 (as of 2024)", id="of a certain day"),
        pytest.param(f"cited by [12]({SCHOLAR})", f"cited by [12]({SCHOLAR})", id="another's by its link"),
        pytest.param(f"[![c]({BADGE}/badge/citations-12-blue)]({SCHOLAR})", f"[![c]({BADGE}/badge/citations-12-blue)]({SCHOLAR})", id="another's by its badge's link"),
        pytest.param(f"![c]({BADGE}/badge/Google%20Scholar-12-blue)", f"![c]({BADGE}/badge/Google%20Scholar-12-blue)", id="another's by its badge's words"),
        pytest.param("12 citations (Scopus)", "12 citations (Scopus)", id="another's by its words"),
        pytest.param(f"[Google Scholar]({SCHOLAR}) cited by 12", f"[Google Scholar]({SCHOLAR}) cited by 12", id="another's by the link before it"),
        pytest.param("cited by [12][gs]", "cited by [12][gs]", id="a link whose target stands elsewhere"),
        pytest.param("cited by [12](https://example.org/x)", "cited by [12](https://example.org/x)", id="a link to who knows whom"),
    ],
)  # fmt: skip
def test_counts_by_default(before: str, after: str) -> None:
    tail = f"\n\n[gs]: {SCHOLAR}" if "[gs]" in before else ""
    assert bring(f"{START}, {before}{tail}") == f"{START}, {after}{tail}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(f"cication: [**12**]({SCHOLAR})", f"Semantic Scholar cication: [**45**]({PAGE}1)", id="the link names it"),
        pytest.param(f"cication: [**45**]({SCHOLAR})", f"Semantic Scholar cication: [**45**]({PAGE}1)", id="the same number is another statement"),
        pytest.param(f"[citations: 12]({SCHOLAR})", f"[Semantic Scholar citations: 45]({PAGE}1)", id="words inside the link"),
        pytest.param(f"[12 citations]({SCHOLAR})", f"[45 citations (Semantic Scholar)]({PAGE}1)", id="words behind the number"),
        pytest.param(f"<a href='{SCHOLAR}'>12 citations</a>", f"<a href='{PAGE}1'>45 citations (Semantic Scholar)</a>", id="in HTML"),
        pytest.param("citations: 12 (Google Scholar)", "citations: 45 (Semantic Scholar)", id="a label alone"),
        pytest.param("citations: 12 (Scopus)", "citations: 45 (Semantic Scholar)", id="a label of one word"),
        pytest.param(f"[![c]({BADGE}/badge/citations-12-blue)]({SCHOLAR})", f"[![c]({BADGE}/badge/Semantic%20Scholar%20citations-45-blue)]({PAGE}1)", id="a badge in a link"),
        pytest.param(f"[![Google Scholar]({BADGE}/badge/Google%20Scholar-12-blue?logo=googlescholar)]({SCHOLAR})", f"[![Semantic Scholar]({BADGE}/badge/Semantic%20Scholar-45-blue?logo=semanticscholar)]({PAGE}1)", id="a badge with its words and picture"),
        pytest.param(f"![c]({BADGE}/static/v1?label=Scopus+citations&message=12)", f"![c]({BADGE}/static/v1?label=Semantic%20Scholar+citations&message=45)", id="a badge of parameters"),
        pytest.param(f"[Google Scholar]({SCHOLAR}) cited by 12", f"[Google Scholar]({SCHOLAR}) cited by 12", id="named where nothing may be changed"),
        pytest.param("cited by 12", "cited by 45", id="nobody's"),
    ],
)  # fmt: skip
def test_counts_of_another_source_go_with_its_link_and_its_label(before: str, after: str) -> None:
    policy = Update(counts="replace")
    assert bring(f"{START}, {before}", policy) == f"{START}, {after}"
    assert bring(f"{START}, {after}", policy) == f"{START}, {after}"


def test_what_stays_another_sources_is_told() -> None:
    assert told_of(f"{START}, cited by [12]({SCHOLAR})").left == {"Google Scholar": 1}
    assert told_of(f"{START}, cited by [12](https://example.org)").left == {"example.org": 1}


@pytest.mark.parametrize(
    ("legend", "is_left"),
    [
        pytest.param("Citations are Google Scholar's, as we saw them.", True, id="a legend"),
        pytest.param("We thank Google Scholar for being there.", False, id="a mention"),
        pytest.param("Citations are counted by hand.", False, id="no source"),
    ],
)
def test_a_legend_speaks_for_all_counts(legend: str, is_left: bool) -> None:
    line = f"{START}, cited by 12"
    text = f"# A List\n\n{legend}\n\n## Papers\n\n{FILLER}{line}\n"
    for policy in (Update(), Update(counts="replace")):
        after = update(text.encode(), known(text, {}), policy).content.decode()
        assert ("cited by 12\n" in after) == is_left


@pytest.mark.parametrize(
    ("head", "is_left"), [("Citations", False), ("Google Scholar citations", True)]
)
def test_a_column_counts_for_whom_its_head_names(head: str, is_left: bool) -> None:
    text = (
        f"## Papers\n\n| Title | {head} | Link |\n|---|---|---|\n"
        f"| A Paper About Gulls and Ships | -1 | [paper]({ARXIV}1) |\n"
        f"| A Paper About Terns and Ships | 1,012 | [paper]({ARXIV}2) |\n\n"
        f"- [A Paper About Ducks and Ships]({ARXIV}3), cited by 12\n"
    )
    after = update(text.encode(), known(text, {"citation_count": 4567}), Update()).content.decode()
    if is_left:
        assert after == text.replace("cited by 12", "cited by 4,567")
    else:
        assert after == text.replace("-1", "4,567").replace("1,012", "4,567").replace(
            "cited by 12", "cited by 4,567"
        )


@pytest.mark.parametrize(
    ("count", "after"), [(None, "cited by 12"), (0, "cited by 12"), (1, "cited by 1")]
)
def test_a_count_never_vanishes(count: int | None, after: str) -> None:
    assert bring(f"{START}, cited by 12", citation_count=count) == f"{START}, {after}"


def test_zero_is_a_count_where_none_was_known() -> None:
    assert bring(f"{START}, citations: -1", citation_count=0) == f"{START}, citations: 0"


@pytest.mark.parametrize("end", ["", "  ", " <br>", "\\"])
def test_a_template_is_added_where_no_count_is(end: str) -> None:
    policy = Update(counts="append", template="Cited by [{count}]({url}) (Semantic Scholar)")
    after = f"{START} Cited by [45]({PAGE}1) (Semantic Scholar){end}"
    note = "\n  *Jane Doe*"
    assert bring(f"{START}{end}{note}", policy) == after + note
    assert bring(after + note, policy, citation_count=46) == (after + note).replace("[45]", "[46]")


def test_a_template_in_a_table_goes_into_the_cell_of_the_title() -> None:
    policy = Update(counts="append", template="cited by {count}")
    rows = (
        f"| A Paper About Gulls and Ships | ACL | [paper]({ARXIV}1) |\n"
        f"| A Paper About Terns and Ships | ACL | [paper]({ARXIV}2) |\n"
    )
    text = f"## Papers\n\n| Title | Venue | Link |\n|---|---|---|\n{rows}"
    after = update(text.encode(), known(text, {}), policy).content.decode()
    assert after == text.replace(" Ships |", " Ships<br>cited by 45 |")


def test_nothing_is_added_without_a_policy() -> None:
    assert bring(START) == START
    assert bring(START, Update(counts="replace")) == START


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("arXiv 2024", "ICLR 2025", id="venue and year"),
        pytest.param("*arXiv'24*", "*ICLR'25*", id="a short year, in italics"),
        pytest.param("`arXiv, 2403.09701`", "`ICLR 2025`", id="a number in its place"),
        pytest.param("[arXiv 2024.03]", "[ICLR 2025]", id="the preprint's month goes"),
        pytest.param("arXiv preprint, 2024", "ICLR, 2025", id="in more words"),
        pytest.param("CoRR 2024", "ICLR 2025", id="another word for it"),
        pytest.param("arXiv2024", "ICLR2025", id="glued"),
        pytest.param("Preprint", "ICLR 2025", id="no year, but the list writes years"),
        pytest.param("arXiv preprint arXiv:2403.09701", "ICLR 2025", id="as BibTeX has it"),
        pytest.param("arXiv (2403.09701)", "ICLR (2025)", id="a number in brackets"),
        pytest.param("arXiv preprint arXiv:2403.09701 (2024)", "ICLR (2025)", id="a number before the year"),
        pytest.param(f"arXiv [2403.09701]({ARXIV}1)", f"ICLR 2025 [2403.09701]({ARXIV}1)", id="a number that is a link"),
        pytest.param(f"[arXiv 2024]({ARXIV}1)", f"[arXiv 2024]({ARXIV}1)", id="the label of a link to the preprint"),
        pytest.param("arXiv 2026", "arXiv 2026", id="later than its publication"),
        pytest.param("NeurIPS 2024", "NeurIPS 2024", id="a publication is not judged"),
        pytest.param("ICLR 2024", "ICLR 2024", id="nor is its year"),
    ],
)  # fmt: skip
def test_venues(before: str, after: str) -> None:
    start = f"- [A Paper About Gulls and Ships]({ARXIV}1), "
    assert bring(start + before, **ICLR) == start + after


def test_a_number_that_nothing_else_states_stays() -> None:
    line = "- A Paper About Gulls and Ships. Jane Doe et al. arXiv:2403.09701"
    assert bring(line, **ICLR) == line


@pytest.mark.parametrize(
    ("told", "after"),
    [
        pytest.param({"status": Status.PREPRINT}, "arXiv 2024", id="still a preprint"),
        pytest.param({"status": Status.WITHDRAWN}, "arXiv 2024", id="withdrawn"),
        pytest.param({"status": None}, "arXiv 2024", id="nothing known"),
        pytest.param({"venue": None}, "arXiv 2024", id="no venue known"),
        pytest.param({"venue": "arXiv"}, "arXiv 2024", id="none but arXiv"),
        pytest.param({"venue": "ICLR", "year": None}, "arXiv 2024", id="no year known"),
        pytest.param({"venue": "ICLR", "year": 2023}, "arXiv 2024", id="before the preprint"),
        pytest.param({"venue": "Findings of the Association for Computational Linguistics: EMNLP 2024"}, "EMNLP Findings 2024", id="findings"),
        pytest.param({"venue": "Nature Machine Intelligence", "year": 2024}, "Nature Machine Intelligence 2024", id="a journal without a short name"),
        pytest.param({"venue": "Proceedings of the First Workshop on Something Nobody Can Remember in Short", "year": 2024}, "arXiv 2024", id="too long among short names"),
        pytest.param({"venue": "A | B", "year": 2024}, "arXiv 2024", id="marks that mean something"),
        pytest.param({"venue": "ACL](javascript:x)[y", "year": 2024}, "arXiv 2024", id="hostile"),
        pytest.param({"venue": "Neural Information Processing Systems", "year": 2024}, "NeurIPS 2024", id="written out by the source"),
    ],
)  # fmt: skip
def test_only_a_known_publication_is_written(told: dict[str, Any], after: str) -> None:
    start = f"- [A Paper About Gulls and Ships]({ARXIV}1), "
    assert bring(f"{start}arXiv 2024", **{**ICLR, **told}) == start + after


@pytest.mark.parametrize(
    ("others", "told", "after"),
    [
        pytest.param("Neurips 2022", {"venue": "NeurIPS"}, "Neurips 2025", id="its own spelling"),
        pytest.param("NIPS'22", {"venue": "NeurIPS"}, "NIPS 2025", id="its own name"),
        pytest.param("Findings of ACL 2022", {"venue": "Findings of the Association for Computational Linguistics: ACL 2025"}, "Findings of ACL 2025", id="findings before the venue"),
        pytest.param("ACL'22 Findings", {"venue": "Findings of the Association for Computational Linguistics: ACL 2025"}, "ACL 2025 Findings", id="findings behind the year"),
        pytest.param("Proceedings of the Annual Conference on Many Things 2022", {"venue": "International Conference on Learning Representations"}, "International Conference on Learning Representations 2025", id="written out"),
    ],
)  # fmt: skip
def test_the_style_is_the_lists_own(others: str, told: dict[str, Any], after: str) -> None:
    text = "\n".join(
        ["## Papers", ""]
        + [f"- [A Paper About Terns Number {n}](https://arxiv.org/abs/2301.0000{n}), {others}" for n in range(1, 5)]
        + [f"- [A Paper About Gulls and Ships]({ARXIV}1), arXiv 2024", ""]
    )  # fmt: skip
    result = update(text.encode(), known(text, {**ICLR, **told}), Update())
    assert result.content.decode() == text.replace("arXiv 2024", after)


def test_a_date_of_its_own_column_stays_and_a_year_goes() -> None:
    rows = "| A Paper About Gulls and Ships | arXiv | {} | [paper](" + ARXIV + "1) |\n"
    for before, after in (("2024-03-28", "2024-03-28"), ("2024", "2025")):
        head = "## Papers\n\n| Title | Venue | Date | Link |\n|---|---|---|---|\n"
        text = (
            head
            + rows.format(before)
            + f"| A Paper About Terns | ACL | 2023 | [paper]({ARXIV}9) |\n"
        )
        result = update(text.encode(), known(text.replace(f"{ARXIV}9", "x"), ICLR), Update())
        assert result.content.decode() == text.replace("arXiv |", "ICLR |").replace(before, after)


def test_a_venue_on_a_badge() -> None:
    line = (
        f"- [A Paper About Gulls and Ships]({ARXIV}1) ![v]({BADGE}/badge/Conference-arXiv'24-blue)"
    )
    assert bring(line, **ICLR) == line.replace("arXiv'24", "ICLR'25")


DEAD = Fetched(Outcome.NOT_FOUND, NIGHT, NIGHT + timedelta(days=7), "unknown", (Identifier("arxiv", "2403.09701"),))  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("[paper](None) [code](None)", f"[paper]({ARXIV}1) [code](None)", id="a paper's target"),
        pytest.param("[[PDF]()]", "[[PDF](https://arxiv.org/pdf/2403.09701)]", id="empty, a file"),
        pytest.param("<a href='#'>Paper</a>", f"<a href='{ARXIV}1'>Paper</a>", id="in HTML"),
        pytest.param("[openreview](None)", "[openreview](None)", id="no such identifier is known"),
        pytest.param("![paper](None)", "![paper](None)", id="a picture"),
        pytest.param("[abs](https://arxiv.org/abs/)", f"[abs]({ARXIV}1)", id="an address without its number"),
        pytest.param("[list](https://arxiv.org/list/cs.CL/recent)", "[list](https://arxiv.org/list/cs.CL/recent)", id="an address of something else"),
        pytest.param("[paper](http://arxiv.org/abs/2403.09701v2)", "[paper](http://arxiv.org/abs/2403.09701v2)", id="not what is merely old"),
    ],
)  # fmt: skip
def test_links(before: str, after: str) -> None:
    assert bring(f"{START}, {before}") == f"{START}, {after}"


def test_a_dead_number_gives_way_to_the_papers_other_page() -> None:
    text = f"## Papers\n\n{FILLER}{START}\n"
    snapshot = known(text, {"acl_id": "2024.acl-long.7"})
    assert update(text.encode(), snapshot, Update()).content == text.encode()
    library = replace(snapshot.library, fetches={("p1", "arxiv"): DEAD})
    result = update(text.encode(), replace(snapshot, library=library), Update())
    after = text.replace(f"{ARXIV}1", "https://aclanthology.org/2024.acl-long.7/")
    assert result.content.decode() == after
    assert [change.why for change in result.changes] == ["arxiv has no 2403.09701"]


def test_an_address_with_brackets_stays_one_address() -> None:
    told = {"arxiv_id": None, "s2_id": None, "doi": "10.1016/s0004-3702(98)00023-x"}
    after = bring(f"{START}, [doi](None)", **told)
    assert after == f"{START}, [doi](https://doi.org/10.1016/s0004-3702%2898%2900023-x)"


def _mismatched(line: str) -> tuple[str, Snapshot]:
    """A list whose last line names paper 1 and links paper 2."""
    text = f"## Papers\n\n{FILLER}{line}\n"
    gulls, ships = (
        "A Census of Herring Gulls in Northern Harbours",
        "On the Building of Large Ships",
    )
    papers: dict[str, Paper] = {
        f"p{n}": paper(f"p{n}", title, arxiv_id=f"2403.0970{n}", **TOLD)
        for n, title in ((1, gulls), (2, ships))
    }
    works = {p: Work(p, each.title, (), NIGHT) for p, each in papers.items()}
    claims = {Identifier("arxiv", f"2403.0970{n}"): Claim(f"p{n}", "list", NIGHT) for n in (1, 2)}
    linked = Candidate("arxiv", "2403.09702", ships, 0.01)
    places = track("list", (), lists.parse(text.encode()).entries, NIGHT)
    finding = Finding("p1", Verdict.MATCHED, Reason.MISMATCHED, 0.9, Method.TITLE, (linked,))
    found = {p.entry_id: replace(p, finding=finding if p == places[-1] else None) for p in places}
    return text, Snapshot(Library(places=found, works=works, claims=claims), papers, "list", NIGHT)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(f"[paper]({ARXIV}2)", f"[paper]({ARXIV}1)", id="the page"),
        pytest.param("[p](http://www.arxiv.org/pdf/2403.09702v3.pdf) [abs](https://arxiv.org/abs/2403.09702)", f"[p](http://www.arxiv.org/pdf/2403.09701.pdf) [abs]({ARXIV}1)", id="in the shape of the old, twice"),
        pytest.param(f"[arXiv:2403.09702]({ARXIV}2)", f"[arXiv:2403.09701]({ARXIV}1)", id="with its number in words"),
    ],
)  # fmt: skip
def test_a_link_to_another_paper_is_led_to_the_one_that_is_named(before: str, after: str) -> None:
    start = "- A Census of Herring Gulls in Northern Harbours. Jane Doe, "
    text, snapshot = _mismatched(start + before)
    result = update(text.encode(), snapshot, Update())
    assert result.content.decode() == text.replace(before, after)
    assert {c.why for c in result.changes} == {
        "it led to another paper: On the Building of Large Ships"
    }
    again = replace(snapshot, library=snapshot.library)
    assert not update(result.content, again, Update()).changes


@pytest.mark.parametrize(
    ("matters", "after"),
    [
        ([Matter.COUNTS], "arXiv 2024, cited by 45, [paper](None)"),
        ([Matter.VENUES], "ICLR 2025, cited by 12, [paper](None)"),
        ([Matter.LINKS], f"arXiv 2024, cited by 12, [paper]({ARXIV}1)"),
        ([Matter.VENUES, Matter.COUNTS], "ICLR 2025, cited by 45, [paper](None)"),
    ],
)
def test_only_what_was_asked_for(matters: list[Matter], after: str) -> None:
    start = f"- [A Paper About Gulls and Ships]({ARXIV}1), "
    line = f"{start}arXiv 2024, cited by 12, [paper](None)"
    assert bring(line, None, matters, **ICLR) == start + after


@pytest.mark.parametrize(
    ("policy", "after"),
    [
        (Update(counts="leave"), f"ICLR 2025, cited by 12, [paper]({ARXIV}1)"),
        (Update(venues="leave"), f"arXiv 2024, cited by 45, [paper]({ARXIV}1)"),
        (Update(links="leave"), "ICLR 2025, cited by 45, [paper](None)"),
    ],
)
def test_a_policy_keeps_what_it_names(policy: Update, after: str) -> None:
    start = f"- [A Paper About Gulls and Ships]({ARXIV}1), "
    line = f"{start}arXiv 2024, cited by 12, [paper](None)"
    assert bring(line, policy, **ICLR) == start + after


def test_an_entry_that_nobody_knows_is_left_alone() -> None:
    line = "- [A Paper That Nobody Knows of Yet](https://arxiv.org/abs/2405.00001), arXiv 2024, cited by 12, [pdf](None)"
    assert bring(line) == line


def test_a_change_that_makes_the_list_read_otherwise_is_not_made() -> None:
    """A nick alone in its cell would be taken for a title with a sentence behind it."""
    policy = Update(counts="append", template="cited by {count} as of late")
    rows = "".join(f"| [Gull{n}]({ARXIV}{n}) | x | Yes |\n" for n in range(1, 5))
    text = f"## Papers\n\n| Name | Kind | Data |\n|---|---|---|\n{rows}"
    result = update(text.encode(), known(text, {}), policy)
    assert result.unproven + len(result.changes) == 4
    assert len(lists.parse(result.content).entries) == 4


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encoding_and_line_ends_stay(encoding: str, end: str) -> None:
    before = f"## Papers \u8bba\u6587\n\n{FILLER}- \u00dcber {START[2:]}, cited by 12".replace(
        "\n", end
    )
    after = before.replace("arXiv 2024", "ICLR 2025").replace("by 12", "by 45")
    result = update(before.encode(encoding), known(before, ICLR), Update())
    assert result.content == after.encode(encoding)
    for change in result.changes:
        start, stop = change.span
        plain = "utf-8" if encoding == "utf-8-sig" else "utf-16-le"
        assert before.encode(encoding)[start:stop].decode(plain) == change.old


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    before = f"## Papers\n\n{FILLER}- Caf\u00e9 noir. {START}, cited by 12\n".encode("latin-1")
    text = before.decode("utf-8", "replace")
    result = update(before, known(text, {}), Update())
    assert result.content == before.replace(b"by 12", b"by 45")
    told = {**ICLR, "venue": "Caf\u00e9 Letters"}
    again = update(before, known(text, told), Update())
    assert again.content == before.replace(b"by 12", b"by 45")
