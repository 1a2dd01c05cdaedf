"""Finds the title of a work in the line that names it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from enrich.lists.blocks import BOLD, BREAK, CODE, IMAGE, ITALIC, UNDER, Anchor, Run
from enrich.lists.edges import (
    authors_end,
    is_occasion,
    is_title_key,
    is_titled,
    lead_end,
    lone_author_end,
    marks_end,
    occasion_end,
    title_end,
    within,
)
from enrich.lists.lines import SLASH, Line
from enrich.lists.names import all_people, people
from enrich.lists.signs import is_paper_address, is_target
from enrich.lists.venues import COUNT, is_dated
from enrich.lists.words import is_label, key_of, length

FARTHEST = 2000
"""Characters of plain text in which a title is looked for."""
LONGEST = 600
"""Characters; longer text is a description, whatever its style."""
MOST = 100
"""Slices of a line, of each kind, that are weighed."""
# "**Name of a Work** - an approach that ...": a description, not the rest of a title.
_DESCRIBED = re.compile(r"\s*[-\u2013\u2014]\s+[a-z]")
# "Neurocomputing 2018": where and when, behind the title.
_WHEN = re.compile(r"\W*[^\W\d_]{2,}\W{0,2}(?:19|20)\d\d\W*")
_COLON = re.compile(r"\s?[:\uff1a]\s{0,3}(?=[\w$])")
_BLANK = re.compile(r"\s{1,3}(?=[\w$])")
_GOES_ON = re.compile(r"\s(?:with|for|via|from|using|through|without|under|in|of|on|to)\s")
_HOST = re.compile(r"(?:\w+:)?//(?:www\.)?([^/?#\s]+)")
_QUOTE = re.compile(
    r"[\"\u201c\u201d\u201e\u00ab\u300a\u300c]([^\"\u201c\u201d\u00bb\u300b\u300d\n]{6,400})"
    r"[\"\u201d\u201c\u00bb\u300b\u300d]"
)


class Title(NamedTuple):
    """A slice of a line that may be the title, how it is set off, and how well it fits."""

    start: int
    end: int
    style: str
    worth: float
    words: int


def candidates(line: Line, links: Sequence[Anchor]) -> list[Title]:
    """Every slice of the line that may be the title, best first."""
    ways = (_linked(line, links), _bold(line), _quoted(line), _plain(line), _joined(line))
    found = [title for way in ways for title in islice(way, MOST)]
    found = [title for title in found if title.words]
    return sorted(found, key=lambda title: (-title.worth, title.start))


def common_style(choices: Sequence[Sequence[Title]]) -> str:
    """The way in which most works of a group set off their title; '' where there is none."""
    best = Counter(titles[0].style for titles in choices if titles and titles[0].words >= 3)
    if not best:
        best = Counter(titles[0].style for titles in choices if titles)
    if not best:
        return ""
    style, count = best.most_common(1)[0]
    return style if count * 2 > sum(map(bool, choices)) else ""


def choose(titles: Sequence[Title], style: str) -> Title | None:
    """The title: in the group's style where the work has one so, unless that is a mere nick."""
    if not titles:
        return None
    best = titles[0]
    alike = next((title for title in titles if title.style == style), None)
    if alike is None or alike.words >= best.words or alike.worth >= best.worth - 2:
        return alike or best
    return best if best.words >= 4 > alike.words and best.style != "plain" else alike


def _linked(line: Line, links: Sequence[Anchor]) -> Iterator[Title]:
    for start, end, link in _stretches(line, lambda run_link, _: run_link, skip=-1):
        text = line.text[start:end]
        url = links[link].url
        if is_label(text) or "://" in text or is_dated(text) or not is_target(url):
            continue
        if _names_site(text, url) or (start and _WHEN.fullmatch(text)):
            continue
        if text.startswith("www.") or COUNT.search(line.text[max(0, start - 12) : end]):
            continue
        first, last = within(line.text, start, end)
        worth = 5.0 + 2 * is_paper_address(url) + bool(line.style_at(first) & BOLD)
        if not is_paper_address(url) and people(text) >= 0.6:
            worth -= 3  # A person's page, if anything else may be the title.
        yield _title(line, first, last, "link", worth)


def _names_site(text: str, url: str) -> bool:
    """Whether a link only says where it leads: `cdn.openai` to https://cdn.openai.com/…"""
    words = text.strip().lower()
    host = _HOST.match(url)
    return "." in words and host is not None and host[1].lower().startswith(words)


