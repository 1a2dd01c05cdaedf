"""What a work is: by where its links lead, what they promise, and the section it stands in."""

from __future__ import annotations

import re

from enrich import ids
from enrich.lists.sections import kind_of
from enrich.lists.signs import Signs, Use, is_paper_address
from enrich.lists.units import Unit
from enrich.lists.words import is_label, label_kinds
from enrich.model import Kind

_SITES = {
    Kind.REPO: r"github\.com/ gist\.github\.com gitlab\.com/ gitee\.com/ bitbucket\.org/",
    Kind.DATASET: r"""
        huggingface\.co/datasets kaggle\.com/(?:datasets|c/) zenodo\.org opendatalab
        paperswithcode\.com/dataset""",
    Kind.VIDEO: r"youtube\.com youtu\.be bilibili\.com vimeo\.com slideslive\.com videolectures",
    Kind.BLOG: r"""
        medium\.com substack\.com zhihu\.com mp\.weixin\.qq\.com wordpress\.com blogspot\.
        notion\.(?:so|site) jiqizhixin\.com towardsdatascience\.com distill\.pub lilianweng
        csdn\.net cnblogs\.com juejin\.cn qbitai\.com reddit\.com twitter\.com //x\.com
        openai\.com/(?:blog|index|research) interconnects\.ai [/.]blog(?:s|post)?[./] /posts?/
        /blog$ /news/ magazine\.""",
}
_SITE = {
    kind: re.compile("|".join(pattern.split()), re.IGNORECASE) for kind, pattern in _SITES.items()
}
_REPOSITORY = re.compile(r"\bgithub repository\b", re.IGNORECASE)
_RANK = (Kind.PAPER, Kind.BLOG, Kind.REPO, Kind.DATASET, Kind.VIDEO)


def kind_of_unit(unit: Unit, title_link: int, venue: str | None, authors: bool) -> Kind:
    """The kind of a unit; `title_link` is the link that its title is, or -1."""
    if unit.kind:
        return Kind(unit.kind)
    section = kind_of(unit.section)
    uses = [use for use in unit.signs.uses if not use.picture]
    named = next((use for use in uses if use.link == title_link), None)
    target = _site(named) if named is not None else None
    if section and target is not None and target.value == section:
        return target
    if venue and _REPOSITORY.search(venue):
        return Kind.REPO
    if unit.layout in ("block", "heading") and unit.signs.strength and not section:
        return Kind.PAPER
    if unit.layout.endswith("table") and unit.signs.strength and not section:
        return Kind.PAPER
    if target is Kind.PAPER or unit.signs.ids:
        return Kind.PAPER
    promised = [kind for use in uses if is_label(use.label) for kind in _promises(use)]
    if Kind.PAPER in promised:
        return Kind.PAPER
    if target is Kind.REPO:  # what its name links to, whatever is said of it elsewhere
        return target
    if any(is_paper_address(use.url) for use in unit.own.uses):
        return Kind.PAPER
    labels = [
        kind
        for word in re.findall(r"\[([^\]\[]{2,30})\]", unit.own.text)
        for kind in label_kinds(word)
        if is_label(word)
    ]
    if not uses and "paper" in labels:
        return Kind.PAPER
    for kind in (Kind.BLOG, Kind.VIDEO):
        if kind in promised:
            return kind
    if section:
        return Kind(section)
    if target is not None:
        return target
    for kind in _RANK:
        if kind in promised or (not uses and kind.value in labels):
            # Authors and a venue make a paper of what links only its project or its code.
            return Kind.PAPER if kind is Kind.REPO and venue and authors else kind
    if venue or authors:
        return Kind.PAPER
    sites = [site for site in map(_site, uses) if site is not None]
    return sites[0] if sites else Kind.OTHER if uses else Kind.PAPER


def site_kind(signs: Signs) -> str:
    """The kind of thing that the first link leads to."""
    kind = next(map(_site, (use for use in signs.uses if not use.picture)), None)
    return (kind or Kind.OTHER).value


def _promises(use: Use) -> list[Kind]:
    """What a link with a mere label leads to: its words, and for a bare "page" its address."""
    kinds = [Kind(kind) for kind in label_kinds(use.label)]
    site = _site(use)
    return kinds or ([site] if site is not None else [])


def _site(use: Use | None) -> Kind | None:
    if use is None:
        return None
    if ids.from_url(use.url):
        return Kind.PAPER
    for kind, pattern in _SITE.items():
        if pattern.search(use.url):
            return kind
    return Kind.PAPER if is_paper_address(use.url) else None
