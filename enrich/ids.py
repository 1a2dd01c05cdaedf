"""Identifiers of papers: from a link or running text to canonical values, and back to a link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from urllib.parse import quote, unquote

from enrich.canonical import (
    ACL_FORM,
    ARXIV_FORM,
    CORPUS_FORM,
    acl_id,
    arxiv_id,
    doi,
    note_id,
    s2_id,
    without_punctuation,
)
from enrich.model import ACL, ARXIV, DOI, OPENREVIEW, S2, SCHEMES, Identifier

__all__ = ["acl_id", "arxiv_id", "doi", "from_text", "from_url", "parse", "url_of"]

LONGEST_URL = 4096
"""Characters; a longer address (an inlined image, hostile text) names no paper."""

_ARXIV_PATH = re.compile(
    r"/+(?:(?:abs|pdf|html|format|ps|e-print|src|overview|papers?|arxiv)/+|ftp/\S*/)?"
    rf"(?:arxiv[:.])?({ARXIV_FORM})",
    re.IGNORECASE | re.ASCII,
)
# "arXiv:2106.15928", "arXiv, 2310.19852", "arXiv preprint 2310.19852", "arXiv [2310.19852]".
_ARXIV_TEXT = re.compile(rf"\barxiv(?:[\W_]|preprint|eprint|abs){{1,24}}?({ARXIV_FORM})", re.I)
_ACL_TEXT = re.compile(rf"(?<![\w./-]){ACL_FORM}\.\d{{1,4}}(?![\w-])", re.IGNORECASE | re.ASCII)
_ACL_DOI = re.compile(r"10\.(?:18653|3115)/v1/(.+)")
_REGISTRANTS = ("10.18653/", "10.3115/", "10.48550/")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)")
_DOI_TEXT = re.compile(
    r"(?<![\d.])10\.\d{4,9}(?:\.\d{1,9})*/[^\s\x00-\x1f\x7f<>\"'`|\\\u3001\u3002\u3011\uff09\uff0c\uff1b]{2,300}"
)
"""DOIs in text end at a Chinese stop or bracket too."""
_DOI_IN_URL = re.compile(r"(?<![\d.])10\.\d{4,9}(?:\.\d{1,9})*/[^\s\x00-\x1f\x7f?#&]{2,300}")
# What publishers put behind a DOI in their paths: a format, a view, a preprint's version.
_DOI_TAIL = re.compile(
    r"(?:/(?:full|html|pdf|epdf|abstract|meta|fulltext|xml|download|pdfft|suppl_file)|"
    r"\.(?:pdf|full|abstract|short|html)|(?<=\d)v\d{1,2})+/*$",
    re.IGNORECASE,
)
_SILVERCHAIR_TAIL = re.compile(r"/\d{4,}(?:/[^/]*)?/?$")
"""`/article/doi/<doi>/<article number>/<slug>` on MIT Press, OUP and their platform's others."""
_NOTE_PAGE = re.compile(r"^/+(?:forum|pdf|attachment|revisions)/?$")
_NOTE_PARAMETER = re.compile(r"[?&;]id=([^&#;]*)")
_URL = re.compile(
    r"(?:https?:)?(?://)?(?:[^/@?#\s]*@)?(?P<host>[a-z\d][a-z\d.-]*\.[a-z]{2,})\.?(?::\d+)?"
    r"(?P<path>/[^?#]*)?(?P<query>\?[^#]*)?",
    re.IGNORECASE | re.ASCII,
)
_URL_TEXT = re.compile(r"https?://[^\s<>\"'`|\\\u3002\u3011\uff09\uff0c]+", re.IGNORECASE)
_WRAPPED = re.compile(r"(?:https?:/{1,2}|https?%3a%2f%2f).+", re.IGNORECASE)
_ARXIV_HOSTS = (
    "arxiv.org",
    "ar5iv.org",
    "alphaxiv.org",
    "huggingface.co",
    "hf.co",
    "papers.cool",
)
_ACL_HOSTS = ("aclanthology.org", "aclweb.org", "aclanthology.info", "uni-saarland.de")


def parse(text: str) -> Identifier | None:
    """The identifier that `text` is: `scheme:value`, a bare value of a known form, or a URL."""
    text = text.strip()[:LONGEST_URL]
    scheme, colon, value = text.partition(":")
    scheme = scheme.strip().lower()
    if colon and scheme in _NORMALISE:
        found = _NORMALISE[scheme](value.strip())
        return Identifier(scheme, found) if found else None
    for scheme in (ARXIV, ACL, DOI, S2):
        if found := _NORMALISE[scheme](text):
            return Identifier(scheme, found)
    return next(iter(from_url(text)), None)


@lru_cache(maxsize=8192)
def from_url(url: str) -> tuple[Identifier, ...]:
    """Every identifier that a link states; empty for a link that names no paper."""
    if len(url) > LONGEST_URL or not (parts := _URL.match(url.strip().replace("&amp;", "&"))):
        return ()
    host, path, query = parts["host"].lower(), parts["path"] or "", parts["query"] or ""
    return tuple(dict.fromkeys(_of_parts(host.removeprefix("www."), path, query)))


