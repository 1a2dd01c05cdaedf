"""The works as a BibTeX file: `@misc` with an eprint, `@inproceedings` or `@article`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bibtexparser.library import Library
from bibtexparser.model import Entry, Field, ImplicitComment
from bibtexparser.writer import BibtexFormat, write

from enrich.export.form import Appearance, Form, appearance
from enrich.export.latex import escaped, title, verbatim
from enrich.export.listed import SIMULATED, Listed
from enrich.export.names import Name, names
from enrich.model import Status

MARK = "% Written by papertide export"
"""How the file begins: what begins otherwise is somebody else's, and is not replaced."""

_TYPES = {
    Form.PREPRINT: "misc",
    Form.PROCEEDINGS: "inproceedings",
    Form.JOURNAL: "article",
    Form.OTHER: "misc",
}
_PLACES = {Form.PROCEEDINGS: "booktitle", Form.JOURNAL: "journal", Form.OTHER: "howpublished"}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
NOTES = {
    Status.WITHDRAWN: "Withdrawn",
    Status.RETRACTED: "Retracted",
}


def bibtex(
    works: Iterable[Listed], keys: Mapping[str, str], snapshot_id: str, *, simulated: bool
) -> str:
    """The file, its entries in the order of their keys."""
    library = Library()
    comment = f"{MARK} from snapshot {snapshot_id}; the next export replaces it."
    library.add(ImplicitComment(f"{comment}\n% {SIMULATED}." if simulated else comment))
    for work in sorted(works, key=lambda w: keys[w.paper.paper_id]):
        library.add(_entry(work, keys[work.paper.paper_id], simulated=simulated))
    form = BibtexFormat()  # type: ignore[no-untyped-call]  # the package left out "-> None"
    form.indent, form.block_separator, form.trailing_comma = "  ", "\n", True
    return write(library, form)


def _entry(work: Listed, key: str, *, simulated: bool) -> Entry:
    how = appearance(work.paper, work.link)
    fields = [Field(name, value) for name, value in _fields(work, how, simulated=simulated)]
    return Entry(_TYPES[how.form], key, fields)


def _fields(work: Listed, how: Appearance, *, simulated: bool) -> Iterator[tuple[str, str]]:
    paper = work.paper
    if paper.title:
        yield "title", f"{{{title(paper.title)}}}"
    if authors := _authors(work.authors):
        yield "author", f"{{{authors}}}"
    if how.venue and how.form in _PLACES:
        yield _PLACES[how.form], f"{{{escaped(how.venue)}}}"
    if how.volume:
        yield "volume", f"{{{how.volume}}}"
    if how.year:
        yield "year", f"{{{how.year}}}"
    if how.month:
        yield "month", _MONTHS[how.month - 1]
    if how.eprint:
        yield "eprint", f"{{{verbatim(how.eprint)}}}"
        yield "archiveprefix", "{arXiv}"
        # Old identifiers name their archive themselves.
        if filed := work.category or how.eprint.rpartition("/")[0]:
            yield "primaryclass", f"{{{verbatim(filed)}}}"
    if how.doi:
        yield "doi", f"{{{verbatim(how.doi)}}}"
    if how.url:
        yield "url", f"{{{verbatim(how.url)}}}"
    if paper.abstract:
        yield "abstract", f"{{{escaped(paper.abstract)}}}"
    if note := note_of(paper.status, simulated=simulated):
        yield "note", f"{{{escaped(note)}}}"


def note_of(status: Status | None, *, simulated: bool) -> str | None:
    """What a reader of the bibliography must know of the work."""
    said = [NOTES.get(status) if status else None, SIMULATED if simulated else None]
    return ". ".join(each for each in said if each) or None


def _authors(authors: Iterable[str]) -> str:
    people, others = names(authors)
    return " and ".join([*map(_author, people), *(["others"] if others else [])])


def _author(name: Name) -> str:
    if name.is_whole:
        return f"{{{escaped(name.family)}}}"
    family = f"{name.particle} {name.family}".strip()
    parts = [family, *([name.suffix] if name.suffix else []), name.given]
    return ", ".join(escaped(part) for part in parts if part)
