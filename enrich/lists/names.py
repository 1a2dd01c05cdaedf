"""Tells whether a text names people: authors as lists write them."""

from __future__ import annotations

import re
from functools import lru_cache

from enrich.lists.clean import repaired

LONGEST = 8000
"""Characters of a list of authors; the longest ones of physics are cut by every list."""
_ET_AL = re.compile(
    r"(?:\b(?:et\.?\s*|el\s+)al\b|(?<=[a-z])et\s+al\.|\band others\b|\bet alia\b|\u7b49\u4eba?$)\.?"
)
_SIGNS = (" al", "etal", ".al", "\nal", "\xa0al", "\tal", "others", "\u7b49")
"""One of these stands in every "et al.", and in few other texts."""
_PARTS = re.compile(r"\s*(?:,|;|\uff0c|\u3001|\uff1b|\u00b7|\||\n|\band\b|&)\s*")
_NOISE = re.compile(
    r"[*\u2217\u2020\u2021\u00a7\u00b6\u00b9\u00b2\u00b3\u2026#^\d\\{}()\[\]]+"
    r"|\bequal contribution\b|\.{3}"
)
_TOKEN = re.compile(
    r"(?:[A-Z\u00c0-\u00de\u0100-\u024f\u0386-\u03ab\u0400-\u042f][\w'\u2019\u2018`.\u0300-\u036f-]*"
    r"|(?:van|von|der|den|de|del|della|di|da|dos|du|la|le|el|al|bin|ibn|ben|ter|ten|zu|y|e|st)\.?"
    r"|(?:d'|de'|al-|el-|o')[A-Z][\w'\u2019-]*|Jr\.?|II+)",
)
_CITED_YEAR = re.compile(r"[\s,]*[(\[]?\b(?:19|20)\d\d[a-z]?\b[)\]]?\s*$")
_INITIAL = re.compile(r"(?:[A-Z]\.[\s-]?){1,3}[A-Z]|[\w'\u2019-]+,\s[A-Z]\.")
_STOPPED = re.compile(r"(?<!\bJr)(?<!\bSt)(?<!\bDr)(?<!\b[A-Z])(?<!\b[a-z])\.\s+\S")
_INITIALS = re.compile(r"[A-Z](?:(?:\.\s?-?|\s|-)[A-Z]){0,3}")
_HAN = re.compile(
    r"(?!.*(?:学报|大学|学院|科学|技术|工程|研究|系统|通报|杂志|会议|综述))[\u4e00-\u9fff\u00b7]{2,5}"
)
_SURNAME = re.compile(r"[^\W\d_][^\W\dA-Z_]*(?:[A-Z'\u2019-]+[^\W\dA-Z_]+){0,2}")
# Capitalised words of titles and venues; a text that holds one is no list of names.
_WORD = re.compile(
    r".{3,}(?:tions?|it(?:y|ies)|ness|[ai]ble|ives?|ous|isms?|i[zs]ed|olog(?:y|ies)|works?|models?"
    r"|systems?|niques?|enges?|tacks?|ments|ings|ances|ences|ical|ually|ously)"
)
"""How words of titles end and names hardly do."""
_ORDINARY = frozenset(
    """
    the of for with in on from to a an by via is are and at using towards learning models model
    language networks network neural data large based survey generation vision training prompt
    reinforcement university institute lab labs inc research conference workshop proceedings
    journal transactions findings preprint arxiv paper code project page github supplementary
    official implementation pytorch oral poster spotlight best award accepted keyword keywords
    reasoning safety alignment framework dataset benchmark evaluation analysis optimization
    retrieval recognition detection segmentation video image images text diffusion transformer
    transformers multimodal problems problem methods method metrics opportunities directions
    trends issues open future deep human robot robots things tools systems theory practice feedback
    reward policy agent agents llm llms rlhf gan january february
    september october november december science sciences physics medicine biology chemistry brain
    life reports society psychology economics mathematics statistics engineering artificial
    cognitive scientific physical applied computational royal american european international
    frontiers expert pattern nano advanced knowledge machine autonomous robotics
    """.split()
)


