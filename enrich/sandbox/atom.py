"""arXiv's Atom feeds as text: a page of entries, and the entry that is an error."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from xml.sax.saxutils import escape

from enrich.sandbox import simulate
from enrich.sandbox.world import Paper

MEDIA = "application/atom+xml; charset=utf-8"

_ILLEGAL = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TITLE_LINE = re.compile(r"(\S.{0,65})(?:\s+|$)")
_LINE = re.compile(r"(\S.{0,77})(?:\s+|$)")
_FEED = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" \
xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>{id}</id>
  <title>{title}</title>
  <updated>{updated}</updated>
  <opensearch:itemsPerPage>{size}</opensearch:itemsPerPage>
  <opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>{start}</opensearch:startIndex>
{entries}</feed>
"""
_ERROR = """  <entry>
    <id>https://arxiv.org/api/errors#{anchor}</id>
    <title>Error</title>
    <updated>{updated}</updated>
    <link href="https://arxiv.org/api/errors#{anchor}" rel="alternate" type="text/html"/>
    <summary>{text}</summary>
    <author>
      <name>arXiv api core</name>
    </author>
  </entry>
"""
_ENTRY = """  <entry>
    <id>http://arxiv.org/abs/{number}v{version}</id>
    <title>{title}</title>
    <updated>{updated}</updated>
    <link href="https://arxiv.org/abs/{number}v{version}" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/{number}v{version}" rel="related" type="application/pdf" \
title="pdf"/>
    <summary>  {summary}
    </summary>
    <category term="{category}" scheme="http://arxiv.org/schemas/atom"/>
    <published>{published}</published>
    <arxiv:comment>{comment}</arxiv:comment>
    <arxiv:primary_category term="{category}"/>
{more}  </entry>
"""


def feed(
    entries: Iterable[str],
    heading: str,
    now: datetime,
    *,
    total: int,
    start: int,
    size: int,
) -> bytes:
    """A page of a query's answer."""
    return _FEED.format(
        id=f"https://arxiv.org/api/{simulate.sha(heading)[:27]}",
        title=xml(f"{heading}&start={start}&max_results={size}"),
        updated=_moment(now),
        size=size,
        total=total,
        start=start,
        entries="".join(entries),
    ).encode()


def error(text: str, now: datetime) -> bytes:
    """The feed whose only entry says what was wrong; it has no `published`."""
    updated = _moment(now)
    entry = _ERROR.format(anchor=xml(text.replace(" ", "_")), text=xml(text), updated=updated)
    return _FEED.format(
        id="https://arxiv.org/",
        title="arXiv Search Results",
        updated=updated,
        size=1,
        total=1,
        start=0,
        entries=entry,
    ).encode()


def entry(
    paper: Paper, version: int, *, number: str, comment: str = "", hostile: bool = False
) -> str:
    """One version of a paper, with the line breaks that arXiv's titles and abstracts have."""
    key, first = paper.key, paper.first_day
    title, summary = (simulate.HOSTILE,) * 2 if hostile else (paper.title, paper.text)
    more = ""
    if paper.venue and simulate.lacks(key, "silence on its journal", 0.3):
        said = xml(f"{paper.venue} ({paper.year})")
        more += f"    <arxiv:journal_ref>{said}</arxiv:journal_ref>\n"
    if paper.doi and simulate.lacks(key, "silence on its doi", 0.4):
        more += f"    <arxiv:doi>{xml(paper.doi)}</arxiv:doi>\n"
    for name in paper.authors:
        more += f"    <author>\n      <name>{xml(name)}</name>\n    </author>\n"
    return _ENTRY.format(
        number=number,
        version=version,
        title=_broken(title, _TITLE_LINE, "\n      "),
        updated=_moment(simulate.revised(first, version)),
        summary=_broken(summary, _LINE, "\n"),
        category=xml(category(paper)),
        published=_moment(first),
        comment=xml(comment or f"{simulate.MARK}{8 + len(paper.title) % 20} pages"),
        more=more,
    )


def category(paper: Paper) -> str:
    """The primary category, cs.LG where nobody said it."""
    return paper.arxiv_primary_category or "cs.LG"


def xml(text: str) -> str:
    """Text safe inside an element or a quoted attribute."""
    return escape(_ILLEGAL.sub("", text), {'"': "&quot;"})


def _broken(text: str, line: re.Pattern[str], joint: str) -> str:
    return joint.join(xml(match[1]) for match in line.finditer(text))


def _moment(day: date | datetime) -> str:
    return day.strftime("%Y-%m-%dT%H:%M:%SZ")
