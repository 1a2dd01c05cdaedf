"""Judges whether siblings list works: by what they show themselves and by what their group does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from enrich.lists.blocks import BOLD, BREAK, IMAGE, LINE, PART, Run
from enrich.lists.edges import is_titled
from enrich.lists.leading import authors_end
from enrich.lists.names import people
from enrich.lists.occasions import venue_of_heading, year_of_heading
from enrich.lists.sections import kind_of, lacks_works
from enrich.lists.signs import Signs, is_paper_address
from enrich.lists.units import Unit
from enrich.lists.unlinked import are_unlinked_works, cites, is_bare_title, is_reference
from enrich.lists.venues import is_dated, is_venue
from enrich.lists.words import is_label, tokens

_SPEECH = re.compile(
    r"^\W{0,12}(?:\[?[\d./\- ]{4,12}\]?|\w{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})?[\W_]{0,12}"
    r"(?:we(?:'ve|'re)?|our|this (?:repo|repository|survey|list|paper list|page)"
    r"|the (?:repo|survey|code) (?:of|is|has)|please|if you|feel free"
    r"|add(?:ed)? |update[ds]? |release[ds]? |\u6211\u4eec"
    r"|(?:to be (?:updated|added|continued)|under construction|coming soon)(?=\W*$))\b",
    re.IGNORECASE,
)
_DESCRIBES = re.compile(
    r"^\s*(?:[-\u2013\u2014:\uff1a|]+\s*|\s{2,}"
    r"|(?=(?:A|An|The|is|are|was|were|provides?|offers?|contains?) ))(?P<text>\S.*)",
    re.DOTALL,
)
_PROFILE = re.compile(
    r"https?://(?:www\.)?(?:github\.com|(?:twitter|x)\.com)/@?[\w-]+/?$", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?<=[a-z\u4e00-\u9fff][.!?])\s+(?=[A-Z])")
# "Venue (2016, 2015)": where to look for works.
_VOLUMES = re.compile(
    r"\W*[\w&/-]+(?:\s[\w&/-]+){0,3}\s{0,3}"
    r"\(\s?(?:19|20)\d\d(?:\s?[,/&]\s?(?:19|20)\d\d){1,20}\s?\)\W*"
)
_MENTION = re.compile(r"(?:an?|the|this|that|these|our|their|his|her|one|here)\s")
ENOUGH = 0.3
"""Share of siblings that are papers by their links, above which all of them list works."""


def starts_named(runs: Sequence[Run]) -> bool:
    """Whether a block begins with what it lists: a link with a name, bold text, or a quotation."""
    seen = 0
    for run in runs:
        if run.style & (IMAGE | BREAK | LINE | PART) or not run.text.strip():
            continue
        text = run.text.strip()
        if run.link >= 0 and not is_label(text):
            return True
        if run.style & BOLD and not is_label(text) and not is_dated(text):
            return True
        if text[0] in '"\u201c\u201d\u300a':
            return True
        seen += len(text)
        if seen > 40 and run.link < 0:
            return False
    return False


def described(unit: Unit) -> bool:
    """Whether a unit is a pointer: a name linked to no paper, then words about it.

    That is how lists point at tools and at other lists: `[name](site) - what it is for.`
    """
    first = next((use for use in unit.own.uses if use.label and not use.picture), None)
    if first is None or is_label(first.label) or is_paper_address(first.url):
        return False
    rest: list[str] = []
    passed = False
    for run in unit.head:
        if run.link == first.link:
            passed = True
        elif passed:
            if run.style & (LINE | PART):
                break
            rest.append(" " if run.style & BREAK else "" if run.style & IMAGE else run.text)
    after = "".join(rest).lstrip("*_ ") if "".join(rest)[:1] in "*_" else "".join(rest)
    form = _DESCRIBES.match(after)
    if form is None:
        return False
    text = form["text"]
    words = [word for word in text.split() if re.search(r"\w", word)]
    han = len(re.findall(r"[\u4e00-\u9fff]", text))
    if len(words) < 3 and han < 6:
        return False
    return people(text) < 0.7 and not (is_dated(text[:60]) or (is_venue(text) and len(words) < 10))


def announces(text: str) -> bool:
    """Whether a text is the list's own voice: news, an invitation, a rule for contributors."""
    return bool(_SPEECH.match(text))


