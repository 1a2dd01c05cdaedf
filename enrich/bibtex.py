"""What papers does the ACL Anthology's bibliography list?"""

from __future__ import annotations

import gzip
import logging
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import Entry
from pylatexenc.latex2text import LatexNodes2Text

from enrich import ids
from enrich.model import ACL
from enrich.network.download import TooLargeError, UnfitError

LARGEST_TEXT = 1_000_000_000
"""Bytes unpacked; the file has about 160 MB, a bomb has a thousand times its packed size."""
PIECE = 1 << 20
"""Bytes parsed at a time: few enough for memory, many enough for speed."""
LARGEST_ENTRY = 4 * PIECE
LONGEST_LINE, LONGEST_TEXT = 2_000, 100_000
"""Letters of a title, venue or DOI, and of an author line or abstract, that are read; LaTeX takes a
second for 50,000. What is longer is not told."""

_GZIP = b"\x1f\x8b"
_START = re.compile(rb"\n[ \t]*(?=@)")
_PAPERS = frozenset({"inproceedings", "article", "incollection", "inbook", "book", "misc"})
_AND = re.compile(r"\s+and\s+")
_ESCAPE = re.compile(r"\{\\([%&#_])\}|\\([%&#_])")
_BARE_PERCENT = re.compile(r"(?<!\\)%")
_BRACES = str.maketrans("", "", "{}")
_TYPOGRAPHY = (
    ("---", "\u2014"),
    ("--", "\u2013"),
    ("``", "\u201c"),
    ("''", "\u201d"),
    ("~", " "),
)

# Both say on stderr what they make of broken text; here broken text is counted.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
_LATEX = LatexNodes2Text(math_mode="text", keep_comments=True)


@dataclass(frozen=True, slots=True)
class AclPaper:
    """An entry of the bibliography. `abstract` is still LaTeX: `plain` makes it text."""

    id: str
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    doi: str | None = None
    abstract: str | None = None


@dataclass(slots=True)
class Count:
    """How many entries were read and how many could not be."""

    papers: int = 0
    broken: int = 0


def papers(path: Path, count: Count | None = None) -> Iterator[AclPaper]:
    """Every paper of the file, gzipped or not, in its order, in bounded memory.

    Volumes are passed over; broken entries too, and counted. Raises UnfitError where the file
    ends early, and for a piece without a paper: whoever reads must hear of one every some seconds,
    to be able to stop. Raises TooLargeError where it unpacks to more than `LARGEST_TEXT`.
    """
    count = count if count is not None else Count()
    for piece in _pieces(path, count):
        before = count.papers
        for entry in _entries(piece, count):
            if entry.entry_type not in _PAPERS:
                continue
            paper = _paper({field.key.lower(): field.value for field in entry.fields})
            if paper is None:
                count.broken += 1
            else:
                count.papers += 1
                yield paper
        if count.papers == before and len(piece) >= PIECE:
            raise UnfitError("something that is no bibliography")


def verify(path: Path) -> None:
    """Raise as `papers` does, and for a file that is no bibliography; parses nothing."""
    starts, tail = 0, b"\n"
    for piece in _unpacked(path):
        starts += len(_START.findall(tail[-1:] + piece))
        tail = (tail + piece)[-100:]
    if not starts:
        raise UnfitError("something that is no bibliography")
    if not tail.rstrip().endswith(b"}"):
        raise UnfitError("only a part of the bibliography")


def plain(latex: str) -> str:
    """The text that a LaTeX title, name or abstract shows."""
    # The LaTeX parser takes half a millisecond; most texts have nothing but braces and escapes.
    text = _ESCAPE.sub(lambda m: m[1] or m[2], latex)
    if "\\" in text or "$" in text:
        return _decoded(latex)
    text = text.translate(_BRACES)
    for written, shown in _TYPOGRAPHY:
        text = text.replace(written, shown)
    return " ".join(text.split())