def from_text(text: str) -> tuple[Identifier, ...]:
    """Every identifier written out in running text, in links and in words; links first."""
    found: list[Identifier] = []
    if "://" in text:
        for url in _URL_TEXT.findall(text):
            found += from_url(without_punctuation(url))
        text = _URL_TEXT.sub(" ", text)
    for form in _ARXIV_TEXT.finditer(text):
        found += _as(ARXIV, arxiv_id(form[1]))
    if "10." in text:
        for form in _DOI_TEXT.finditer(text):
            found += _with_kin(doi(form[0]))
        text = _DOI_TEXT.sub(" ", text)
    for form in _ACL_TEXT.finditer(text):
        found += _as(ACL, acl_id(form[0]))
    found += [Identifier(S2, f"CorpusID:{form[1]}") for form in CORPUS_FORM.finditer(text)]
    return tuple(dict.fromkeys(found))


def url_of(identifier: Identifier) -> str:
    """The page of the paper at the service that issued the identifier."""
    scheme, value = identifier
    if scheme == S2 and value.startswith("CorpusID:"):
        return f"https://api.semanticscholar.org/{value}"
    return _PAGES[scheme].format(quote(value, safe="/():;.,-_~!$*+=@"))


def _of_parts(host: str, path: str, query: str) -> Iterator[Identifier]:
    """The identifiers that the parts of a URL state; `path` still percent-encoded."""
    if host in ("web.archive.org", "google.com"):
        # An archived page or a search engine's redirect: the paper is the address inside.
        if wrapped := _WRAPPED.search(path + query):
            yield from from_url(unquote(wrapped[0].partition("&")[0]))
    elif _on(host, _ARXIV_HOSTS):
        if form := _ARXIV_PATH.match(unquote(path)):
            yield from _as(ARXIV, arxiv_id(form[1]))
    elif _on(host, ("openreview.net",)):
        if _NOTE_PAGE.match(path) and (form := _NOTE_PARAMETER.search(query)):
            yield from _as(OPENREVIEW, note_id(unquote(form[1])))
    elif _on(host, _ACL_HOSTS) and "/volumes/" not in path:
        yield from _as(ACL, acl_id(unquote(path).rstrip("/").rpartition("/")[2]))
    elif _on(host, ("semanticscholar.org",)):
        yield from _as(S2, s2_id(unquote(path).rstrip("/").rpartition("/")[2]))
        yield from _as(ARXIV, arxiv_id(unquote(path).rpartition("/")[2]))
    elif _on(host, ("doi.org",)):
        yield from _with_kin(doi(unquote(path).lstrip("/").removeprefix("doi:")))
    elif "10." in path or "10." in query:
        yield from _with_kin(_publisher_doi(unquote(path), unquote(query)))


def _publisher_doi(path: str, query: str) -> str | None:
    """The DOI inside a publisher's address, which dresses it with formats, versions and slugs."""
    form = _DOI_IN_URL.search(path) or _DOI_IN_URL.search(query)
    if form is None or "/doi/proceedings/" in path:
        return None
    raw = form[0]
    if "/doi/10." in path and "/article" in path:
        raw = _SILVERCHAIR_TAIL.sub("", raw)
    return doi(_DOI_TAIL.sub("", raw.rstrip("/")))


def within_doi(value: str) -> Iterator[Identifier]:
    """The arXiv or ACL id that the registrant wrote into a DOI."""
    if not value.startswith(_REGISTRANTS):  # nearly all, and this is asked very often
        return
    if form := _ARXIV_DOI.fullmatch(value):
        yield from _as(ARXIV, arxiv_id(form[1]))
    elif form := _ACL_DOI.fullmatch(value):
        yield from _as(ACL, acl_id(form[1]))


def _with_kin(value: str | None) -> Iterator[Identifier]:
    """A DOI, and the arXiv or ACL id that the registrant wrote into it."""
    if value is not None:
        yield Identifier(DOI, value)
        yield from within_doi(value)


def _as(scheme: str, value: str | None) -> Iterator[Identifier]:
    if value is not None:
        yield Identifier(scheme, value)


def _on(host: str, sites: tuple[str, ...]) -> bool:
    return any(host == site or host.endswith("." + site) for site in sites)


_NORMALISE: dict[str, Callable[[str], str | None]] = dict(
    zip(SCHEMES, (arxiv_id, acl_id, note_id, doi, s2_id), strict=True)
)
_PAGES = {
    ARXIV: "https://arxiv.org/abs/{}",
    ACL: "https://aclanthology.org/{}/",
    OPENREVIEW: "https://openreview.net/forum?id={}",
    DOI: "https://doi.org/{}",
    S2: "https://www.semanticscholar.org/paper/{}",
}