def has_et_al(text: str) -> bool:
    """Whether a text has an "et al.", however it is misspelt."""
    return et_al(text) is not None


def et_al(text: str, start: int = 0) -> tuple[int, int] | None:
    """Where the first "et al." stands, however it is misspelt."""
    if not any(sign in text for sign in _SIGNS):
        return None
    form = _ET_AL.search(text, start)
    return form.span() if form else None


def people(text: str) -> float:
    """How surely a text is a list of people, 0 to 1; an "et al." is proof in a short text."""
    return _people(text) if len(text) <= LONGEST else 0.0


@lru_cache(maxsize=2048)
def _people(text: str) -> float:
    body = " ".join((text if text.isascii() else repaired(text)).split())
    body = body.strip(" .,;:*_()[]\u3010\u3011")
    if not body:
        return 0.0
    form = et_al(body)
    named = form is not None and form[0] <= 100 and len(body) - form[1] <= 3
    if form is not None:
        body = body[: form[0]]
    parts = [part for part in _PARTS.split(_NOISE.sub("", body)) if part.strip(" .")]
    if not parts:
        return 0.0
    good = sum(map(is_person, parts))
    if named:
        return 1.0 if good * 2 >= len(parts) else 0.5
    if len(parts) == 1:
        return 0.6 * good if len(parts[0].split()) >= 2 or _HAN.fullmatch(parts[0]) else 0.0
    return good / len(parts)


def all_people(text: str) -> bool:
    """Whether every part of a text may be a person's name, as before an "et al."."""
    parts = [part for part in _PARTS.split(_NOISE.sub("", text)) if part.strip(" .")]
    return bool(parts) and all(map(is_person, parts))


def is_initialled(name: str) -> bool:
    """Whether a name has initials, as no title begins: "J. Doe"."""
    return bool(_INITIAL.match(name))


def are_authors(text: str) -> bool:
    """Whether a text names people, one of them at least by more than a surname."""
    if people(text) < 0.9:
        return False
    parts = [part for part in re.split(r",|;|\band\b|&", text) if part.strip()]
    known = any(" " in part.strip() or "." in part for part in parts) or not text.isascii()
    return known or len(parts) >= 4


def is_shortcut(text: str) -> bool:
    """Whether a text is but how a work is cited: "Doe et al., 2020", "Doe and Roe (2019)"."""
    body = _CITED_YEAR.sub("", text).strip(" ,")
    if len(body) > 60 or not body:
        return False
    form = et_al(body)
    if form is not None:
        return form[1] >= len(body) - 1 and form[0] > 0 and all_people(body[: form[0]])
    names = re.split(r"\s(?:and|&)\s", body)
    return (
        body != text.strip(" ,")
        and len(names) == 2
        and all(" " not in name and is_person(name) for name in names)
    )


@lru_cache(maxsize=4096)
def is_person(text: str) -> bool:
    """Whether a text may be one person's name: two to five capitalised words, or Chinese."""
    if len(text) > 100:
        return False
    words = text.strip(" .*").split()
    if not words or len(words) > 5 or _STOPPED.search(text):
        return False
    if _INITIALS.fullmatch(" ".join(words)):
        return True  # Of "Doe, S. A.", where commas part a name from its initials.
    if len(words) == 1:
        word = words[0]
        return bool(_HAN.fullmatch(word) or (_TOKEN.fullmatch(word) and _lower(word)))
    return all(_TOKEN.fullmatch(word) for word in words) and not any(
        ((low := word.lower().strip(".")) in _ORDINARY and not (len(word) == 2 and word[1] == "."))
        or _WORD.fullmatch(low)
        for word in words
    )


def _lower(word: str) -> bool:
    """A capitalised ordinary word, as a surname is; not an acronym."""
    low = word.lower()
    return bool(_SURNAME.fullmatch(word)) and low not in _ORDINARY and not _WORD.fullmatch(low)
