"""The bytes of a list as text, and every place in that text as a place in the bytes."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass

from enrich.errors import PapertideError

MOST_LINES = 2_000_000
"""A list of so many lines has hardly ten letters on each, and fills the memory."""
_STEP = 256
"""Characters between two noted places in a file that is not UTF-8."""
_SCAN = 4096
"""Bytes looked at to tell UTF-16 without a mark from a binary file."""
_LINE_END = re.compile(rb"\r\n|\n|\r")
_BINARY = "not a text list: it holds NUL bytes; give a Markdown, HTML or plain-text file"
_UNDECODABLE = "not a text list: most of it is in no text encoding known here"


@dataclass(frozen=True, slots=True)
class Source:
    """A decoded list. Offsets into `utf8` are what the readers use; `place` maps them back."""

    text: str
    utf8: bytes
    encoding: str
    shift: int
    places: tuple[tuple[int, ...], tuple[int, ...]]
    starts: tuple[int, ...]

    def place(self, offset: int) -> int:
        """The byte of the file as given at which the text at `offset` of `utf8` stands."""
        if not self.places[0]:
            return offset + self.shift
        at = bisect_right(self.places[0], offset) - 1
        base = self.places[0][at]
        between = self.utf8[base:offset].decode("utf-8", "ignore")
        return self.places[1][at] + len(between.encode(self.encoding))

    def line(self, offset: int) -> int:
        """The 1-based line on which `offset` of `utf8` stands."""
        return bisect_right(self.starts, offset)

    def cut(self, start: int, end: int) -> str:
        return self.utf8[start:end].decode("utf-8", "ignore")


def decode(data: bytes) -> Source:
    """The text of a list in UTF-8 (with or without a mark) or UTF-16.

    A byte that is not UTF-8 becomes one `?`, so that offsets stay as they are.
    Raises PapertideError for a file that is not text.
    """
    encoding, mark = _encoding(data)
    if data.count(b"\n") > MOST_LINES:
        raise PapertideError(f"not a list that can be read: more than {MOST_LINES:,} lines")
    if encoding != "utf-8":
        text = data[mark:].decode(encoding, "replace").replace("\ufffd", "?")
        utf8 = text.encode("utf-8", "replace")
        return Source(text, utf8, encoding, 0, _places(text, encoding, mark), _line_starts(utf8))
    if b"\0" in data:
        raise PapertideError(_BINARY)
    body = data[mark:]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        body = _mended(body)
        text = body.decode("utf-8")
    return Source(text, body, "utf-8", mark, ((), ()), _line_starts(body))


def _encoding(data: bytes) -> tuple[str, int]:
    """The encoding of a file, and the length of the mark at its start."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return encoding, len(mark)
    head = data[:_SCAN]
    if len(head) >= 8 and b"\0" in head:
        even, odd = head[::2].count(0), head[1::2].count(0)
        # Western text in UTF-16 has a NUL in nearly every second byte, and in no other.
        if not even and odd > len(head) // 4:
            return "utf-16-le", 0
        if not odd and even > len(head) // 4:
            return "utf-16-be", 0
    return "utf-8", 0


def _mended(body: bytes) -> bytes:
    """The bytes with each undecodable one replaced by `?`."""
    pieces: list[bytes] = []
    text = body.decode("utf-8", "surrogateescape")
    bad = sum(map(len, re.findall("[\udc80-\udcff]+", text)))
    if bad * 3 > len(body):
        raise PapertideError(_UNDECODABLE)
    pieces.append(re.sub("[\udc80-\udcff]", "?", text).encode("utf-8"))
    return b"".join(pieces)


def _places(text: str, encoding: str, mark: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Matching offsets in UTF-8 and in the file, noted at every `_STEP` characters."""
    here, there = [0], [mark]
    for at in range(0, len(text), _STEP):
        piece = text[at : at + _STEP]
        here.append(here[-1] + len(piece.encode("utf-8", "replace")))
        there.append(there[-1] + len(piece.encode(encoding, "replace")))
    return tuple(here), tuple(there)


def _line_starts(utf8: bytes) -> tuple[int, ...]:
    return (0, *(end.end() for end in _LINE_END.finditer(utf8)))
