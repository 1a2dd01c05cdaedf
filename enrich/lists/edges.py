"""Trims what only surrounds a title: marks, numbers, tags, quotation marks, where and when."""

from __future__ import annotations

import re

from enrich.lists.ends import LAST, TYPED
from enrich.lists.occasions import is_occasion, occasion_end
from enrich.lists.words import is_label, length, tokens

_LEAD = re.compile(
    r"(?:\s|\ufe0f|:[a-z0-9_+-]{2,40}:|\[[ xX]\](?=\s)|#?\d{1,4}[.)](?=\s)|#\d{1,4}(?=\s)"
    r"|[\[(\u3010]\d{1,4}[\])\u3011]|[-\u2013\u2014+~*](?=\s)"
    r"|(?!\u221a\S)[^\w\s\"'\u201c\u2018($\\\[\u3010\u300a<@#~`.+-])+"
)
_TAG = re.compile(r"[\[(\u3010<]([^\[\]()\u3010\u3011<>\n]{1,60})[\])\u3011>]\s{0,4}[:,-]?\s{0,4}")
_KEY = re.compile(
    r"\s{0,4}(?:title|paper(?: title)?|\u6807\u9898|\u9898\u76ee|\u8bba\u6587)\s?[:\uff1a]\s{0,4}",
    re.IGNORECASE,
)
_AROUND = ' \t\n,;|\u00b7"\u201c\u201d\u300a\u300b\u00ab\u00bb*_'
_AFTER = _AROUND + ":\uff1a\uff0c\u3001"
# ", ICML 2010" and marks at the end of a link's text.
_TAIL = re.compile(r"(?:,|\s[-\u2013\u2014|])\s([^,|()\[\]]{0,40}\d\d)$")
_TRAIL = re.compile(
    r"(?:\s{0,3}(?::[a-z][a-z0-9_+-]{1,40}:|[\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff])){1,9}$"
)
_PAIRS = {"[": "]", "(": ")", "\u3010": "\u3011"}
_ROUNDS = 8
"""How often marks around a title are looked for again under those just cut."""


def marks_end(text: str) -> int:
    """How much of a text are marks before its first word: emoji, numbers, a check box."""
    form = _LEAD.match(text)
    return form.end() if form else 0


def trail_start(text: str, start: int, end: int) -> int:
    """Where emoji and their short codes begin that end a slice: "AAAI :star:"."""
    form = _TRAIL.search(text, start, end)
    return form.start() if form else end


def is_titled(text: str) -> bool:
    """Whether a text begins with a key that announces a title ("Title: ...")."""
    return _KEY.match(text, marks_end(text[:80])) is not None


def is_title_key(text: str) -> bool:
    """Whether a text is but the key of a title ("Title:")."""
    return _KEY.fullmatch(text.strip(" :\uff1a") + ":") is not None


def within(text: str, start: int, end: int) -> tuple[int, int]:
    """A slice without what only surrounds a title: marks, numbers, tags, quotes, stops."""
    for _ in range(_ROUNDS):
        before = start, end
        if form := _TRAIL.search(text, start, end):
            end = max(start, form.start())
        start = lead_end(text, start, end)
        while start < end and text[start] in _AROUND and not _quotes(text, start, end, start):
            start += 1
        while end > start and text[end - 1] in _AFTER and not _quotes(text, start, end, end - 1):
            end -= 1
        stopped = end - start > 1 and text[end - 1] in ".\u3002" and text[end - 2] != "."
        if stopped and not text.endswith(" al.", start, end):
            end -= 1
        if end - start > 2 and text[start] in _PAIRS and _closing(text, start, end) == end - 1:
            start, end = start + 1, end - 1
        if form := _KEY.match(text, start, end):
            start = form.end()
        for form in TYPED.finditer(text, max(start, end - 8), end):
            end = form.start() if form.end() == end else end
        for pattern in (LAST, _TAIL):
            form = pattern.search(text, start, end)
            if form is not None and form.start() > start and is_occasion(form[1]):
                end = form.start()
        at = occasion_end(text, start, min(end, start + 80))
        if any(map(str.isdigit, text[start:at])) and length(text[at:end]) >= 2:
            start = at
        if (start, end) == before:
            break
    return start, end


def _quotes(text: str, start: int, end: int, at: int) -> bool:
    """Whether the mark at an end of a slice quotes a part of it rather than all of it."""
    if text[at] == '"':
        count = text.count('"', start, end)
        return count % 2 == 0 and not (count == 2 and text[start] == text[end - 1])
    if text[at] in "\u201c\u201d":
        count = text.count("\u201c", start, end)
        whole = count == 1 and text[start] + text[end - 1] == "\u201c\u201d"
        return count == text.count("\u201d", start, end) and not whole
    return False


def lead_end(text: str, start: int, end: int) -> int:
    """Where a title may begin: behind marks, numbers, and tags such as [ICLR 2024] or (2023)."""
    for _ in range(_ROUNDS):
        before = start
        if form := _LEAD.match(text, start, end):
            start = form.end()
        if (form := _TAG.match(text, start, end)) and form.end() < end - 3:
            nick = text[start] in "[\u3010" and len(tokens(form[1])) <= 4
            if nick or is_occasion(form[1]) or is_label(form[1]) or not re.search(r"\w", form[1]):
                start = form.end()
        if start == before:
            break
    return start


def _closing(text: str, start: int, end: int) -> int:
    """Where the bracket that opens at `start` closes."""
    depth = 0
    for index in range(start, end):
        depth += (text[index] == text[start]) - (text[index] == _PAIRS[text[start]])
        if depth == 0:
            return index
    return -1
