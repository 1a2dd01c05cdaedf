"""Finds the authors of a work among the parts of its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from enrich.lists.blocks import BOLD, CODE, ITALIC
from enrich.lists.chunks import Chunk, Details, Place, rest_of
from enrich.lists.lines import Line
from enrich.lists.names import all_people, et_al, is_person, people
from enrich.lists.venues import is_dated, is_venue, years
from enrich.lists.words import is_label, tokens

_KEYS = frozenset(("author", "authors", "by", "\u4f5c\u8005"))
_APA_YEAR = re.compile(r"\s*\((?=(?:19|20)\d\d[a-z]?\)?$)")
_YEAR_FIRST = re.compile(r"\(?((?:19|20)\d\d)\)?[.,:]?\s+(?=\S)")
# "Doe, J. (ETH Zurich": where they work, the bracket closed or not.
_AFFILIATION = re.compile(r"\s*\([^()]{3,}\)?$")
# "Jane Doe*, MIT", "Jane Doe (MIT)": a name, then where they work.
_WORKING = re.compile(r"([^,;()]{3,60}?)\s*([,(].*)?", re.DOTALL)
_BETWEEN = re.compile(r",|;|\band\b|&|\u3001|\uff0c")


def take_authors(
    chunks: list[Chunk], found: Details, head: Line, title: Place | None
) -> list[Chunk]:
    """Take the chunks that name the authors; give back the others.

    `head` is the line in which the title stands, at `title`.
    """
    if found.authors:
        return [chunk for chunk in chunks if chunk.text.rstrip(".") != found.authors.rstrip(".")]
    for index in range(len(chunks)):
        names, count = _roster(chunks[index:])
        if names:
            found.authors = names
            return chunks[:index] + chunks[index + count :]
    chosen = _chosen(chunks, head, title or (0, 0))
    if chosen is None:
        return chunks
    text, rest = _whole(chunks[chosen], chunks[chosen + 1 :])
    text = _AFFILIATION.sub("", text)
    found.authors = f"{text}." if text.endswith(" al") else text
    return chunks[:chosen] + rest


def _chosen(chunks: Sequence[Chunk], head: Line, title: Place) -> int | None:
    """The chunk that is keyed as authors, else the first that names people, else a lone name."""
    for index, chunk in enumerate(chunks):
        if _KEYS & set(chunk.key.split()):
            return index
    for index, chunk in enumerate(chunks):
        if not chunk.key and (_names(chunk) >= 0.7 or _begins_names(chunks, index)):
            return index
    for index, chunk in enumerate(chunks):
        before = chunk.line is head and chunk.end <= title[0]
        if (
            before
            and head.text[chunk.end : chunk.end + 1] in (".", ",")
            and people(chunk.text) > 0.5
            and not (is_venue(chunk.text) or years(chunk.text))
        ):
            return index
    if chunks and _is_lone_surname(chunks[0], head, title):
        return 0
    behind = [i for i, c in enumerate(chunks) if c.line is head and c.start >= title[1]]
    for index in behind[:1]:
        form = _WORKING.fullmatch(chunks[index].text)
        bracketed = form and form[2] and form[2][0] == "(" and " " in form[1]
        if form and bracketed and people(form[1]) >= 0.6 and not is_venue(form[1]):
            return index  # "[A Talk](url). Jane Doe (CMU)"
    return next((i for i in behind[:2] if _is_single_author(chunks, i)), None)


def _is_lone_surname(chunk: Chunk, head: Line, title: Place) -> bool:
    """Whether a line begins with one surname, then the title, set off: "Doe. **A Title**"."""
    first = not head.text[: chunk.start].strip(" *_[(") and chunk.end <= title[0]
    apart = head.style_at(title[0]) & BOLD or head.link_at(title[0]) >= 0
    near = head.text[chunk.end : title[0]].strip(' *_[("\u201c')
    return bool(first and apart and near in (".", ",") and is_person(chunk.text)) and not (
        chunk.style & BOLD or is_label(chunk.text) or is_venue(chunk.text)
    )


def _begins_names(chunks: Sequence[Chunk], index: int) -> bool:
    """Whether people follow each other in chunks of their own, as links to their pages do."""
    if index + 1 >= len(chunks) or not _joins(chunks[index], chunks[index + 1]):
        return False
    return all(is_person(chunk.text) and " " in chunk.text for chunk in chunks[index : index + 2])


def _whole(chunk: Chunk, after: list[Chunk]) -> tuple[str, list[Chunk]]:
    """The whole list of authors that a chunk begins, and the chunks that are left."""
    text = chunk.text
    if year := _YEAR_FIRST.match(text):
        names, rest = _whole(chunk._replace(start=chunk.start + year.end()), after)
        return names, [chunk._replace(end=chunk.start + year.end(1)), *rest]
    form = et_al(text)
    if apa := _APA_YEAR.search(text):
        return text[: apa.start()], [*rest_of(chunk, apa.start()), *after]
    if form is not None and form[1] < len(text):
        return text[: form[1]], [*rest_of(chunk, form[1]), *after]
    if form is None and after and (tail := et_al(after[0].text)) and tail[0] <= 2:
        # "*Linting Xue* et al. NAACL 2021": the style ends before the names do.
        names = f"{text} {after[0].text[: tail[1]].strip()}"
        return names, [*rest_of(after[0], tail[1]), *after[1:]]
    taken = 0
    while taken < len(after) and _joins(chunk, after[taken]) and _goes_on(after[taken].text):
        chunk = after[taken]
        text = f"{text.rstrip(',')}, {chunk.text}"
        taken += 1
    return text, after[taken:]


def _goes_on(text: str) -> bool:
    """Whether a chunk names more people: "2000, May" does not."""
    return all_people(text) and not years(text)


def _roster(chunks: Sequence[Chunk]) -> tuple[str, int]:
    """People with where they work, parted by semicolons, and how many chunks name them.

    "Jane Doe*, MIT; John Roe (CMU)": of each chunk only the name is kept.
    """
    names: list[str] = []
    working = False
    for chunk in chunks:
        if names and ";" not in chunk.line.text[max(0, chunk.start - 3) : chunk.start]:
            break
        form = _WORKING.fullmatch(chunk.text)
        name = form[1].removeprefix("and ").strip(" *\u2020\u2021") if form else ""
        if form is None or " " not in name or not is_person(name):
            break
        names.append(name)
        working = working or form[2] is not None
    return (", ".join(names), len(names)) if len(names) >= 2 and working else ("", 0)


def _names(chunk: Chunk) -> float:
    """How surely a chunk names the authors; plain text must name more than one person."""
    text = chunk.text
    if len(text) < 4 or is_dated(text) or (is_venue(text) and et_al(text) is None):
        return 0.0
    form = et_al(text)
    if form is not None and form[0] <= 100:
        return max(people(text[: form[1]]), 0.7 * (len(text[: form[0]].split()) <= 8))
    sure = people(text)
    if chunk.style & CODE:
        return 0.0
    if len(_BETWEEN.split(text)) < 2:
        return sure + 0.2 if chunk.style & ITALIC and sure else 0.0
    return sure


def _is_single_author(chunks: Sequence[Chunk], index: int) -> bool:
    """Whether a part is a lone name or body right before the year: "OpenAI. 2023."."""
    text = chunks[index].text
    around = chunks[index].line.text[chunks[index].start - 1 : chunks[index].end + 1]
    if around[:1] + around[-1:] == "()":
        return False  # "(*Google*)" says where the authors work.
    if years(text) or is_label(text) or is_venue(text) or chunks[index].key:
        return False
    if not text[:1].isupper() or len(tokens(text)) > 4:
        return False
    after = chunks[index + 1].text if index + 1 < len(chunks) else ""
    dated = bool(years(after)) and (is_dated(after) or is_venue(after))
    return bool(chunks[index].style & ITALIC) or dated


def _joins(chunk: Chunk, after: Chunk) -> bool:
    between = chunk.line.text[chunk.end : after.start] if chunk.line is after.line else "\n"
    return chunk.style == after.style and len(between) <= 3 and "\n" not in between
