"""Finds titles in plain text: before the first link, and around a nick that alone is set off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from enrich.lists.blocks import BOLD, BREAK, CODE, IMAGE, ITALIC, UNDER, Run
from enrich.lists.edges import lead_end, marks_end, within
from enrich.lists.ends import title_end
from enrich.lists.leading import authors_end, credit_start, lone_author_end
from enrich.lists.lines import SLASH, Line
from enrich.lists.names import is_initialled, people
from enrich.lists.occasions import is_occasion, occasion_end
from enrich.lists.venues import is_dated
from enrich.lists.words import is_label, length

NICK = 3
"""Words in bold that may but sort or nickname a work."""
FARTHEST = 2000
"""Characters of plain text in which a title is looked for."""
MOST = 100
"""Runs behind a tag that are looked at."""
# "**Name of a Work** - an approach that ...": a description, not the rest of a title.
_DESCRIBED = re.compile(r"\s*[-\u2013\u2014]\s+[a-z]")
_COLON = re.compile(r"\s?[:\uff1a]\s{0,3}(?=[\w$])")
_BLANK = re.compile(r"\s{1,3}(?=[\w$])")
_GOES_ON = re.compile(r"\s(?:with|for|via|from|using|through|without|under|in|of|on|to)\s")


# "... Execution via **Schedule Search**": words in bold that a title goes on with.
_LEADS_ON = re.compile(
    r"\s(?:a|an|and|by|for|from|in|of|on|the|through|to|using|via|with)\s$", re.IGNORECASE
)


class Found(NamedTuple):
    """A slice of a line that may be the title, and what speaks for it."""

    start: int
    end: int
    style: str
    worth: float


def plain_titles(line: Line) -> Iterator[Found]:
    """The text from the start to the first link, break or picture, without authors and venue."""
    start = _title_start(line)
    stop = _plain_stop(line, start)
    body = line.text[start : min(stop, start + FARTHEST)].rstrip(" [(\u3010\uff08")
    cut = lead_end(body, 0, len(body))
    start, body = start + cut, body[cut:]
    if line.style_at(start) & BOLD:
        # Who wrote it is not set off in bold, but may stand behind a word that is.
        label = _label_end(line, start) - start
        names = label + behind if (behind := authors_end(body[label:])) and label else 0
    else:
        names = authors_end(body)
    ways = [(names, "behind" if names else "plain", 3.0)]
    if not names and (alone := lone_author_end(body)):
        # "Jane Doe. Some Title. ICML 2020": surer where data stand behind it.
        ended = "." in body[alone - 2 : alone] and title_end(body[alone:]) < len(body) - alone
        ways.append((alone, "behind", 4.0 if ended or is_initialled(body) else 1.0))
    for skip, style, worth in ways:
        at = start + skip
        first, last = within(line.text, at, at + title_end(body[skip:]))
        if line.style_at(first) & CODE and _names_later(line, last):
            continue  # A tag: "ICML 2020 -- `survey` -- [Title](url)".
        if first < last and (skip or style == "plain"):
            yield Found(first, last, style, worth if at < 60 or skip else worth - 1)
        if style == "plain" and (by := credit_start(line.text[first:last])):
            yield Found(*within(line.text, first, first + by), "by", worth - 1)


def _label_end(line: Line, start: int) -> int:
    """Where text goes on behind a word or two in bold that only sort a work: "**Survey** "."""
    end = _run_end(line, line.run_at(start))
    if length(line.text[start:end]) > NICK:
        return start
    return end + len(line.text[end:]) - len(line.text[end:].lstrip(" :.-\u2013\u2014|"))


def _names_later(line: Line, start: int) -> bool:
    """Whether a link with a name stands behind a place in a line."""
    return any(
        at >= start and run.link >= 0 and not run.style & IMAGE and length(run.text) >= 3
        for run, at in zip(line.runs, line.starts, strict=True)
    )


def _title_start(line: Line) -> int:
    """Where plain text begins behind marks, tags, and where and when."""
    start = _plain_start(line)
    start += marks_end(line.text[start : start + FARTHEST])
    linked = (at for run, at in zip(line.runs, line.starts, strict=True) if run.link >= 0)
    limit = next((at for at in linked if at >= start), len(line.text))
    start = lead_end(line.text, start, min(limit, start + FARTHEST))
    while True:
        at = _behind_style(line, start)
        at = occasion_end(line.text, at, min(limit, at + 200))
        if at <= start:
            return start
        start = lead_end(line.text, at, min(limit, at + FARTHEST))


def _behind_style(line: Line, start: int) -> int:
    """Where text goes on behind where and when set off by a style: "**ICML 2020** A Title"."""
    if start >= len(line.text) or not line.style_at(start) & (BOLD | CODE | ITALIC | UNDER):
        return start
    index = line.run_at(start)
    after = index + 1
    while after < len(line.runs) and line.runs[after].style == line.runs[index].style:
        after += 1
    end = line.starts[after] if after < len(line.runs) else len(line.text)
    return (
        end if end < len(line.text) and is_occasion(line.text[start:end].strip(" []():")) else start
    )


def joined_titles(line: Line) -> Iterator[Found]:
    """A title of which only the nick is set off: `[Nick](url): The Rest`, `The **bold** rest`."""
    for index, run in enumerate(line.runs):
        start, end = line.starts[index], line.starts[index] + len(line.text)
        if run.style & (IMAGE | BREAK) or not run.text.strip():
            continue
        named = run.link >= 0 or bool(run.style & BOLD)
        if not named or is_label(run.text) or is_dated(run.text):
            return
        end = _run_end(line, index)
        stop = _plain_stop(line, end) if end < len(line.text) else end
        if line.link_at(end) >= 0 or line.style_at(end) & (CODE | IMAGE):
            return
        rest = line.text[end : min(stop, end + FARTHEST)]
        colon = _COLON.match(rest) if line.text[end - 1] not in ":\uff1a" else _BLANK.match(rest)
        form = colon or _GOES_ON.match(rest)
        if form is None:
            return
        if authors_end(rest[form.end() :]):
            return  # "**Survey**: Jane Doe, John Roe. A Title": the label of a citation.
        last = form.end() + title_end(rest[form.end() :])
        words = rest[form.end() : last].split()
        first, last = within(line.text, start, end + last)
        sure = colon is not None and _is_titled(words)
        if len(words) >= 2 and (sure or length(run.text) <= 3):
            yield Found(first, last, "joined", 5.5 if sure else 3.5)
        return


def _run_end(line: Line, index: int) -> int:
    """Where the style or the link that begins with a run ends."""
    run = line.runs[index]
    for after in range(index + 1, len(line.runs)):
        other = line.runs[after]
        same = other.link == run.link if run.link >= 0 else other.style & BOLD
        if not same:
            return line.starts[after]
    return len(line.text)


def _is_titled(words: Sequence[str]) -> bool:
    """Whether words are written as those of a title are: most of the long ones capitalised."""
    long = [word for word in words if len(word) >= 4 and word[0].isalpha()]
    return sum(word[0].isupper() for word in long) * 5 >= len(long) * 3 and bool(long)


def _plain_start(line: Line) -> int:
    """Where plain text begins: behind links that only say what they lead to, and pictures."""
    for index, run in enumerate(line.runs):
        at = line.starts[index]
        if run.style & IMAGE or not re.search(r"\w", run.text):
            continue
        if run.style & CODE and any(_is_words(after) for after in line.runs[index + 1 :][:MOST]):
            continue  # A tag: `2015`, `Survey`.
        said = is_label(run.text) or run.text.startswith("http") or is_occasion(run.text)
        if run.link < 0 or not said:
            return at
    return 0


def _is_words(run: Run) -> bool:
    """Whether a run is plain text of some words, as a title is."""
    return run.link < 0 and not run.style & (CODE | IMAGE) and length(run.text) >= 2


def _plain_stop(line: Line, start: int) -> int:
    """Where plain text ends: at a link, a picture, a break, or a style that sets off a detail."""
    for index, run in enumerate(line.runs):
        at = line.starts[index]
        if at < start:
            continue
        if run.style & IMAGE or run.link >= 0 or (run.text == SLASH and not run.style & BREAK):
            return at
        if at == start:
            continue
        bold = bool(line.style_at(start) & BOLD)
        if run.style & (CODE | UNDER):
            return at
        goes_on = _LEADS_ON.search(line.text[max(start, at - 12) : at]) is not None
        if run.style & BOLD and not bold and not (goes_on or _is_inside(line, index, start)):
            return at
        if bold and not run.style & BOLD and _DESCRIBED.match(run.text):
            return at
        said = line.text[max(start, at - 2) : at].strip()
        if run.style & ITALIC and (said[-1:] in (".", ",") or people(run.text) >= 0.6):
            return at
    return len(line.text)


def _is_inside(line: Line, index: int, start: int) -> bool:
    """Whether words run on around a run in bold: "The **primacy bias** in learning"."""
    after = line.runs[index + 1] if index + 1 < len(line.runs) else None
    before = line.text[start : line.starts[index]]
    runs_on = after is not None and after.link < 0 and re.match(r"\s[a-z]", after.text)
    return bool(runs_on) and bool(re.search(r"\w\s?$", before)) and len(before.split()) <= 3
