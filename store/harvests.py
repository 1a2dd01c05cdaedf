"""arXiv's papers in the catalogue, and how far each set of them is harvested."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from enrich import titles
from enrich.harvest import Harvest, Page
from store.catalog_tables import next_number, touch
from store.database import Connection
from store.loading import Rows

COLUMNS = ", ".join(field.name for field in fields(Harvest))


def put(connection: Connection, folder: Path, page: Page, harvest: Harvest) -> None:
    """Put the papers of a page in the place of what was known of them, and the harvest's state in
    the place of its last one; the caller commits both or neither."""
    papers = {paper.id: paper for paper in page.papers}
    connection.execute(
        "delete from arxiv_papers where id in (select unnest(?))", [[*papers, *page.deleted]]
    )
    first = next_number(connection)

    def rows() -> Iterator[Mapping[str, Any]]:
        for number, paper in enumerate(papers.values(), first):
            told = paper._asdict()
            del told["categories"]
            yield {**told, "key": titles.key(paper.title), "number": number}

    Rows(connection, folder).append("arxiv_papers", rows())
    connection.execute("delete from harvests where spec = ?", [harvest.spec])
    places = ", ".join("?" for _ in fields(Harvest))
    connection.execute(f"insert into harvests ({COLUMNS}) values ({places})", astuple(harvest))
    if page.papers or page.deleted:
        touch(connection, first + len(papers))
