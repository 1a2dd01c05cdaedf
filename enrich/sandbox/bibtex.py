"""An entry of the Anthology's BibTeX file, with the braces, accents and escapes of the real one."""

from __future__ import annotations

import re
import unicodedata

from enrich.sandbox import simulate
from enrich.sandbox.world import Paper

_ACCENTS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0307": ".",
    "\u0308": '"',
    "\u030a": "r ",
    "\u030b": "H ",
    "\u030c": "v ",
    "\u0327": "c ",
    "\u0328": "k ",
    "\u0306": "u ",
}
_LETTERS = {
    "ø": "{\\o}",
    "Ø": "{\\O}",
    "ł": "{\\l}",
    "Ł": "{\\L}",
    "ß": "{\\ss}",
    "æ": "{\\ae}",
}
_ESCAPED = {
    "%": "{\\%}",
    "&": "{\\&}",
    "#": "{\\#}",
    "_": "{\\_}",
    '"': "''",
    "\\": "{\\textbackslash}",
    "{": "(",
    "}": ")",
}
_TYPOGRAPHY = {
    "\u201c": "``",
    "\u201d": "''",
    "\u2018": "`",
    "\u2019": "'",
    "\u2013": "--",
    "\u2014": "---",
    "~": "{\\textasciitilde}",
}
_TABLE = str.maketrans(_LETTERS | _ESCAPED | _TYPOGRAPHY)
_ACRONYM = re.compile(r"\b(?=\w*[A-Z]\w*[A-Z])[\w-]*\w\b")
_MATH = re.compile(r"(\$[^$]*\$)")
_JOURNALS = re.compile(r"Transactions of|Journal|Computational Linguistics, Volume")
_MONTHS = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)


def entry(paper: Paper, key: str) -> str:
    """One entry as the Anthology writes it; one in six comes without an abstract."""
    venue = paper.venue or "Proceedings"
    journal = bool(_JOURNALS.match(venue))
    lines = [f"@{'article' if journal else 'inproceedings'}{{{key},"]
    _add(lines, "title", _title(paper.title))
    if paper.authors:
        _add(lines, "author", "  and\n      ".join(map(_family_first, paper.authors)))
    _add(lines, "journal" if journal else "booktitle", latex(venue))
    lines.append(f"    month = {_MONTHS[int(simulate.roll(key, 'bib month') * 12)]},")
    _add(lines, "year", str(paper.year or 2020))
    _add(lines, "publisher", "Association for Computational Linguistics")
    _add(lines, "url", f"https://aclanthology.org/{paper.acl_id}/")
    if paper.doi:
        _add(lines, "doi", paper.doi)
    first = 1 + int(simulate.roll(key, "page") * 9000)
    _add(lines, "pages", f"{first}--{first + 11}")
    if paper.abstract or not simulate.lacks(paper.key, "an abstract in the Anthology", 1 / 6):
        _add(lines, "abstract", latex(paper.text))
    lines[-1] = lines[-1].removesuffix(",")
    return "\n".join((*lines, "}", ""))


def citation_key(paper: Paper) -> str:
    """`first-second-year-word` or `first-etal-year-word`: several papers may have the same."""
    names = [_plain(name.split()[-1]) for name in paper.authors if name.split()] or ["anonymous"]
    people = "-".join(names) if len(names) < 3 else f"{names[0]}-etal"
    long = (word for word in re.findall(r"\w+", _plain(paper.title)) if len(word) > 3)
    return f"{people}-{paper.year or 2020}-{next(long, 'paper')}"


def latex(text: str) -> str:
    """Text for a quoted BibTeX value: maths stays, accents become commands, braces balance."""
    return "".join(_pieces(text))


def _title(text: str) -> str:
    """A title with its acronyms kept from a style's lower-casing."""
    pieces = _pieces(text)
    pieces[::2] = [_ACRONYM.sub(r"{\g<0>}", piece) for piece in pieces[::2]]
    return "".join(pieces)


def _pieces(text: str) -> list[str]:
    """Text and maths in turn, text first."""
    pieces = _MATH.split(text)
    for n, piece in enumerate(pieces):
        sound = n % 2 and '"' not in piece and piece.count("{") == piece.count("}")
        pieces[n] = piece if sound else _encoded(piece)
    return pieces


def _encoded(text: str) -> str:
    text = text.translate(_TABLE)
    if text.isascii():
        return text
    return "".join(map(_letter, text))


def _letter(char: str) -> str:
    parts = unicodedata.normalize("NFD", char)
    if len(parts) != 2 or not parts[0].isascii() or parts[1] not in _ACCENTS:
        return char
    return f"{{\\{_ACCENTS[parts[1]]}{parts[0]}}}"


def _family_first(name: str) -> str:
    given, _, family = latex(name).rpartition(" ")
    return f"{family}, {given}" if given else family


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in folded if c.isascii() and (c.isalnum() or c in " -"))


def _add(lines: list[str], name: str, value: str) -> None:
    lines.append(f'    {name} = "{value}",')
