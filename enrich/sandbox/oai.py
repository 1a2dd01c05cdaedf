"""arXiv's OAI-PMH interface: harvesting by set and by day of last change."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date, datetime
from functools import cache, cached_property
from urllib.parse import parse_qsl, urlencode

from enrich.sandbox import simulate
from enrich.sandbox.atom import category, xml
from enrich.sandbox.wire import Ask, Handler, Reply
from enrich.sandbox.world import Paper, World

PAGE = 2000
"""Records per page, as in the server's source."""
EARLIEST = date(2005, 9, 16)

_ENVELOPE = """<?xml version='1.0' encoding='UTF-8'?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ \
http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">
<responseDate>{now:%Y-%m-%dT%H:%M:%SZ}</responseDate>
<request{attributes}>https://oaipmh.arxiv.org/oai</request>
{content}
</OAI-PMH>
"""
_IDENTIFY = f"""<Identify><repositoryName>arXiv</repositoryName>\
<baseURL>https://oaipmh.arxiv.org/oai</baseURL><protocolVersion>2.0</protocolVersion>\
<adminEmail>sandbox@example.org</adminEmail>\
<earliestDatestamp>{EARLIEST}</earliestDatestamp><deletedRecord>persistent</deletedRecord>\
<granularity>YYYY-MM-DD</granularity></Identify>"""
_FORMATS = """<ListMetadataFormats><metadataFormat><metadataPrefix>arXiv</metadataPrefix>\
<schema>http://arxiv.org/OAI/arXiv.xsd</schema>\
<metadataNamespace>http://arxiv.org/OAI/arXiv/</metadataNamespace></metadataFormat>\
</ListMetadataFormats>"""
_PHYSICS = (
    "astro-ph",
    "cond-mat",
    "gr-qc",
    "hep-",
    "math-ph",
    "nlin",
    "nucl-",
    "physics",
    "quant",
)


class Fail(Exception):
    """An OAI-PMH error: its code and its text."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class Oai:
    """Answers the verbs Identify, ListMetadataFormats, ListSets, ListRecords and GetRecord."""

    def __init__(self, world: World, now: Callable[[], datetime], page: int = PAGE) -> None:
        self._world, self._now, self._page = world, now, page

    def find(self, method: str, path: str) -> tuple[str, Handler] | None:
        """The endpoint's name and its handler."""
        return ("oai", self.answer) if path == "oai" and method in ("GET", "POST") else None

    def answer(self, ask: Ask) -> Reply:
        """One verb's answer; errors are elements of a 200."""
        pairs = list(ask.query)
        if ask.method == "POST":
            pairs = parse_qsl(ask.body.decode("utf-8", "replace"), keep_blank_values=True)
        told = dict(pairs)
        try:
            if len(told) < len(pairs):
                raise Fail("badArgument", "an argument is repeated")
            content = self._verb(told, ask)
        except Fail as error:
            content = f'<error code="{error.code}">{xml(str(error))}</error>'
            told = {} if error.code in ("badVerb", "badArgument") else told
        attributes = "".join(f' {name}="{xml(value)}"' for name, value in told.items())
        body = _ENVELOPE.format(now=self._now(), attributes=attributes, content=content)
        return Reply(body.encode(), media="text/xml; charset=utf-8")

    def _verb(self, told: dict[str, str], ask: Ask) -> str:
        match told.get("verb"):
            case "Identify":
                return _IDENTIFY
            case "ListMetadataFormats":
                return _FORMATS
            case "ListSets":
                return self._sets()
            case "ListRecords":
                return self._records(told, ask)
            case "GetRecord":
                _needs_format(told)
                paper = self._world.by_arxiv.get(
                    told.get("identifier", "")[len("oai:arXiv.org:") :]
                )
                if paper is None:
                    raise Fail("idDoesNotExist", "no such record")
                return f"<GetRecord>{_record(paper)}</GetRecord>"
            case other:
                raise Fail("badVerb", f"unknown verb {other}")

    def _sets(self) -> str:
        specs = sorted({part for _, p in self._by_day for part in _specs(p)})
        sets = (f"<set><setSpec>{s}</setSpec><setName>{s}</setName></set>" for s in specs)
        return f"<ListSets>{''.join(sets)}</ListSets>"

    def _records(self, told: dict[str, str], ask: Ask) -> str:
        skip = 0
        if token := told.get("resumptionToken"):
            if len(told) > 2:
                raise Fail("badArgument", "resumptionToken is an exclusive argument")
            told = dict(parse_qsl(token))
            issued, after = told.pop("issued", ""), told.pop("skip", "")
            # A token lives until the next UTC midnight.
            current = issued == f"{self._now():%Y-%m-%d}" and after.isdecimal()
            if not current or ask.spoilt("bad-token"):
                raise Fail("badResumptionToken", "the token is unknown or has expired")
            skip = int(after)
        _needs_format(told)
        chosen = self._chosen(told)
        if not chosen:
            raise Fail("noRecordsMatch", "nothing was changed in that time")
        rest = ""
        if skip + self._page < len(chosen):
            token = urlencode(
                {
                    **told,
                    "issued": f"{self._now():%Y-%m-%d}",
                    "skip": str(skip + self._page),
                }
            )
            rest = f"<resumptionToken>{xml(token)}</resumptionToken>"
        elif skip:
            rest = "<resumptionToken/>"
        page = "\n".join(map(_record, chosen[skip : skip + self._page]))
        return f"<ListRecords>{page}{rest}</ListRecords>"

    def _chosen(self, told: dict[str, str]) -> list[Paper]:
        try:
            first = date.fromisoformat(told.get("from") or "0001-01-01")
            last = date.fromisoformat(told.get("until") or "9999-12-31")
        except ValueError:
            raise Fail("badArgument", "dates are YYYY-MM-DD") from None
        if first > last:
            raise Fail("badArgument", "from is later than until")
        low = bisect_left(self._by_day, first, key=lambda pair: pair[0])
        high = bisect_right(self._by_day, last, key=lambda pair: pair[0])
        wanted = told.get("set")
        papers = (paper for _, paper in self._by_day[low:high])
        return [p for p in papers if wanted is None or wanted in _specs(p)]

    @cached_property
    def _by_day(self) -> list[tuple[date, Paper]]:
        """Every preprint by the day of its last change, in the server's order."""
        known = [(_stamp(paper), number, paper) for number, paper in self._world.by_arxiv.items()]
        return [(day, paper) for day, _, paper in sorted(known, key=lambda item: item[:2])]


