"""Which other identifiers does an identifier state by itself, and which does it exclude?"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from enrich import ids
from enrich.model import ACL, ARXIV, DOI, Identifier

ONE_EACH = (ARXIV, ACL)
"""Schemes that number a work once: two different values are two works, however alike in name."""


def with_kin(identifiers: Iterable[Identifier]) -> tuple[Identifier, ...]:
    """The identifiers, each followed by those that a registrant wrote into it: the arXiv number
    in `10.48550/arXiv.…`, the Anthology's in `10.18653/v1/…`."""
    found: dict[Identifier, None] = {}
    for identifier in identifiers:
        found[identifier] = None
        if identifier.scheme == DOI:
            found |= dict.fromkeys(ids.within_doi(identifier.value))
    return tuple(found)


def number_of_another(one: Collection[Identifier], other: Collection[Identifier]) -> bool:
    """Whether two sets of identifiers differ in a scheme of `ONE_EACH` that both have."""
    for scheme in ONE_EACH:
        mine = {i for i in one if i.scheme == scheme}
        theirs = {i for i in other if i.scheme == scheme}
        if mine and theirs and mine.isdisjoint(theirs):
            return True
    return False
