"""Values that no list states, made from a hash of the paper, so that every run sees the same."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

FIRST_DAY = date(2026, 1, 1)
"""The day at which every simulated count stands at its base."""

MARK = "[Simulated] "

_SENTENCES = (
    "It stands in for the abstract of “{title}”, which the sandbox does not hold.",
    "Methods, data and figures are all invented, down to the 93.7% that every table reports.",
    "We compare R&D budgets of $\\alpha$-weighted and $k$-best systems in < 10 minutes.",
    "Nothing here was measured; \u2018baseline\u2019 and “state of the art” are words only.",
    "Code is promised for the day after the deadline (see https://example.org/~none?a=1&b=2).",
    "The naïve reader, Gödel among them, should not cite a single line of it.",
    "Ablations show that 50 % of the sentences could be removed without loss.",
)
_SHARE = float(1 << 64)


def roll(key: str, salt: str) -> float:
    """A number in [0, 1) that depends on the paper's key and on what it is for."""
    digest = hashlib.blake2b(f"{salt}\0{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / _SHARE


def sha(key: str) -> str:
    """A Semantic Scholar paperId: 40 hexadecimal digits."""
    return hashlib.sha1(f"papertide sandbox\0{key}".encode(), usedforsecurity=False).hexdigest()


def corpus_id(key: str) -> int:
    """A Semantic Scholar corpus id, above those given out so far."""
    return 1_000_000_000 + int(roll(key, "corpus") * 1_000_000_000)


def citations(key: str, base: int | None, today: date) -> int:
    """A count that grows with the days: on an average night for about four works of a hundred.

    `base` is a count to start from; without one most works get few and a few get many.
    """
    if base is None:
        base = int(2.0 ** (roll(key, "base") * 11)) - 1
    per_day = 0.01 + 0.2 * roll(key, "growth") ** 6
    grown = int((today - FIRST_DAY).days * per_day + roll(key, "phase"))
    return max(base + grown, 0)


def influential(key: str, count: int) -> int:
    """How many of the citations count as influential: 2 to 12 of a hundred."""
    return int(count * (0.02 + 0.1 * roll(key, "influential")))


def abstract(key: str, title: str) -> str:
    """Text with the characters that break careless clients, after the mark of the simulated."""
    opening = f"{MARK}This text was put together by Papertide's sandbox."
    chosen = (s for i, s in enumerate(_SENTENCES) if i == 0 or roll(key, f"sentence {i}") < 0.5)
    return " ".join((opening, *(s.format(title=title) for s in chosen)))


def published(key: str, arxiv_id: str | None, year: int | None) -> date:
    """A day in the month that an arXiv id names, else in the year, else in 2020."""
    day = 1 + int(roll(key, "day") * 28)
    number = (arxiv_id or "").rpartition("/")[2]
    if number[:4].isdigit() and 1 <= int(number[2:4]) <= 12:
        century = 1900 if int(number[:2]) > 90 else 2000
        return date(century + int(number[:2]), int(number[2:4]), day)
    return date(year or 2020, 1 + int(roll(key, "month") * 12), day)


def versions(key: str) -> int:
    """How many versions of a preprint there are: most have one or two."""
    return 1 + int(roll(key, "versions") ** 3 * 6)


def revised(first: date, version: int) -> date:
    """The day of a preprint's version: some weeks after the one before."""
    return first + timedelta(days=45 * (version - 1))


def lacks(key: str, what: str, share: float) -> bool:
    """Whether this paper is one of the share that a service has not got something of."""
    return roll(key, f"lacks {what}") < share


HOSTILE = (
    '=HYPERLINK("http://127.0.0.1/","free") <script>alert(1)</script> \u202egnp.exe\u202c '
    "'; DROP TABLE papers; -- ../../../etc/passwd ${HOME} {{7*7}} %s %n "
    "\x1b]0;owned\x07\x1b[2J\x00\u2028" + "A" * 5000
)
"""What a service might send to hurt terminals, spread sheets, pages, SQL and buffers."""
