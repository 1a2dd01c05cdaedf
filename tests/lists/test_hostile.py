"""Any bytes are read or refused in one line, in bounded time, and no link of an entry is lost."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.errors import PapertideError
from enrich.lists import explain, parse
from enrich.model import Entry
from tests.fuzz import fuzzed

MARKUP = st.sampled_from(
    [
        "- ",
        "* ",
        "1. ",
        "  ",
        "\t",
        "\n",
        "\n\n",
        "# ",
        "### ",
        "> ",
        "|",
        "|--|--|\n",
        "**",
        "*",
        "_",
        "`",
        "```\n",
        "[",
        "]",
        "](https://arxiv.org/abs/2106.15928)",
        "](",
        ")",
        "(",
        "![",
        "<",
        "<a href='https://doi.org/10.1/x'>",
        "</a>",
        "<br>",
        "<table>",
        "<tr>",
        "<td rowspan=3>",
        "</td>",
        "</table>",
        "<details><summary>",
        "</details>",
        "<!--",
        "-->",
        "<li>",
        "<h3>",
        "&amp;",
        "&#0;",
        "\\",
        "$x_1$",
        "Title of a Work",
        "Jane Doe et al.",
        "ICLR 2024",
        "2023.05",
        "arXiv:2106.15928",
        "10.1162/tacl_a_00466",
        "Keyword: x",
        "https://a.b/c_d",
        "[x]: http://a.b\n",
        "News",
        "\u202e",
        "é",
        "‑",
        "\ufeff",
        "√∂",
        "论文：",
        "'24",
        "cication: [**-1**](None)",
    ]
)
MARKDOWN = st.lists(MARKUP | st.text(max_size=5), max_size=60).map("".join)


@fuzzed(3)
@given(MARKDOWN | st.text())
def test_text_never_raises(text: str) -> None:
    data = text.encode("utf-8", "replace")
    if b"\0" in data:
        return
    parsed = parse(data)
    assert len(list(explain(data, parsed))) == len(parsed.roles)
    lines = len(parsed.roles)
    for entry in parsed.entries:
        assert 1 <= entry.line <= entry.end_line <= lines
        for spans in entry.spans.values():
            assert all(0 <= start <= end <= len(data) for start, end in spans)


@fuzzed(3)
@given(st.binary(max_size=400))
def test_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        parse(data)
    except PapertideError as refused:
        assert "not a text list" in str(refused)


WORDS = st.lists(
    st.sampled_from("deep large graph sparse causal neural vision text model agents".split()),
    min_size=3,
    max_size=7,
)
URLS = st.integers(10000, 99999).map(lambda number: f"https://arxiv.org/abs/2106.{number}")
LINES = [
    "- **{title}.** *Jane Doe et al.* ICLR 2024. [[paper]({url})]",
    "- [{title}]({url}), ACL 2020",
    "1. {title} [[Paper]]({url})",
    "- {title}. Doe et al. arXiv 2023. [[pdf]({url})] [[code](https://github.com/a/b)]",
    "- arXiv 2023.10, {title}, [pdf]({url})",
    "- [Nick]({url}): {title} | ICML 23",
    "- {title} (CIDR 2019)",
    "- {title}",
    "- A Topic\n  - {title}\n  - {title} [[pdf]({url})]",
    "**{title}** [[paper]({url})]\n",
    "[{title}]({url})  \n*Jane Doe.* ACL 2020.\n",
    "### {title}\n\n- paper: [{url}]({url})\n",
    "**{title}**\n\n- arxiv: [{url}]({url})\n- code: [here](https://github.com/a/b)\n",
    "| Title | Venue |\n|--|--|\n| [{title}]({url}) | ICLR 2024 |\n",
    '<ul><li><a href="{url}">{title}</a>, Jane Doe, ICML 2020</li></ul>\n',
    '<table><tr><th>Title</th><th>Year</th></tr><tr><td><a href="{url}">{title}</a></td>'
    "<td rowspan=2>2024</td></tr></table>\n",
]


@st.composite
def lists(draw: st.DrawFn) -> str:
    """A list that starts with a level-1 heading: sections of works in one layout each."""
    text = [f"# {' '.join(draw(WORDS))}\n"]
    for _ in range(draw(st.integers(1, 3))):
        layout = draw(st.sampled_from(LINES))
        text.append(f"\n## {' '.join(draw(WORDS))}\n\n")
        for _ in range(draw(st.integers(1, 6))):
            title = " ".join(draw(WORDS)).capitalize()
            text.append(layout.format(title=title, url=draw(URLS)) + "\n")
    return "".join(text)


def bare(entry: Entry) -> Entry:
    """An entry without what depends on where it stands."""
    return replace(entry, n=0, line=0, end_line=entry.end_line - entry.line, spans={})


@given(lists(), lists())
@settings(max_examples=60, deadline=None)
def test_the_parse_of_two_joined_lists_is_the_two_parses(one: str, two: str) -> None:
    joined = parse(f"{one}\n{two}".encode()).entries
    apart = (*parse(one.encode()).entries, *parse(two.encode()).entries)
    assert [bare(entry) for entry in joined] == [bare(entry) for entry in apart]


@given(lists())
@settings(max_examples=60, deadline=None)
def test_no_link_of_an_entry_is_lost(text: str) -> None:
    for entry in parse(text.encode()).entries:
        written = re.findall(r"(?:\]\(|href=\")(https[^)\"]+)[)\"]", entry.raw)
        assert [link.url for link in entry.links] == written


HOSTILE = {
    "a line of links": "- **A title here** " + "[pdf](https://arxiv.org/abs/2106.15928) " * 8000,
    "quotes in quotes": ">" * 50_000 + " x",
    "lists in lists": "- " * 50_000 + "x",
    "ever deeper items": "\n".join("  " * n + f"- [a b c {n}](https://a.b/c)" for n in range(600)),
    "open brackets": "[" * 100_000,
    "open links": "[a](" * 50_000,
    "stars": "*a_" * 50_000,
    "open tags": "<a " * 50_000,
    "open comments": "<!-- " * 50_000,
    "open lists": "<ul><li>" * 20_000,
    "open tables": "<table>" * 20_000 + "<tr><td rowspan=999 colspan=999>x" * 1000,
    "open folds": "<details><summary>x</summary>\n\n- [A b c](https://a.b/c)\n\n" * 2000,
    "a wide table": "|a" * 8000 + "|\n" + "|-" * 8000 + "|\n" + "|b" * 8000 + "|\n",
    "a line of names": "- **A title here** " + "John Doe, " * 20_000 + "2020 [pdf](https://a.b/c.pdf)",
    "a line of stops": "- A title of " + "Abc. Def? " * 20_000 + "[pdf](https://a.b/c.pdf)",
    "a line of commas": "- A title, " + "a, b (c) - " * 20_000 + "[pdf](https://a.b/c.pdf)",
    "a line of years": "- A title. " + "'23 2020.01 " * 20_000 + "[pdf](https://a.b/c.pdf)",
    "a line of blanks": (" " * 100_000).join(("- A title", "- x", "cited by", ".")),
    "a line of urls": "- x " + "http://a.b/c " * 20_000,
    "a line of openings": "- [A](//b.c/d) " + " and :, \u201c" * 20_000 + "[pdf](//b.c/e)",
    "a line of nothing": " \t" * 100_000 + ". 2020.",
    "blank lines": "\n" * 200_000,
    "dashes": "-" * 200_000,
    "references": "[x]: http://a.b\n" * 5000 + "[x] " * 5000,
    "headings": "## [a b c](https://arxiv.org/abs/2106.15928)\n\n" * 4000,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE.items()])
def test_time_stays_in_proportion(text: str) -> None:
    """A hostile text costs at most some seconds a megabyte, where quadratic work takes minutes."""
    data = text.encode()
    start = time.process_time()
    parsed = parse(data)
    list(explain(data, parsed))
    assert time.process_time() - start < 1 + 40 * len(data) / 1e6  # under coverage, beside others


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("- **A title.** *J. Doe.* Nature" + ", 0(" * 28 + " A 2020.", id="volumes"),
        pytest.param(" \t" * 15_000 + ". 2020.", id="blanks in a plain text"),
        pytest.param("- [A](//b.c/d) " + " and :, \u201c" * 9000 + "[pdf](//b.c/e)", id="quotes"),
    ],
)
def test_no_line_is_read_in_many_ways(text: str) -> None:
    """Each took seconds, and the first one more than a life."""
    start = time.process_time()
    parse(text.encode())
    assert time.process_time() - start < 0.5
