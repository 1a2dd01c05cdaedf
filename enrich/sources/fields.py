"""What may stand in a field of an answer? Anything else reads as not told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

LARGEST_COUNT = 2**31 - 1
"""What the snapshot's INTEGER columns hold."""
MOST_CITATIONS = 10_000_000
"""The most cited papers of all have some hundred thousand."""
LONGEST_TEXT, LONGEST_LINE, LONGEST_NAME = 100_000, 2_000, 500
"""Letters of an abstract, of a title or venue, and of a person's name; the longest real ones have
a tenth. A longer text is none."""

_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)
"""Terminal escapes, half surrogates and marks that turn the reading direction."""
_ESCAPE = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]{0,500}(?:\x07|\x1b\\)")
"""What a terminal takes for a command: with its letters, which would be left over otherwise."""
_NO_TEXT = re.compile(r"[\x00\x1b\x9b\u202d\u202e]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def text(value: object, longest: int = LONGEST_TEXT) -> str | None:
    """A string on one line, without control characters; None for an empty or endless one."""
    if not isinstance(value, str) or len(value) > longest:
        return None
    return " ".join(_CONTROL.sub("", _ESCAPE.sub("", value)).split()) or None


def line(value: object) -> str | None:
    """As `text`, for a title or a venue."""
    return text(value, LONGEST_LINE)


def is_damaged(title: object) -> bool:
    """Whether this stands where a title should and can be none: it steers a terminal, turns the
    reading direction, or does not end. What comes with it says nothing of a paper.
    """
    if not isinstance(title, str):
        return False
    return len(title) > LONGEST_LINE or _NO_TEXT.search(title) is not None


def names(values: object) -> tuple[str, ...]:
    """The names in a list of strings, or of objects that hold them as `name` or `fullname`."""
    if not isinstance(values, list | tuple):
        return ()
    found = (_name(value) for value in values)
    return tuple(name for name in found if name)


def _name(value: object) -> str | None:
    if isinstance(value, dict):
        return text(value.get("fullname"), LONGEST_NAME) or text(value.get("name"), LONGEST_NAME)
    return text(value, LONGEST_NAME)


def count(value: object) -> int | None:
    """A whole number from 0 on."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= LARGEST_COUNT else None


def citations(value: object) -> int | None:
    """How often a paper can have been cited."""
    number = count(value)
    return number if number is not None and number <= MOST_CITATIONS else None


def year(value: object) -> int | None:
    """A year in which a paper can have appeared, from a number or the first one in a text."""
    if isinstance(value, str):
        found = _YEAR.search(value)
        return int(found[0]) if found else None
    number = count(value)
    return number if number and 1800 <= number <= 2100 else None


def day(value: object) -> date | None:
    """The day of an ISO date, or of milliseconds since 1970."""
    try:
        if isinstance(value, str):
            return date.fromisoformat(value[:10])
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return datetime.fromtimestamp(value / 1000, UTC).date()
    except (ValueError, OverflowError, OSError):
        pass
    return None


def address(value: object) -> str | None:
    """A web address."""
    url = text(value)
    if url is None or " " in url or not url.startswith(("http://", "https://")):
        return None
    return url


def first(values: Iterable[object]) -> object:
    """The first of some values that is not None."""
    return next((value for value in values if value is not None), None)
