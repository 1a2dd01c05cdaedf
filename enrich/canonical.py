"""One identifier, however it is dressed, as its canonical value; or None for what is none."""

from __future__ import annotations

import re

# arXiv's archives before April 2007, the only ones with old-style numbers.
_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|"
    "cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|"
    "nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con"
)
_OLD_FORM = rf"(?:{_ARCHIVES})(?:\.[a-z]{{2}})?/\d{{7}}"
ARXIV_FORM = rf"(?:\d{{4}}\.\d{{4,5}}|{_OLD_FORM})(?!\d)(?:v\d{{1,3}}(?![\da-z]))?"
"""An arXiv number, version included, as a pattern without case."""
_LOOSE = re.IGNORECASE | re.ASCII
_ARXIV_RAW = re.compile(rf"(?:arxiv\s*:\s*)?({ARXIV_FORM})(?:\.pdf)?/?", _LOOSE)
_ARXIV_PARTS = re.compile(r"(?:([a-z-]+)(?:\.[a-z]{2})?/)?(\d\d)(\d\d)(\.?)(\d+)", _LOOSE)
ACL_FORM = r"(?:19|20)\d\d\.[a-z][a-z\d]*-[a-z\d]+"
"""An ACL volume since 2020; a dot and the paper's number follow."""
_ACL_RAW = re.compile(
    rf"(?:(?P<new>{ACL_FORM})\.(?P<number>\d{{1,4}})|"
    r"(?P<letter>[a-z])(?P<yy>\d\d)-(?P<old>\d{4}))(?:[ve]\d{1,2})?(?:\.(?:pdf|bib|xml|endf|html))?/?",
    _LOOSE,
)
_DOI_RAW = re.compile(r"10\.\d{4,9}(?:\.\d{1,9})*/[^\s\x00-\x1f\x7f]{1,300}")
_SHA = re.compile(r"(?<![\da-f])[\da-f]{40}(?![\da-f])", _LOOSE)
CORPUS_FORM = re.compile(r"\bcorpus[\s_]?id\s?[:=]?\s?(\d{1,12})(?!\d)", _LOOSE)
"""Semantic Scholar's number of a work, as written in links and in words."""
_NOTE = re.compile(r"[A-Za-z0-9_-]{6,64}", re.ASCII)


def arxiv_id(raw: str) -> str | None:
    """The unversioned arXiv id that `raw` is, however it is dressed, or None.

    `math.GT/0309136v1` gives `math/0309136`; month 13 and number 0 give None.
    """
    form = _ARXIV_RAW.fullmatch(raw.strip())
    parts = _ARXIV_PARTS.match(form[1]) if form else None
    if parts is None:
        return None
    archive, year, month, _, number = parts.groups()
    if archive:
        # Old numbers ran from 1991 until March 2007.
        possible = year >= "91" or year + month <= "0703"
        canonical = f"{archive.lower()}/{year}{month}{number}"
    else:
        # New numbers have four digits until December 2014, five since.
        possible = "0704" <= year + month < "9100" and len(number) == 4 + (year >= "15")
        canonical = f"{year}{month}.{number}"
    return canonical if possible and "01" <= month <= "12" and int(number) else None


def acl_id(raw: str) -> str | None:
    """The ACL Anthology id of the paper that `raw` names; None for a volume or front matter."""
    form = _ACL_RAW.fullmatch(raw.strip())
    if form is None:
        return None
    if form["new"]:
        return f"{form['new'].lower()}.{int(form['number'])}" if int(form["number"]) else None
    letter, year, digits = form["letter"].upper(), form["yy"], form["old"]
    # Volume and paper are 1 + 3 digits, but 2 + 2 in workshops, C69 and the late volumes of D19.
    two = (
        letter == "W"
        or (letter, year) == ("C", "69")
        or (letter + year == "D19" and digits >= "50")
    )
    return f"{letter}{year}-{digits}" if int(digits[2 if two else 1 :]) else None


def doi(raw: str) -> str | None:
    """The DOI that `raw` is, lower-cased, without a sentence's punctuation behind it."""
    form = _DOI_RAW.fullmatch(without_punctuation(raw.strip()))
    return form[0].lower() if form else None


def s2_id(raw: str) -> str | None:
    """Semantic Scholar's sha, or its `CorpusID:N`."""
    if form := CORPUS_FORM.fullmatch(raw.strip()):
        return f"CorpusID:{int(form[1])}"
    return raw.strip().lower() if _SHA.fullmatch(raw.strip()) else None


def note_id(raw: str) -> str | None:
    """The id of an OpenReview note."""
    return raw.strip() if _NOTE.fullmatch(raw.strip()) else None


def without_punctuation(raw: str) -> str:
    """Cut what ends the sentence around an address: stops, quotes, brackets it did not open."""
    while raw and (
        raw[-1] in ".,;:!?\"'*_`]}" or (raw[-1] == ")" and raw.count(")") > raw.count("("))
    ):
        raw = raw[:-1]
    return raw
