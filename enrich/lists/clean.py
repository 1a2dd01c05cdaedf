"""From pieces cut out of the source to a field: the one cleaning that every field goes through."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html import unescape

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
# Direction marks and zero-width characters change how a text looks, not what it says.
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_HYPHENS = re.compile(r"[\u2010\u2011]")
# Garbled UTF-8 shows as two or more such characters side by side; ftfy then decides.
_GARBLED = re.compile(
    r"[\u00a1-\u00ff\u0152-\u017e\u0192\u02c6-\u02dd\u2013-\u2122\u2202-\u25ca\ufb01\ufb02\uf8ff]{2,}"
)
# Latin letters, dashes and quotes, signs and emoji: what is garbled in lists.
_LIKELY = re.compile(
    r"[\u00a0-\u017f\u2010-\u2044\u20ac\u2122\u2190-\u21ff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]+"
)
_SPACE = re.compile(r"\s+")
_EDGES = " \t\r\n.,;:\uff0c\u3002\uff1b\uff1a\u3001|\u00b7*"


def repaired(text: str) -> str:
    """The text with mojibake undone (UTF-8 read as Latin-1, Windows-1252 or Mac Roman)."""
    if _GARBLED.search(text) is None:
        return text
    import ftfy  # Only here: few lists are garbled, and it is slow to load.

    fixed = ftfy.fix_encoding(text)
    return fixed if len(fixed) < len(text) else _GARBLED.sub(_from_mac_roman, text)


def _from_mac_roman(form: re.Match[str]) -> str:
    """Characters that are UTF-8 read as Mac Roman, where they make whole, likely characters."""
    try:
        text = form[0].encode("mac_roman").decode("utf-8")
    except UnicodeError:
        return form[0]
    return text if _LIKELY.fullmatch(text) else form[0]


_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
"""What steers a terminal; line ends of all kinds are blanks."""

LONGEST_TITLE = 1000
"""Characters; the longest titles that are known have some 400."""


def plain(pieces: Iterable[str]) -> str:
    """Pieces as one line of clean text: escapes and entities resolved, blanks collapsed."""
    text = "".join(pieces)
    if "**" in text:  # Bold that Markdown does not take for bold: `**Nick:**Title`.
        text = text.replace("**", "")
    if "\\" in text and "$" not in text:
        text = _ESCAPE.sub(r"\1", text)
    if "&" in text:
        text = _ENTITY.sub(lambda form: unescape(form[0]), text)
    if not text.isascii():
        text = _HYPHENS.sub("-", _INVISIBLE.sub("", repaired(text)))
        text = unicodedata.normalize("NFC", text)
    return _SPACE.sub(" ", _CONTROL.sub("", text)).strip()


def title(pieces: Iterable[str]) -> str | None:
    """A title without the full stop that ends it; a short-cut keeps the one of its "et al."."""
    text = plain(pieces).strip(" ,;:|")
    if text.endswith(".") and not text.endswith(("..", " al.")):
        text = text[:-1].rstrip()
    return text[:LONGEST_TITLE].rstrip() or None


def venue(pieces: Iterable[str]) -> str | None:
    """A venue without the marks that part it from its neighbours."""
    return plain(pieces).strip(_EDGES + "-\u2013\u2014/") or None


def year(pieces: Iterable[str]) -> int | None:
    """A year of four digits, or of two: `'98` is 1998, `'24` is 2024."""
    digits = re.sub(r"\D", "", "".join(pieces))
    if len(digits) == 2:
        return int(digits) + (1900 if int(digits) >= 70 else 2000)
    return int(digits[:4]) if len(digits) >= 4 else None


def url(pieces: Iterable[str]) -> str:
    """A link's target as written, escapes and entities resolved."""
    text = "".join(pieces)
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    return (_ENTITY.sub(lambda form: unescape(form[0]), text) if "&" in text else text).strip()


def count(pieces: Iterable[str]) -> int | None:
    """A citation count; a negative one is how lists write "unknown"."""
    digits = "".join(pieces).replace(",", "").strip()
    return int(digits) if re.fullmatch(r"\d{1,12}", digits) else None
