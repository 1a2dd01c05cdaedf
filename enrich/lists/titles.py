"""Finds the title of a work in the line that names it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from enrich.lists.blocks import BOLD, BREAK, IMAGE, ITALIC, Anchor
from enrich.lists.edges import is_title_key, is_titled, within
from enrich.lists.ends import STOP, title_end
from enrich.lists.leading import are_set_before, authors_end
from enrich.lists.lines import SLASH, Line
from enrich.lists.names import all_people, has_et_al, people
from enrich.lists.occasions import is_occasion
from enrich.lists.plain_titles import joined_titles, plain_titles
from enrich.lists.signs import is_paper_address, is_target
from enrich.lists.venues import COUNT, is_dated, years
from enrich.lists.words import is_label, key_of, length

LONGEST = 600
"""Characters; longer text is a description, whatever its style."""
FARTHEST = 200
"""Characters before a link that are looked at."""
MOST = 100
"""Slices of a line, of each kind, that are weighed."""
# "Neurocomputing 2018": where and when, behind the title.
_WHEN = re.compile(r"\W*[^\W\d_]{2,}\W{0,2}(?:19|20)\d\d\W*")
_GOES_ON = re.compile(r"[a-z]{2}\s*+$")
_REST = re.compile(r":\s[A-Z]\w+\s\w")
_WHERE = re.compile(r"\([^()]{2,60}\)")
_FILE = re.compile(r"[\w.%+-]{1,80}\.(?:pdf|ps|docx?|pptx?|djvu)", re.IGNORECASE)
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
    if all((run.link >= 0 and "://" in run.text) or not run.text.strip() for run in line.runs):
        return []  # Nothing but addresses: of such, lists have them by the thousand.
    ways = (_linked(line, links), _bold(line), _italic(line), _quoted(line))
    found = [title for way in ways for title in islice(way, MOST)]
    plain = (*plain_titles(line), *joined_titles(line))
    found += [_title(line, *title) for title in plain]
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


def choose(titles: Sequence[Title], style: str, credited: bool = False) -> Title | None:
    """The title: in the group's style where the work has one so, unless that is a mere nick.

    `credited`: most of the group name people behind "by", so what stands there is no title.
    """
    titles = [title for title in titles if (title.style != "by") or credited]
    if not titles:
        return None
    best = titles[0]
    if credited and best.style == "plain":
        return next((title for title in titles if title.style == "by"), best)
    alike = next((title for title in titles if title.style == style), None)
    if alike is None or alike.words >= best.words or alike.worth >= best.worth - 2:
        return alike or best
    return best if best.words >= 4 > alike.words and best.style != "plain" else alike


def _linked(line: Line, links: Sequence[Anchor]) -> Iterator[Title]:
    for start, end, link in _stretches(line, lambda run_link, _: run_link, skip=-1):
        text = line.text[start:end]
        url = links[link].url
        if is_label(text) or "://" in text or is_dated(text) or not (is_target(url) or not url):
            continue
        if _names_site(text, url) or (start and _WHEN.fullmatch(text)):
            continue
        if text.startswith("www.") or _is_count(line.text[max(0, start - 12) : end]):
            continue
        first, last = _uncited(line.text, *within(line.text, start, end))
        worth = 5.0 + 2 * is_paper_address(url) + bool(line.style_at(first) & BOLD)
        if not is_paper_address(url) and people(text) >= 0.6:
            worth -= 3  # A person's page, if anything else may be the title.
        if _FILE.fullmatch(text):
            worth -= 4  # `Preview.pdf` names a file.
        boxed = length(text) <= 2 and line.text[:start].rstrip()[-1:] in ("[", "(")
        if boxed or (length(text) <= 1 and length(line.text[:start][:FARTHEST]) >= 4):
            worth -= 3  # `[[follow-up](url)]` behind a title is a label, if none that is known.
        yield _title(line, first, last, "link", worth)


def _is_count(text: str) -> bool:
    """Whether a link's text, with a little before it, tells how often a work is cited and not much
    else."""
    return COUNT.search(text) is not None and length(text) <= 6


def _uncited(text: str, start: int, end: int) -> tuple[int, int]:
    """The title in a link whose text is all of a citation: "Title. ICML 2020. Jane Doe"."""
    if end - start > LONGEST:
        return start, end
    if names := authors_end(text[start:end]):
        title = text[start + names : end]
        last = title_end(title)
        # "Doe, J. (2020). A Title. Where": one that is all of a reference says more behind it.
        if length(title) >= 3 and (last < len(title) or has_et_al(text[start : start + names])):
            return within(text, start + names, start + names + last)
    for stop in STOP.finditer(text, start, end):
        if has_et_al(text[start : stop.end()]):
            break
        said = re.split(r"[.]\s", text[stop.end() : end].strip(), maxsplit=1)[0].strip(" .")
        if is_occasion(said) and years(said) and length(text[start : stop.start()]) >= 3:
            return start, stop.start() + (text[stop.start()] in "?!")
    return start, end


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
        # "**Nick**: The Rest of the Title"
        nick = length(text) <= 3 and _REST.match(line.text, end) and line.link_at(end + 2) < 0
        # "A Title. (**Chapter 2**)"
        aside = line.text[:start].rstrip()[-1:] == "(" and length(line.text[:start]) >= 4
        style = "aside" if aside else "bold"
        yield _title(line, first, last, style, 1.0 if aside else 3.0 if nick else 5.0)


def _italic(line: Line) -> Iterator[Title]:
    """Italics that begin the line, or stand behind people: "**Doe and Roe** - *A Title*"."""
    shown = [i for i, run in enumerate(line.runs) if run.text.strip(" \n-\u2013\u2014:,.")]
    first = next((i for i in shown if line.runs[i].style & ITALIC), None)
    if first is None or line.runs[first].link >= 0:
        return
    before = line.text[: min(line.starts[first], FARTHEST + 1)]
    led = first != shown[0]
    linked = any(run.link >= 0 for run in line.runs[:first])
    if led and (linked or len(before) > FARTHEST or not are_set_before(before)):
        return
    for start, end, _ in _stretches(line, lambda _, style: 0 if style & ITALIC else -1, skip=-1):
        text = line.text[start:end]
        named = people(text) < (0.8 if led and length(text) >= 3 else 0.6)
        if length(text) >= 2 and named and not is_dated(text) and not is_label(text):
            yield _title(line, *within(line.text, start, end), "italic", 9.0 if led else 4.0)
        return


def _quoted(line: Line) -> Iterator[Title]:
    for form in _QUOTE.finditer(line.text):
        start, end = form.span(1)
        # A quotation inside a longer title is a part of it, not a title.
        within_title = _GOES_ON.search(line.text, max(0, form.start() - FARTHEST), form.start())
        if not within_title and length(form[1]) >= 2 and not is_label(form[1]):
            first, last = within(line.text, start, end)
            people_before = _WHERE.sub("", line.text[: form.start()].rstrip(" ,.:"))
            led = bool(people_before.strip()) and all_people(people_before)
            yield _title(line, first, last, "quote", 9.0 if led else 5.5)


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
        if run.style & BREAK and value != skip and _goes_on(line, index, key, value):
            continue
        if here != value:
            if value != skip and at > start:
                yield start, at, value
            start, value = at, here
    if value != skip and len(line.text) > start:
        yield start, len(line.text), value


def _goes_on(line: Line, index: int, key: Callable[[int, int], int], value: int) -> bool:
    """Whether words set off before a line's end go on, uncapitalised and so set off, behind it."""
    after = line.runs[index + 1] if index + 1 < len(line.runs) else None
    at = line.starts[index]
    before = line.text[max(0, at - 3) : at].rstrip()[-1:]
    on = after is not None and after.text[:1].islower() and key(after.link, after.style) == value
    return on and (before.isalnum() or before in (",", ":", "-"))


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
