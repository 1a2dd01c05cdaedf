"""How does a list write where and when its published works appeared?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from enrich.lists.venues import DATE, is_venue
from enrich.model import Entry, Span
from enrich.update.names import Named, are_alike

_PREPRINT = re.compile(
    r"\W*(?:(?:arxiv(?:\.org)?|corr|(?:bio|med|chem|psy|eng|tech|hal)r?xiv|ssrn|open\s?review)"
    r"(?:\.net)?(?:\s?\(?e?-?pre-?prints?\)?)?|(?:arxiv\s?)?e?-?pre-?prints?|under review)"
    r"(?:\s?[\[(]?(?:cs|stat|math|eess|econ|q-bio|q-fin)(?:\.[A-Z]{2})?[\])]?)?\W*",
    re.IGNORECASE,
)
"""A venue that says no more than that a work is a preprint."""
_JOINED = re.compile(r"[\s,.:_-]{0,3}['\u2019]?|%20%27|%20|%27")
_LABEL = re.compile(rb"[^\[\]\n<>]{0,60}(?:\](?:\(|\[)|</a>)", re.IGNORECASE)


class Style(NamedTuple):
    """`spellings`: the short names that the list writes, the most frequent first. `joint`: what
    stands between a venue and its year, or None where the list writes no year there. `digits`: of
    that year. `in_full`: most venues are written out. `findings_first`: "Findings of ACL";
    `findings_last`: "ACL'23 Findings", the year within. `in_links`: venues are labels of links.
    """

    spellings: tuple[str, ...] = ()
    joint: str | None = None
    digits: int = 4
    in_full: bool = False
    findings_first: bool = False
    findings_last: bool = False
    in_links: bool = False

    def name(self, venue: Named) -> tuple[str, str]:
        """A venue as this list would write it: what stands before its year, and behind it."""
        if venue.short is None or self.in_full:
            return venue.whole, ""
        short = self._spelled(venue.short)
        if not venue.is_findings:
            return short, ""
        if self.findings_first:
            return f"Findings of {short}", ""
        return (short, " Findings") if self.findings_last else (f"{short} Findings", "")

    def _spelled(self, short: str) -> str:
        """A short name in the list's own letters: of "NeurIPS" and "NIPS" the newer, where it
        writes both."""
        same = (s for s in self.spellings if s.lower() == short.lower())
        alike = (s for s in self.spellings if are_alike(s, short))
        return next(same, None) or next(alike, short)


class When(NamedTuple):
    """The year of an entry: its digits, and the date around them. `joint`: what parts it from the
    venue before it, `is_before` it; None where it stands elsewhere."""

    digits: Span
    date: Span
    joint: str | None
    is_before: bool = False

    @property
    def is_date(self) -> bool:
        """Whether a month says more than the year."""
        return self.date != self.digits


def is_preprint(venue: str) -> bool:
    """Whether a venue, as a list writes it, only says that a work is a preprint."""
    return _PREPRINT.fullmatch(venue) is not None


def style_of(utf8: bytes, entries: Iterable[Entry]) -> Style:
    """The way in which the list writes the venues of its published works."""
    spellings, joints, digits = Counter[str](), Counter[str | None](), Counter[int]()
    full = first = last = behind = linked = 0
    for entry in entries:
        venue = entry.venue
        if not venue or "venue" not in entry.spans or is_preprint(venue):
            continue
        found = when_of(utf8, entry)
        joint = found.joint if found and not found.is_date and not found.is_before else None
        joints[joint] += 1
        if found and joint is not None:
            digits[found.digits[1] - found.digits[0]] += 1
        full += len(venue.split()) >= 5
        first += venue.lower().startswith("findings of")
        last += venue.lower().endswith("findings") and len(venue.split()) <= 3
        behind += len(entry.spans["venue"]) == 2 and venue.lower().endswith(" findings")
        linked += is_label(utf8, entry.spans["venue"][0])
        if is_venue(venue):
            bare = re.sub(r"(?i)^findings of\s+|\s+findings$", "", venue)
            if len(bare.split()) == 1:
                spellings[bare] += 1
    usual = joints.most_common(1)[0][0] if joints else None
    return Style(
        tuple(name for name, _ in spellings.most_common()),
        usual,
        digits.most_common(1)[0][0] if digits else 4,
        bool(full) and 2 * full > joints.total(),
        first > last,
        behind > max(first, last - behind),
        linked > 0,
    )


def is_label(utf8: bytes, span: Span) -> bool:
    """Whether a venue stands in the text of a link."""
    return _LABEL.match(utf8, span[1]) is not None


def when_of(utf8: bytes, entry: Entry) -> When | None:
    """Where an entry writes its year, seen from its venue."""
    years: Sequence[Span] = entry.spans.get("year", ())
    venues: Sequence[Span] = entry.spans.get("venue", ())
    if len(years) != 1:
        return None
    digits = years[0]
    date = _date(utf8, digits)
    if not venues:
        return When(digits, date, None)
    behind = utf8[venues[-1][1] : date[0]] if venues[-1][1] <= date[0] else None
    before = utf8[date[1] : venues[0][0]] if date[1] <= venues[0][0] else None
    for gap, is_before in ((behind, False), (before, True)):
        text = gap.decode("utf-8", "replace") if gap is not None and len(gap) <= 8 else None
        if text is not None and "\n" not in text and _JOINED.fullmatch(text):
            return When(digits, date, text, is_before)
    return When(digits, date, None)


def _date(utf8: bytes, digits: Span) -> Span:
    """The date that the digits of a year stand in, or they themselves."""
    first = max(utf8.rfind(b"\n", 0, digits[0]) + 1, digits[0] - 24)
    line = utf8[first : digits[1] + 24].split(b"\n")[0]
    text = line.decode("utf-8", "replace")
    if len(text.encode()) != len(line) or not text.isascii():
        # Bytes and letters differ: only what follows the digits tells.
        tail = re.match(rb"\s?[-./]\s?\d{1,2}(?:[-./]\d{1,2})?(?!\d)", utf8[digits[1] :][:12])
        return (digits[0], digits[1] + tail.end()) if tail else digits
    for form in DATE.finditer(text):
        if first + form.start() <= digits[0] and digits[1] <= first + form.end():
            return first + form.start(), first + form.end()
    return digits
