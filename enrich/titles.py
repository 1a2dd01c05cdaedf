"""When are two titles the same title, and two author lines compatible?"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

TEX_COMMAND = re.compile(r"\\([A-Za-z]+)\*?|\\.")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,40}>")
NO_LETTER = re.compile(r"[\W_]+")
INSIDE = re.compile(r"[{}$^'\u2018\u2019\u00b4`]+")
WORD = re.compile(r"[^\W_]+")
COMBINING = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff]+")
GREEK = re.compile("[\u0370-\u03ff]")
TEXT_COMMANDS = frozenset(
    "textbf textit textsc texttt textrm textsf emph mathbf mathrm mathcal mathbb mathit mathsf "
    "text bf it rm em tt sc left right c v u k r b h d".split()
)
PARTICLES = frozenset(
    "de del der den van von la le di da dos du el al et etal and others bin ibn".split()
)

DISTINCT_KEY = 32
"""Letters and digits from which a title says enough to stand for its paper without authors.

"Attention is all you need" has 21, and several papers are called that. A longer title that two
works share is nearly always one work listed twice.
"""


LONGEST_TITLE = 1000
"""Letters of a title that are compared: the cost grows with the product of two lengths."""


@lru_cache(maxsize=2**17)  # a night asks for each title's key in every round
def key(title: str) -> str:
    """The letters and digits of a title, folded: equal for the same title in other spelling.

    Case, accents, punctuation, spaces, TeX markup and Greek against its TeX name are ignored;
    the result is empty where a title has no letter or digit.
    """
    return NO_LETTER.sub("", plain(title))


def words(title: str) -> list[str]:
    """The words of a title, folded as in `key`; `&` is the word it is read as."""
    return WORD.findall(INSIDE.sub("", plain(title)).replace("&", " and "))


def plain(title: str) -> str:
    """A title without markup, folded: lower case, no accents, Greek letters by name."""
    text = TAG.sub(" ", title) if "<" in title else title
    if "\\" in text:
        text = TEX_COMMAND.sub(_command, text)
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text).casefold()
    return GREEK.sub(_letter, COMBINING.sub("", text))


def _command(tex: re.Match[str]) -> str:
    """What a TeX command reads as: nothing for one that only sets its argument in another face."""
    name = tex[1] or ""
    return "" if name.lower() in TEXT_COMMANDS else name


def _letter(greek: re.Match[str]) -> str:
    """A Greek letter by its name, as TeX has it, so that `π` and `$\\pi$` are one."""
    name = unicodedata.name(greek[0], "").rpartition(" ")[2].lower()
    return "lambda" if name == "lamda" else name or greek[0]  # lamda: as Unicode spells it


def similarity(one: str, other: str) -> float:
    """How alike two titles are, 0 to 1, on their folded words."""
    return fuzz.ratio(_words(one[:LONGEST_TITLE]), _words(other[:LONGEST_TITLE])) / 100


def alike(one: str | None, other: str | None) -> bool:
    """Whether two titles may name one paper: unknown, equal, nearly so, or one with a subtitle.

    This is the check on an identifier that a source reports, not a matcher: it only keeps apart
    what is plainly another paper.
    """
    if not one or not other or one == other:
        return True
    first, second = sorted((key(one), key(other)), key=len)
    if second.startswith(first) and len(first) >= DISTINCT_KEY // 3:
        return True
    return similarity(one, other) >= 0.75


def _words(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^\w]+", " ", folded).strip()


def names(authors: str | tuple[str, ...] | None) -> frozenset[str]:
    """The folded words of an author line that can tell one person from another.

    `Yves Gr et al.` gives `{yves, gr}`; initials and particles are dropped.
    """
    if not authors:
        return frozenset()
    text = authors if isinstance(authors, str) else " ".join(authors)
    text = unicodedata.normalize("NFKD", text).casefold()
    if not text.isascii():
        text = "".join(c for c in text if not unicodedata.combining(c))
    return frozenset(w for w in re.findall(r"[^\W\d_]{2,}", text) if w not in PARTICLES)


def compatible(one: frozenset[str], other: frozenset[str], title_key: str) -> bool:
    """Whether two author lines can belong to one paper whose title has this key.

    Lists name one author of twelve, by given or family name, so one shared word is agreement.
    Where a side says nothing the title must be long enough to stand alone.
    """
    if one and other:
        return not one.isdisjoint(other)
    return len(title_key) >= DISTINCT_KEY
