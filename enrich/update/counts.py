"""What becomes of the citation counts that an entry writes?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from enrich.ids import url_of
from enrich.lists import clean
from enrich.model import S2, Entry, Span
from enrich.papers import Paper, ids_of
from enrich.update.edits import Edit
from enrich.update.whose import OWN, Legend, Whose, whose

_WORD = rb"(?:cited(?:(?:\s|%20|_){1,2}by)?|cit?ations?|cication|cites?|#\s?cit\w*)"
_WORD_BEFORE = re.compile(
    rb"(?:" + _WORD + rb"|\xe8\xa2\xab?\xe5\xbc\x95\xe7\x94\xa8?(?:\xe6\xac\xa1\xe6\x95\xb0)?)"
    rb"(?:\s{0,3}(?:[:=]|\xef\xbc\x9a)?\s{0,3}[\[(*`]{0,6}\s{0,2}|-|&message=)$",
    re.IGNORECASE,
)
_WORD_BEHIND = re.compile(rb"[*`\])]{0,4}\s?" + _WORD, re.IGNORECASE)
_BADGE = re.compile(rb"shields\.io/[^\s()\[\]<>\"']*$", re.IGNORECASE)
_IN_ADDRESS = OWN.replace(" ", "%20").encode()
_GOOGLE = re.compile(rb"(g)oogle((?:%20|[\s_+-]){0,3})(s)cholar", re.IGNORECASE)
_DATED = re.compile(
    rb"[^\n|;]{0,12}(?:\b(?:as\sof|until|retrieved|accessed|updated)\b|\xe6\x88\xaa\xe8\x87\xb3)",
    re.I,
)
"""A count with its date beside it is a statement about that day."""


def counted(
    utf8: bytes,
    entry: Entry,
    paper: Paper,
    legends: Sequence[Legend],
    *,
    replace: bool,
    commas: bool,
) -> Iterator[tuple[Edit, ...] | str]:
    """The edits of each count, or the other source whose count it stays.

    `replace`: another source's count gives way, with its link and its label. `commas`: whether the
    list parts thousands. A count that is not known, or that would fall to zero, is left.
    """
    new = paper.citation_count
    for start, end in entry.spans.get("counts", ()):
        text = utf8[start:end].decode("utf-8", "replace")
        old = clean.count([text])
        if new is None or (new == 0 and old) or _DATED.match(utf8, end):
            continue
        said = whose(utf8, (start, end), legends)
        if said.name and (not replace or said.is_fixed or page(paper) is None):
            yield said.name
            continue
        number = f"{new:,}" if commas or "," in text else str(new)
        edits = []
        if old != new:
            edits.append(Edit(start, end, number.encode(), "count", _told(paper)))
        if said.name or (said.is_empty and page(paper)):
            edits += _credited(utf8, (start, end), said, paper)
        if edits:
            yield tuple(edits)


def page(paper: Paper) -> str | None:
    """The paper's page at Semantic Scholar, whose counts these are."""
    return next((url_of(i) for i in ids_of(paper) if i.scheme == S2), None)


def parts_thousands(utf8: bytes, entries: Sequence[Entry]) -> bool:
    """Whether a list writes 1,234 and not 1234."""
    spans = [span for entry in entries for span in entry.spans.get("counts", ())]
    return any(b"," in utf8[start:end] for start, end in spans)


def _told(paper: Paper) -> str:
    when = f", {paper.citations_checked_at:%Y-%m-%d}" if paper.citations_checked_at else ""
    return f"{OWN}{when}"


def _credited(utf8: bytes, span: Span, said: Whose, paper: Paper) -> Iterator[Edit]:
    """The link to Semantic Scholar's page in the place of the other source's or of none, and a
    label that names it."""
    why = f"{said.name}'s" if said.name else "the link led nowhere"
    if said.link:
        yield Edit(*said.link, (page(paper) or "").encode(), "link", why)
    for start, end in said.labels:
        yield Edit(start, end, _renamed(utf8, start, end), "label", why)
    if not said.labels and not said.is_own and (edit := _labelled(utf8, span, why)):
        yield edit


def _renamed(utf8: bytes, start: int, end: int) -> bytes:
    """Semantic Scholar's name as the other's was written."""
    if form := _GOOGLE.fullmatch(utf8, start, end):
        semantic = b"Semantic" if form[1] == b"G" else b"semantic"
        return semantic + form[2] + form[3] + b"cholar"
    return _IN_ADDRESS if _BADGE.search(utf8, max(0, start - 300), start) else OWN.encode()


def _labelled(utf8: bytes, span: Span, why: str) -> Edit | None:
    """Semantic Scholar's name, put to the word that says what the number is; a column has none."""
    in_badge = _BADGE.search(utf8, max(0, span[0] - 300), span[0]) is not None
    name = _IN_ADDRESS + b"%20" if in_badge else OWN.encode() + b" "
    if form := _WORD_BEFORE.search(utf8, max(0, span[0] - 40), span[0]):
        return Edit(form.start(), form.start(), name, "label", why)
    behind = re.compile(rb"-" + _WORD, re.IGNORECASE) if in_badge else _WORD_BEHIND
    if form := behind.match(utf8, span[1]):
        if in_badge:
            return Edit(form.start() + 1, form.start() + 1, name, "label", why)
        return Edit(form.end(), form.end(), b" (" + OWN.encode() + b")", "label", why)
    return None


def appended(utf8: bytes, region: Span, entry: Entry, paper: Paper, template: str) -> Edit | None:
    """The count of an entry that writes none, in the words of the list's template; None where it
    is not known or has no place. `region`: where the entry's lines stand."""
    url = page(paper)
    if paper.citation_count is None or "counts" in entry.spans or ("{url}" in template and not url):
        return None
    at = _place(utf8, region, entry)
    if at is None:
        return None
    text = template.strip().replace("{count}", str(paper.citation_count))
    joint = "<br>" if entry.layout == "table" else " "
    return Edit(
        at, at, f"{joint}{text.replace('{url}', url or '')}".encode(), "count", _told(paper)
    )


_LINE_TAIL = re.compile(rb"(?:\s|<br\s*/?>|\\)*\Z", re.IGNORECASE)
_CELL_END = re.compile(rb"[^|\n]*?(?=\s*(?<!\\)\|)")


def _place(utf8: bytes, region: Span, entry: Entry) -> int | None:
    """Where a count is added: at the end of the line on which the title ends, or in a table of its
    cell. An HTML row has no place for it."""
    ends = [end for start, end in entry.spans.get("title", ()) if region[0] <= start < region[1]]
    if not ends or entry.layout == "html-table":
        return None
    last = max(ends)
    if entry.layout == "table":
        cell = _CELL_END.match(utf8, last, region[1])
        return cell.end() if cell else None
    line = re.split(rb"[\r\n]", utf8[last : region[1]], maxsplit=1)[0]
    tail = _LINE_TAIL.search(line)
    return last + (tail.start() if tail else len(line))
