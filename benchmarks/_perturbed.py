"""What else might a list have written for a paper, and what that is nearly its title is not?

Every change is a function of a line and of a generator of random numbers seeded by both, so that a
run repeats; None where a line has nothing to change.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from benchmarks._labelled import Line
from enrich.matching.values import Wanted

Change = Callable[[Wanted, Sequence[str], random.Random], Wanted | None]
"""From what a line says, and the authors of its paper, to what it might have said."""

NUMBERS = "one two three four five six seven eight nine ten".split()
OPPOSITES = {
    "with": "without",
    "without": "with",
    "can": "cannot",
    "cannot": "can",
    "are": "are not",
    "is": "is not",
    "do": "do not",
    "does": "does not",
    "supervised": "unsupervised",
    "unsupervised": "supervised",
    "online": "offline",
    "offline": "online",
    "first": "second",
}
LATEX = (("é", "{\\'e}"), ("ö", '{\\"o}'), ("ü", '{\\"u}'), ("π", "$\\pi$"), ("β", "$\\beta$"))
_SUBTITLE = re.compile(r"(.{8,}?)(?:[:?]| [-–—]) +\S.{7,}")
_WORD = re.compile(r"[A-Za-z]{4,}")


def varied(
    lines: Iterable[Line], kind: str, authors: Mapping[int, Sequence[str]]
) -> Iterator[Line]:
    """The lines that can be changed in this way, changed. `authors`: by work."""
    change = CHANGES.get(kind) or OTHERS[kind]
    for line in lines:
        known = next((authors[work] for work in sorted(line.works) if authors.get(work)), ())
        chance = random.Random(f"{kind} {line.wanted.title}")
        wanted = change(line.wanted, known, chance)
        if wanted is not None and wanted != line.wanted:
            yield line._replace(wanted=wanted, works=frozenset() if kind in OTHERS else line.works)


def _typos(wanted: Wanted, _: Sequence[str], chance: random.Random) -> Wanted:
    title = wanted.title
    for _ in range(chance.randint(1, 2)):
        at = chance.randrange(1, len(title) - 1)
        letter = chance.choice(string.ascii_lowercase)
        title = chance.choice(
            (
                title[:at] + title[at + 1 :],
                title[:at] + letter + title[at:],
                title[:at] + letter + title[at + 1 :],
                title[:at] + title[at + 1] + title[at] + title[at + 2 :],
            )
        )
    return wanted._replace(title=title)


def _without_subtitle(wanted: Wanted, _: Sequence[str], __: random.Random) -> Wanted | None:
    cut = _SUBTITLE.fullmatch(wanted.title)
    return wanted._replace(title=cut[1]) if cut else None


def _without_nick(wanted: Wanted, _: Sequence[str], __: random.Random) -> Wanted | None:
    nick, colon, rest = wanted.title.partition(": ")
    return wanted._replace(title=rest) if colon and len(nick) < 20 <= len(rest) else None


def _truncated(wanted: Wanted, _: Sequence[str], chance: random.Random) -> Wanted | None:
    words = wanted.title.split()
    if len(words) < 6:
        return None
    kept = max(4, round(len(words) * chance.uniform(0.5, 0.8)))
    return wanted._replace(title=" ".join(words[:kept]) + chance.choice(("", "...", "…")))


def _other_year(wanted: Wanted, _: Sequence[str], chance: random.Random) -> Wanted | None:
    years = chance.choice((-5, -4, -3, -2, -1, 1, 2, 3, 4, 5))
    return wanted._replace(year=wanted.year + years) if wanted.year else None


def _one_author(wanted: Wanted, authors: Sequence[str], _: random.Random) -> Wanted | None:
    return wanted._replace(authors=authors[0]) if authors else None


def _given_name(wanted: Wanted, authors: Sequence[str], _: random.Random) -> Wanted | None:
    names = authors[0].split() if authors else []
    return wanted._replace(authors=names[0]) if len(names) > 1 and len(names[0]) > 2 else None


def _no_details(wanted: Wanted, _: Sequence[str], __: random.Random) -> Wanted:
    return Wanted(wanted.title)


def _nick_in_front(wanted: Wanted, _: Sequence[str], __: random.Random) -> Wanted | None:
    words = _WORD.findall(wanted.title)
    if len(words) < 3 or ":" in wanted.title:
        return None
    return wanted._replace(title=f"{''.join(word[0].upper() for word in words)}: {wanted.title}")


def _other_marks(wanted: Wanted, _: Sequence[str], chance: random.Random) -> Wanted:
    title = chance.choice((str.upper, str.lower, str.title))(wanted.title)
    title = title.replace(":", chance.choice((" -", ".", ",", ":"))).replace("-", " ")
    return wanted._replace(title=title + chance.choice(("", ".", ",")))


def _latex(wanted: Wanted, _: Sequence[str], chance: random.Random) -> Wanted:
    title = wanted.title.replace("&", r"\&").replace("%", r"\%")
    for letter, command in LATEX:
        title = title.replace(letter, command)
    words = title.split(" ")
    at = chance.randrange(len(words))
    words[at] = chance.choice(("{%s}", r"\textbf{%s}", r"\emph{%s}", "{{%s}}")) % words[at]
    return wanted._replace(title=" ".join(words))


def _plural(wanted: Wanted, _: Sequence[str], chance: random.Random) -> Wanted:
    word = chance.choice(_WORD.findall(wanted.title) or [wanted.title])
    other = word[:-1] if word.endswith("s") else word + "s"
    return wanted._replace(title=wanted.title.replace(word, other, 1))


def _opposite(wanted: Wanted, _: Sequence[str], chance: random.Random) -> Wanted | None:
    words = wanted.title.split(" ")
    places = [at for at, word in enumerate(words) if word.lower() in OPPOSITES]
    if not places:
        return None
    at = chance.choice(places)
    other = OPPOSITES[words[at].lower()]
    words[at] = other.capitalize() if words[at][0].isupper() else other
    return wanted._replace(title=" ".join(words))


def _other_number(wanted: Wanted, _: Sequence[str], chance: random.Random) -> Wanted | None:
    if found := list(re.finditer(r"\d+", wanted.title)):
        number = chance.choice(found)
        other = str(int(number[0]) + chance.choice((1, 2, 3)))
        title = wanted.title[: number.start()] + other + wanted.title[number.end() :]
        return wanted._replace(title=title)
    words = wanted.title.split(" ")
    places = [at for at, word in enumerate(words) if word.lower() in NUMBERS[:-1]]
    if not places:
        return None
    at = chance.choice(places)
    words[at] = NUMBERS[NUMBERS.index(words[at].lower()) + 1].capitalize()
    return wanted._replace(title=" ".join(words))


def _next_part(wanted: Wanted, _: Sequence[str], chance: random.Random) -> Wanted:
    part = chance.choice((": Part II", ", Part 2", " II", " (Part Two)", " v2"))
    return wanted._replace(title=wanted.title + part)


CHANGES: Mapping[str, Change] = {
    "1-2 typos": _typos,
    "sub-title dropped": _without_subtitle,
    "nick dropped": _without_nick,
    "title truncated": _truncated,
    "wrong year": _other_year,
    "one author": _one_author,
    "a given name": _given_name,
    "title alone": _no_details,
    "nick in front": _nick_in_front,
    "case and marks": _other_marks,
    "LaTeX": _latex,
    "plural": _plural,
}
"""Forms of the title, or of what stands beside it, that still mean the paper."""

OTHERS: Mapping[str, Change] = {
    "opposite": _opposite,
    "another number": _other_number,
    "another part": _next_part,
}
"""Titles that are nearly a paper's and would be another paper's."""