@lru_cache(maxsize=20_000)
def _decoded(latex: str) -> str:
    try:
        text = _LATEX.latex_to_text(_BARE_PERCENT.sub(r"\\%", latex))
    except Exception:  # the package raises whatever it stumbles over: `\\title` alone is enough
        text = latex.translate(_BRACES)
    return " ".join(text.split())


def _unpacked(path: Path) -> Iterator[bytes]:
    """The file's text in blocks of at most `PIECE` bytes."""
    with path.open("rb") as packed:
        is_packed = packed.read(2) == _GZIP
        packed.seek(0)
        text: BinaryIO = gzip.GzipFile(fileobj=packed) if is_packed else packed  # type: ignore[assignment]  # a reader too
        size = 0
        try:
            while block := text.read(PIECE):
                size += len(block)
                if size > LARGEST_TEXT:
                    raise TooLargeError(f"{path.name} unpacks to more than it should")
                yield block
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise UnfitError("a file that is cut off or damaged") from error


def _pieces(path: Path, count: Count) -> Iterator[str]:
    """The text cut before entries; what never ends is dropped and counted as broken."""
    rest = b""
    for block in _unpacked(path):
        rest += block
        cut = rest.rfind(b"\n@")
        if cut > 0:
            yield rest[:cut].decode("utf-8", "replace")
            rest = rest[cut:]
        elif len(rest) > LARGEST_ENTRY:
            count.broken += 1
            rest = b""
    yield rest.decode("utf-8", "replace")


def _entries(piece: str, count: Count) -> Iterator[Entry]:
    try:
        library = parse_string(piece, parse_stack=[])
    except Exception:  # the parser's own bugs: lose the entry that shows one, not its neighbours
        parts = piece.split("\n@")
        if len(parts) == 1:
            count.broken += 1
            return
        for part in (parts[0], *("@" + part for part in parts[1:])):
            yield from _entries(part, count)
        return
    count.broken += len(library.failed_blocks)
    yield from library.entries


def _paper(raw: dict[str, str]) -> AclPaper | None:
    """The paper that the raw values of an entry describe; None without an id or a title."""
    found = [i.value for i in ids.from_url(_unwrapped(raw.get("url", ""))) if i.scheme == ACL]
    title = _unwrapped(raw.get("title", ""))
    # One without an end is kept as one: whoever asks for the paper is to hear that it is damaged.
    title = plain(title) if len(title) <= LONGEST_LINE else title[: 2 * LONGEST_LINE]
    if not found or not title:
        return None
    year = _short(raw.get("year"))
    return AclPaper(
        id=found[0],
        title=title,
        authors=_names(_short(raw.get("author"), LONGEST_TEXT)),
        year=int(year) if len(year) == 4 and year.isascii() and year.isdigit() else None,
        venue=_decoded_venue(_short(raw.get("booktitle") or raw.get("journal"))) or None,
        doi=ids.doi(plain(_short(raw.get("doi")))),
        abstract=_short(raw.get("abstract"), LONGEST_TEXT) or None,
    )


@lru_cache(maxsize=1000)
def _decoded_venue(venue: str) -> str:
    return plain(venue)


def _names(authors: str) -> tuple[str, ...]:
    found = (_name(part) for part in _AND.split(authors) if part.strip())
    return tuple(name for name in found if name)


@lru_cache(maxsize=50_000)
def _name(written: str) -> str:
    """`Last, First` and `Last, Jr., First` as `First Last Jr.`."""
    parts = [plain(part) for part in written.split(",")]
    if len(parts) > 2:
        parts = [f"{parts[0]} {parts[1]}", *parts[2:]]
    return " ".join(part for part in reversed(parts) if part)


def _short(value: str | None, longest: int = LONGEST_LINE) -> str:
    """A value without its quotes; empty for none, and for one that has no end."""
    return _unwrapped(value) if value and len(value) <= longest else ""


def _unwrapped(value: str) -> str:
    """A value without the quotes or braces around it."""
    value = value.strip()
    if len(value) > 1 and value[0] + value[-1] in ('""', "{}"):
        return value[1:-1].strip()
    return value
