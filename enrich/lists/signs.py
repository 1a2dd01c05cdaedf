"""What speaks for a block being a listed work: its links, identifiers, citation, shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from enrich import ids
from enrich.lists.blocks import BOLD, BREAK, IMAGE, LINE, PART, Anchor, Block, Run, visible
from enrich.lists.names import has_et_al
from enrich.lists.venues import VENUE, has_year
from enrich.lists.words import is_label, key_of, label_kinds
from enrich.model import Identifier

# Sites that serve papers without an identifier in the address, and files of documents.
_PAPER_SITES = r"""
    proceedings\.(?:neurips|nips)\.cc papers\.n(?:eur)?ips\.cc proceedings\.mlr\.press jmlr\.org
    openaccess\.thecvf\.com ecva\.net/papers aaai\.org ieeexplore\.ieee\.org link\.springer\.com
    sciencedirect\.com/science isca-(?:speech|archive)\.org nature\.com/articles science\.org/doi
    cell\.com papers\.ssrn\.com pubmed\.gov ncbi\.nlm researchgate\.net/publication ijcai\.org
    semanticscholar\.org/paper (?:dl|portal)\.acm\.org usenix\.org/(?:conference|system) jair\.org
    mdpi\.com/\d
    frontiersin\.org/articles openreview\.net/ arxiv\.org/ aclanthology aclweb\.org
    hal\.(?:science|archives) eprint\.iacr\.org biorxiv\.org medrxiv\.org journals?\. academic\.oup
    onlinelibrary\.wiley tandfonline\.com ceur-ws\.org bmvc\d interspeech_?\d
""".split()
_FILE = r"\.(?:pdf|caj|djvu|docx?|e?ps(?:\.g?z)?)(?:$|[?#])"
_PAPER_SITE = re.compile("|".join([*_PAPER_SITES, _FILE]), re.IGNORECASE)
_OUTSIDE = re.compile(
    r"(?:https?:)?//|www\.|[a-z0-9-]+\.(?:com|org|net|io|ai|edu|cc)/", re.IGNORECASE
)
_DOCUMENT = re.compile(_FILE, re.IGNORECASE)
_BESIDE = frozenset(("repo", "dataset", "video"))
"""What a link beside that of a paper leads to, by its label."""


class Use(NamedTuple):
    """A link as a block uses it. `picture`: its visible text is only an image's description."""

    label: str
    url: str
    link: int
    picture: bool


class Signs(NamedTuple):
    """What a block shows; `ids` are all it states, in links, in words and on badges.

    `rest` is its text without links that have a mere label, `bare` without any link.
    """

    uses: tuple[Use, ...]
    ids: tuple[Identifier, ...]
    text: str
    rest: str
    bare: str
    key: str
    outside: int
    inside: int
    paper: bool
    named: bool
    bold: bool
    cited: bool

    @property
    def strength(self) -> int:
        """3: a paper by its links; 2: cited like one, or a named link; 1: some link; 0: none."""
        if self.paper:
            return 3
        if self.cited or (self.named and self.outside):
            return 2
        return 1 if self.outside else 0


def read_signs(runs: Sequence[Run], links: Sequence[Anchor]) -> Signs:
    """The signs of one block's runs."""
    uses = uses_of(runs, links)
    text = " ".join(visible(runs).split())
    found: dict[Identifier, None] = {}
    outside = inside = 0
    paper = named = False
    aside: set[Identifier] = set()
    for use in uses:
        if not is_target(use.url) and not use.url.startswith("#"):
            continue
        if not _OUTSIDE.match(use.url):
            inside += not _DOCUMENT.search(use.url)
            outside += bool(_DOCUMENT.search(use.url))
            paper = paper or bool(_DOCUMENT.search(use.url))
            continue
        own = ids.from_url(use.url)
        kinds = label_kinds(use.label)
        if kinds & _BESIDE and "paper" not in kinds and is_label(use.label):
            aside.update(known for known in own if known not in found)
        else:
            aside.difference_update(own)
        found.update(dict.fromkeys(own))
        if use.picture and not own:
            continue
        outside += 1
        label = not use.label or is_label(use.label) or use.label.startswith("http")
        paper = paper or is_paper_address(use.url)
        paper = paper or (label and "paper" in kinds)
        named = named or not label
    if "10." in text or "rXiv" in text or "rxiv" in text.lower() or "orpus" in text:
        told = ids.from_text(text)
        found.update(dict.fromkeys(told))
        aside.difference_update(told)
    for run in runs:
        if run.style & IMAGE and "shields.io" in run.image:
            found.update(dict.fromkeys(_badge_ids(run.image)))
    # `[Data](https://doi.org/...)` beside the paper's own link identifies the data.
    if len(aside) < len(found):
        for known in aside:
            del found[known]
    cited = has_et_al(text) or (has_year(text) and bool(VENUE.search(text)))
    labels = {use.link for use in uses if is_label(use.label)}
    return Signs(
        uses,
        tuple(found),
        text,
        _without(runs, labels) if labels else text,
        _without(runs, {use.link for use in uses}) if uses else text,
        key_of(text),
        outside,
        inside,
        paper or bool(found),
        named,
        any(run.style & BOLD and run.text.strip() for run in runs),
        cited,
    )