def judge(units: Sequence[Unit], share: float | None = None, unlinked: bool = False) -> list[bool]:
    """For each sibling whether it lists a work.

    `share`: papers among its like in the scope; `unlinked`: the scope lists works without links.
    """
    if not units:
        return []
    if len(units) > 1 and all(map(_is_unnamed, units)):
        return [True] * len(units)
    papers = sum(unit.signs.strength == 3 for unit in units) / len(units)
    section = units[0].section
    tools = any(lacks_works(name) for name in section[1:]) and papers < 0.5
    pointers = papers < ENOUGH
    numbered = not pointers and all(unit.layout == "numbered" for unit in units)
    if share is not None and len(units) < 4:
        papers = max(papers, share)
    works = papers >= ENOUGH
    verdicts = [
        not (pointers and described(unit) and kind_of(unit.section) != "dataset")
        and _lists(unit, works, tools)
        for unit in units
    ]
    # Below a heading that is where and when, titles are works.
    occasion = any(venue_of_heading(name) and year_of_heading(name) for name in section[-1:])
    unlinked = unlinked or occasion
    # Lists of tools link them.
    tools = tools and not unlinked
    if not tools and are_unlinked_works(units, unlinked):
        verdicts = [
            good or (_has_name(unit.own) and not unit.own.key and not announces(unit.own.text))
            for good, unit in zip(verdicts, units, strict=True)
        ]
    if unlinked and not tools:
        verdicts = [
            good or (_has_name(unit.own) and not unit.own.named and is_bare_title(unit.own.rest))
            for good, unit in zip(verdicts, units, strict=True)
        ]
    if not works and not any(verdicts):
        return verdicts
    # Who numbers papers numbers those without a link among them.
    if (numbered and any(verdicts)) or sum(verdicts) * 2 >= len(units):
        accepted = [unit for unit, good in zip(units, verdicts, strict=True) if good]
        style = _common_style(accepted)
        works = works or sum(unit.own.cited for unit in accepted) * 2 > len(accepted)
        for index, unit in enumerate(units):
            if not verdicts[index] and not described(unit) and not announces(unit.own.text):
                verdicts[index] = _is_alike(unit, style, works)
    return verdicts


def _lists(unit: Unit, works: bool, tools: bool) -> bool:
    """Whether a unit lists a work on its own evidence."""
    own, strength = unit.own, unit.signs.strength
    titled = is_titled(own.text)
    if own.key and not titled and not starts_named(unit.head) and not (own.cited and works):
        return False
    if announces(own.text) or not _has_name(own):
        return False
    if own.uses and all(_PROFILE.match(use.url) for use in own.uses):
        return False  # Who keeps the list, not a work.
    if _mentions(unit):
        return False
    if strength == 3:
        return works or starts_named(unit.head) or _is_citation(own)
    if tools and not (own.cited and cites(own.bare)) and not _is_citation(own):
        return False
    if strength == 2:
        return works or ((own.cited or starts_named(unit.head)) and not _is_prose(own.text))
    if strength == 1:
        return (
            works
            or _is_citation(own)
            or (len(tokens(own.text)) >= 2 and own.outside > 0 and kind_of(unit.section) != "")
        )
    if own.inside and behind_people(own):
        return True  # Notes on a work, kept beside the list: `[A Title](notes.md) - Jane Doe`
    free = tools or (bool(own.uses) and not own.inside)  # `A Title (ICML 2020) [[Code]()]`
    return (free and _is_citation(own)) or (not own.uses and is_reference(own.text))


def behind_people(own: Signs) -> bool:
    """Whether nothing but people stands beside the links of a text: `[A Title](x) ~ Jane Doe`."""
    return bool(own.uses) and people(own.bare.strip(" ~-\u2013\u2014,.:|()")) >= 0.6


def _is_citation(own: Signs) -> bool:
    """Whether a text without a linked name is a title with people, or where and when."""
    return not own.named and bool(cites(own.bare) or authors_end(own.bare))


def _mentions(unit: Unit) -> bool:
    """Whether a sentence only mentions what it links: "There is [a survey](url) of this"."""
    named = [use for use in unit.own.uses if not use.picture and not is_label(use.label)]
    said = all(_MENTION.match(use.label) for use in named)
    before = unit.own.text.partition(named[0].label)[0].rstrip() if said and named else ""
    return before[-1:].islower() and " " in before


def _is_unnamed(unit: Unit) -> bool:
    """Whether a unit gives a work by nothing but labelled links: `[Paper](url) [Code](url)`."""
    return bool(unit.own.ids) and not unit.own.key and is_label(unit.own.text)


def _is_alike(unit: Unit, style: int, works: bool) -> bool:
    """Whether a unit without evidence of its own looks like its accepted siblings."""
    if not _has_name(unit.own) or unit.own.key or _is_prose(unit.own.text) or unit.own.inside:
        return False
    if style & BOLD:
        return starts_named(unit.head) and unit.own.bold
    return works and (unit.own.outside > 0 or len(tokens(unit.own.text)) >= 2)


def _common_style(units: Sequence[Unit]) -> int:
    bold = sum(unit.own.bold for unit in units)
    return BOLD if bold * 2 > len(units) else 0


def _has_name(signs: Signs) -> bool:
    """Whether a text says more than what kinds of link it holds."""
    bare = is_label(signs.rest) and bool(signs.key or not signs.uses)
    bare = bare or (len(signs.text) <= 200 and _VOLUMES.fullmatch(signs.text) is not None)
    bare = bare or is_dated(signs.text)  # "[NeurIPS 2023](url)" leads to the papers of a venue
    return bool(re.search(r"\w{2}", signs.rest)) and not bare


def _is_prose(text: str) -> bool:
    """Whether a text is running sentences rather than a title and its data."""
    return len(text) > 500 or (len(text) > 250 and len(_SENTENCE.split(text)) >= 3)