def _bold(line: Line) -> Iterator[Title]:
    for start, end, _ in _stretches(line, lambda _, style: 0 if style & BOLD else -1, skip=-1):
        text = line.text[start:end]
        inner = text.strip(" :.,-[]()")
        if (
            not inner
            or is_label(inner)
            or is_dated(inner)
            or is_title_key(inner)
            or (key_of(text) and not is_titled(text))
        ):
            continue
        if all(line.link_at(index) >= 0 for index in (start, end - 1)) and _one_link(
            line, start, end
        ):
            continue
        if is_label(text) or "://" in text or (inner := text.strip())[:1] + inner[-1:] == "()":
            continue
        first, last = within(line.text, start, end)
        yield _title(line, first, last, "bold", 5.0)


def _quoted(line: Line) -> Iterator[Title]:
    for form in _QUOTE.finditer(line.text):
        start, end = form.span(1)
        before = line.text[: form.start()]
        # A quotation inside a longer title is a part of it, not a title.
        whole = not re.search(r"[a-z]{2}\s*$", before) and length(form[1]) >= 2
        if whole and not is_label(form[1]):
            first, last = within(line.text, start, end)
            led = bool(before.strip()) and all_people(before.rstrip(" ,.:"))
            yield _title(line, first, last, "quote", 9.0 if led else 5.5)


def _plain(line: Line) -> Iterator[Title]:
    """The text from the start to the first link, break or picture, without authors and venue."""
    start = _plain_start(line)
    start += marks_end(line.text[start : start + FARTHEST])
    linked = (at for run, at in zip(line.runs, line.starts, strict=True) if run.link >= 0)
    linked_at = next((at for at in linked if at >= start), len(line.text))
    start = lead_end(line.text, start, min(linked_at, start + FARTHEST))
    start = _behind_occasion(line, start, linked_at)
    stop = _plain_stop(line, start)
    body = line.text[start : min(stop, start + FARTHEST)].rstrip(" [(\u3010\uff08")
    cut = lead_end(body, 0, len(body))
    start, body = start + cut, body[cut:]
    # Who wrote it is not set off in bold.
    names = 0 if line.style_at(start) & BOLD else authors_end(body)
    ways = [(names, "behind" if names else "plain", 3.0)]
    if not names and (alone := lone_author_end(body)):
        # "Jane Doe. Some Title. ICML 2020": surer where data stand behind it.
        ways.append((alone, "behind", 4.0 if title_end(body[alone:]) < len(body) - alone else 1.0))
    for skip, style, worth in ways:
        at = start + skip
        first, last = within(line.text, at, at + title_end(body[skip:]))
        if first < last and (skip or style == "plain"):
            yield _title(line, first, last, style, worth if at < 60 or skip else worth - 1)


def _behind_occasion(line: Line, start: int, limit: int) -> int:
    """Where the title begins behind where and when; tags and marks follow each other there."""
    while True:
        at = occasion_end(line.text, start, min(limit, start + 200))
        at = lead_end(line.text, at, min(limit, at + FARTHEST)) if at > start else at
        if at <= start:
            return start
        start = at


def _joined(line: Line) -> Iterator[Title]:
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
        last = form.end() + title_end(rest[form.end() :])
        words = rest[form.end() : last].split()
        first, last = within(line.text, start, end + last)
        sure = colon is not None and _is_titled(words)
        if len(words) >= 2 and (sure or length(run.text) <= 3):
            yield _title(line, first, last, "joined", 5.5 if sure else 3.5)
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
        if run.style & BOLD and not bold and not _is_inside(line, index, start):
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


def _stretches(
    line: Line, key: Callable[[int, int], int], skip: int
) -> Iterator[tuple[int, int, int]]:
    """Slices over runs that share a value; breaks inside a stretch belong to it."""
    start, value = 0, skip
    at = 0
    for index, run in enumerate(line.runs):
        at = line.starts[index]
        here = skip if run.style & IMAGE and run.link < 0 else key(run.link, run.style)
        if run.text == SLASH and not run.style & BREAK:
            here = skip
        if here != value:
            if value != skip and at > start:
                yield start, at, value
            start, value = at, here
    if value != skip and len(line.text) > start:
        yield start, len(line.text), value


def _one_link(line: Line, start: int, end: int) -> bool:
    return line.link_at(start) == line.link_at(end - 1)


def _title(line: Line, start: int, end: int, style: str, worth: float) -> Title:
    text = line.text[start:end]
    words = length(text)
    worth += min(words, 8) * 0.6
    if words > 1 and people(text) >= 0.8 and style != "quote":
        worth -= 5
    if len(text) > LONGEST:
        worth -= 6
    if is_dated(text):
        worth -= 4
    # What stands first names the work; what follows far behind describes it.
    worth -= min(start, 200) / 100
    return Title(start, end, style, worth, words if re.search(r"\w", text) else 0)