def with_notes(
    head: Sequence[Run], notes: Sequence[Run], own: Signs, links: Sequence[Anchor]
) -> Signs:
    """The signs of a block and of the notes on it.

    Notes link other works by name: where the block itself has an identifier, another of the same
    kind behind such a name is not its own.
    """
    if not notes:
        return own
    signs = read_signs([*head, *notes], links)
    if not own.ids or len(signs.ids) == len(own.ids):
        return signs
    schemes = {known.scheme for known in own.ids}
    named: set[Identifier] = set()
    for use in uses_of(notes, links):
        if use.label and not (use.picture or is_label(use.label) or use.label.startswith("http")):
            named.update(known for known in ids.from_url(use.url) if known.scheme in schemes)
    kept = tuple(known for known in signs.ids if known in own.ids or known not in named)
    return signs._replace(ids=kept)


def _without(runs: Sequence[Run], links: set[int]) -> str:
    """The visible text of runs outside the given links."""
    return " ".join(visible(run for run in runs if run.link not in links).split())


def signs_of(block: Block, links: Sequence[Anchor]) -> Signs:
    """The signs of a block's own runs, read once."""
    if block.signs is None:
        block.signs = read_signs(block.runs, links)
    signs: Signs = block.signs
    return signs


def uses_of(runs: Iterable[Run], links: Sequence[Anchor]) -> tuple[Use, ...]:
    """The links in runs, in order, each with its visible text or its picture's description."""
    order: dict[int, list[str]] = {}
    pictures: dict[int, str] = {}
    for run in runs:
        if run.link < 0:
            continue
        words = order.setdefault(run.link, [])
        if run.style & IMAGE:
            pictures.setdefault(run.link, run.text)
        elif run.style & (BREAK | LINE | PART):
            words.append(" ")
        else:
            words.append(run.text)
    found = []
    for link, words in order.items():
        label = " ".join("".join(words).split())
        picture = not label and link in pictures
        found.append(Use(label or pictures.get(link, ""), links[link].url.strip(), link, picture))
    return tuple(found)


def is_target(url: str) -> bool:
    """Whether a target leads anywhere: not empty, no anchor of the page, not a printed `None`."""
    return (
        bool(url)
        and not url.startswith("#")
        and url.lower() not in ("none", "null", "nan", "n/a", "-", "tbd", "todo", "url", "link")
    )


@lru_cache(maxsize=8192)
def is_paper_address(url: str) -> bool:
    """Whether an address is that of a paper: it holds an identifier, or its site serves papers."""
    return bool(ids.from_url(url)) or bool(_PAPER_SITE.search(url))


def badge_text(image: str) -> str:
    """The words on a shields.io badge: "Conference ICML'23" on `/badge/Conference-ICML'23-blue`."""
    form = re.search(
        r"shields\.io/(?:static/v1\?.*?message=([^&]+)|badge/([^?#]+?)(?:\.svg|\.png)?(?:$|[?#]))",
        image,
    )
    if form is None:
        return ""
    if form[1]:
        return unquote(form[1]).replace("+", " ")
    parts = re.sub("--", "\0", unquote(form[2])).split("-")
    words = parts[:-1] if len(parts) > 1 else parts
    return (
        " ".join(words).replace("\0", "-").replace("__", "\0").replace("_", " ").replace("\0", "_")
    )


def _badge_ids(image: str) -> tuple[Identifier, ...]:
    return ids.from_text(badge_text(image))
