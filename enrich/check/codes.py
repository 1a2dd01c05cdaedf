"""Which faults does `papertide check` know, and by which codes are they named?"""

from __future__ import annotations

import difflib
from enum import StrEnum

from enrich.errors import ConfigError


class Code(StrEnum):
    """The codes, which stay; docs/checking.md says of each what it means and how to mend it."""

    UNKNOWN_CODE = "PT001"
    MISMATCHED_LINK = "PT101"
    UNKNOWN_IDENTIFIER = "PT102"
    NO_IDENTIFIER = "PT103"
    DUPLICATE = "PT201"
    SUPERSEDED = "PT202"
    WITHDRAWN = "PT203"
    RETRACTED = "PT204"
    STALE_COUNT = "PT301"
    ODD_YEAR = "PT302"
    ODD_VENUE = "PT303"
    OPEN_LINK = "PT401"
    EMPTY_TARGET = "PT402"
    NO_TARGET = "PT403"
    BROKEN_SCHEME = "PT404"

    @property
    def title(self) -> str:  # type: ignore[override]  # a heading, not the method of strings
        """The fault in a few words."""
        return self.name.replace("_", " ").lower()


def code(text: str, where: str) -> Code:
    """The code that a person wrote.

    Raises:
        ConfigError: there is none of this name; names the nearest.
    """
    try:
        return Code(text)
    except ValueError:
        raise ConfigError(f"{where}: no check has the code {text!r}; {nearest(text)}") from None


def nearest(text: str) -> str:
    """Which code may have been meant, as a question."""
    near = difflib.get_close_matches(text.upper(), list(Code), n=1, cutoff=0.0)
    return f"did you mean {str(near[0])!r}?" if near else f"they begin with {str(Code('PT001'))!r}"
