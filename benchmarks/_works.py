"""A list of so many works of the corpus, each by an identifier, and a configuration for it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import duckdb

from benchmarks.measure import Unmeasured
from benchmarks.stage import answer

SHARES = {"arxiv_id": 0.85, "acl_id": 0.12, "openreview_id": 0.03}
"""Of a hundred works so many are linked by this identifier: with them arXiv takes longest. Every
batch of OpenReview costs two requests at two hosts, so that more of it would hide the others."""
ADDRESSES = {
    "arxiv_id": "https://arxiv.org/abs/{}",
    "acl_id": "https://aclanthology.org/{}",
    "openreview_id": "https://openreview.net/forum?id={}",
}
PACES = {"arxiv": 3.0, "semantic_scholar": 1.0, "openreview": 20.0}
"""Seconds from start to start (contract, section 2)."""


def write_list(corpus: Path, works: int, to: Path, shares: Mapping[str, float] = SHARES) -> None:
    """Write a reading list that links so many works, no two of them one."""
    lines = ["# Papers", ""]
    with duckdb.connect() as connection:
        for column, share in shares.items():
            lacks = "arxiv_id" if column == "openreview_id" else "openreview_id"
            rows = connection.execute(
                f"select any_value(title), any_value({column}), any_value(year) "
                f"from read_parquet(?) where {column} is not null and {lacks} is null and "
                "length(title) > 25 and not contains(title, '[') and not contains(title, '|') "
                "group by work_id having count(*) = 1 order by hash(work_id) limit ?",
                [str(corpus), int(works * share)],
            ).fetchall()
            lines += [
                f"- {title}. {year or ''} [[paper]({ADDRESSES[column].format(value)})]"
                for title, value, year in rows
            ]
    to.write_text("\n".join(lines) + "\n", encoding="utf-8")


def warm_up(urls: Mapping[str, Mapping[str, str]]) -> None:
    """Have the sandbox make what it makes when it is first asked for: the bulk file, and the
    indexes of titles. That is no time of Papertide's, and lasts longer than its patience."""
    for url in (
        f"{urls['acl_anthology']['base_url']}/anthology+abstracts.bib.gz",
        f"{urls['arxiv']['base_url']}/api/query?search_query=ti:%22attention%22&max_results=1",
        f"{urls['semantic_scholar']['base_url']}/graph/v1/paper/search/match?query=attention",
    ):
        for _ in range(5):  # faults may be on
            with suppress(Unmeasured):  # it knows no such paper, which is an answer
                answer(url)
                break


def write_configuration(
    folder: Path, base_urls: Mapping[str, Mapping[str, str]], scale: float, extra: str = ""
) -> Path:
    """Write a `config.toml` for the list `papers.md` beside it, all at its default but the
    addresses, and the paces, which are multiplied by `scale`."""
    lines = ["[store]", 'dir = "data"', "[[lists]]", 'name = "papers"', 'path = "papers.md"']
    for source, urls in base_urls.items():
        lines += [f"[sources.{source}]", *(f'{key} = "{url}"' for key, url in urls.items())]
        if source in PACES:
            lines.append(f"seconds_per_request = {PACES[source] * scale}")
    config = folder / "config.toml"
    config.write_text("\n".join(lines) + "\n" + extra, encoding="utf-8")
    return config