def _needs_format(told: dict[str, str]) -> None:
    if "metadataPrefix" not in told:
        raise Fail("badArgument", "metadataPrefix is missing")
    if told["metadataPrefix"] != "arXiv":
        raise Fail("cannotDisseminateFormat", "the sandbox has the format arXiv only")


def _stamp(paper: Paper) -> date:
    return max(simulate.revised(paper.first_day, simulate.versions(paper.key)), EARLIEST)


def _specs(paper: Paper) -> tuple[str, ...]:
    """The sets of a paper, from the group down: `cs`, `cs:cs`, `cs:cs:CL`."""
    return _sets_of(category(paper))


@cache  # a page of a large corpus looks at every paper
def _sets_of(category: str) -> tuple[str, ...]:
    archive, _, subject = category.partition(".")
    group = "physics" if archive.startswith(_PHYSICS) else archive
    whole = f"{group}:{archive}"
    return (group, whole, f"{whole}:{subject}") if subject else (group, whole)


def _record(paper: Paper) -> str:
    authors = ""
    for name in paper.authors:
        given, _, family = name.rpartition(" ")
        forenames = f"<forenames>{xml(given)}</forenames>" if given else ""
        authors += f"<author><keyname>{xml(family)}</keyname>{forenames}</author>"
    doi = f"<doi>{xml(paper.doi)}</doi>" if paper.doi else ""
    return f"""<record><header><identifier>oai:arXiv.org:{paper.arxiv_id}</identifier>\
<datestamp>{_stamp(paper)}</datestamp><setSpec>{_specs(paper)[-1]}</setSpec></header><metadata>
<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{paper.arxiv_id}</id>\
<created>{paper.first_day}</created><updated>{_stamp(paper)}</updated><authors>{authors}</authors>\
<title>{xml(paper.title)}</title><categories>{xml(category(paper))}</categories>{doi}\
<license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license>\
<abstract>  {xml(paper.text)}
</abstract></arXiv></metadata></record>"""
