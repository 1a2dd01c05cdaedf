"""A store of many works after a year of nights, and a night on it: `make` and `publish`."""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.publishing import CHANGED, CORPUS, DAYS
from enrich.configuration import load
from enrich.counts import Observed
from enrich.edition import Settled
from enrich.runs import Run
from flows.night import publishing
from flows.night.tonight import Scope, begin, version
from store import reading, snapshots
from store.database import SCHEMA_VERSION, migrate, open_file
from store.journal import Journal
from store.layout import Layout
from store.snapshots import Base

START = datetime(2025, 11, 21, 2, tzinfo=UTC)
NOW = START + timedelta(days=DAYS)
S2 = "semantic_scholar"

MADE = (
    """create temp table work as
    select i, md5('work' || i)[:16] as paper_id, title, authors, year, abstract,
        printf('%04d.%05d', 1901 + i % 60 * 10 % 900, i) as arxiv, sha1('s2' || i) as sha,
        cast(hash(i) % 500 as integer) as counted
    from (
        select row_number() over (order by row_id) as i, title, authors, year, abstract
        from read_parquet(?) where length(abstract) between 300 and 4000 limit ?
    )""",
    """insert into lists by name select 'papers' as list_id, 'papers' as name,
        'papers.md' as source, 'x' as sha256, count(*) as entries, $at as fetched_at from work""",
    """insert into entries by name select 'e' || i as entry_id, 'papers' as list_id, i as position,
        i as line, ['Papers'] as section, '- ' || title as raw, title, year, 'paper' as kind,
        [] as links, ['arxiv:' || arxiv] as ids, paper_id, 'matched' as verdict,
        'own_identifier' as reason, 1.0 as score, 'link' as method, $start as first_seen_at,
        $at as last_seen_at from work""",
    """insert into identifiers select paper_id, unnest(['arxiv', 'doi', 's2', 's2']),
        unnest([arxiv, '10.48550/arxiv.' || arxiv, sha, 'CorpusID:' || i]),
        unnest(['list', 'list', 'semantic_scholar', 'semantic_scholar']), $start from work""",
    """insert into papers by name select paper_id, title, authors, year, 'arXiv' as venue,
        'preprint' as status, abstract, 'arxiv' as abstract_source, arxiv as arxiv_id,
        '10.48550/arxiv.' || arxiv as doi, sha as s2_id, i::varchar as s2_corpus_id,
        counted as citation_count, counted // 10 as influential_citation_count,
        'semantic_scholar' as citation_source, $at as citations_checked_at,
        'https://arxiv.org/pdf/' || arxiv as open_access_pdf, ['papers'] as lists,
        $start as first_seen_at, $at as updated_at from work""",
    """insert into records by name select paper_id, source, 'arxiv:' || arxiv as asked,
        $at as observed_at, title, authors, year, 'arXiv' as venue, 'preprint' as status,
        sha256(abstract) as abstract,
        case when source = 'arxiv' then null else counted end as citation_count,
        case when source = 'arxiv' then null else counted // 10 end as influential_citation_count
        from work, (values ('arxiv'), ('semantic_scholar')) as told(source)""",
    """insert into abstracts select paper_id, source, sha256(abstract), abstract, $start
        from work, (values ('arxiv'), ('semantic_scholar')) as told(source)""",
    """insert into fetches select paper_id, source, 'ok', $at, $at + interval 20 hour, null,
        ['arxiv:' || arxiv] from work, (values ('arxiv'), ('semantic_scholar')) as told(source)""",
    # Night after night, as the nights themselves append them.
    """insert into citations select paper_id, 'semantic_scholar', $start + to_days(day::integer),
        counted + day // 30, (counted + day // 30) // 10 from range($days) as each(day), work
        where day = 0 or hash(i, day) % 10000 < $changed * 10000 order by day, hash(i)""",
    """update papers set citation_count = last.citation_count,
        influential_citation_count = last.influential_citation_count
        from papers_as_of($at) as last where last.paper_id = papers.paper_id""",
    """update records set citation_count = papers.citation_count,
        influential_citation_count = papers.influential_citation_count from papers
        where papers.paper_id = records.paper_id and source = 'semantic_scholar'""",
    """insert into changes select 'run' || day, paper_id, 'citation_count', '1', '2',
        $start + to_days(day::integer) from range(1, $days) as each(day), work
        where hash(i, day) % 10000 < $changed * 10000 order by day, hash(i)""",
    """insert into runs select 'run' || day, 'refresh', 'ok', $start + to_days(day::integer),
        $start + to_days(day::integer), '0', '{}' from range($days) as each(day)""",
)


def batched(each: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Pieces of that size."""
    return (each[at : at + size] for at in range(0, len(each), size))


def make(folder: Path, works: int) -> dict[str, float]:
    """Write configuration and snapshot."""
    (folder / "papers.md").write_text("# Papers\n", encoding="utf-8")
    (folder / "config.toml").write_text('[[lists]]\nname = "papers"\npath = "papers.md"\n')
    layout = Layout(folder / "data")
    name = f"{NOW:{snapshots.FORMAT}}"
    path = layout.drafts / "large.duckdb"
    with open_file(path, read_only=False) as connection:
        migrate(connection)
        connection.execute("set memory_limit = '2GB'")  # making it is not what is measured
        connection.execute(MADE[0], [str(CORPUS), works])
        known = {"start": START, "at": NOW, "days": DAYS, "changed": CHANGED}
        for query in MADE[1:]:
            used = {key: value for key, value in known.items() if f"${key}" in query}
            connection.execute(query, used)
        connection.execute(
            "insert into meta values (?, ?, null, ?, ?, true)",
            [SCHEMA_VERSION, name, NOW, version()],
        )
        [(observations,)] = connection.execute("select count(*) from citations").fetchall()
    snapshots.publish(layout, path, name)
    return {"bytes": layout.current.stat().st_size, "observations": observations}


def publish(folder: Path, first: int, nights: int, changed: float) -> dict[str, float]:
    """Nights on it: the slowest one's seconds, on the wall and of processor time."""
    costs = [_publish(folder, n, changed) for n in range(first, first + nights)]
    return {"seconds": max(wall for wall, _ in costs), "cpu": max(cpu for _, cpu in costs)}


def _publish(folder: Path, n: int, changed: float) -> tuple[float, float]:
    """The n-th night, from what was told to the published snapshot."""
    now = NOW + timedelta(days=n + 1)
    tonight = begin(load(folder / "config.toml", {}), {}, Scope(), now)
    base = snapshots.newest_good(tonight.layout)
    run = Run(f"{now:{snapshots.FORMAT}}-0000", "refresh", "failed", now, None, "0", "{}")
    journal = Journal(tonight.layout, run.run_id)
    journal.write_run(run)
    settled = _settled(base, now, random.Random(n), changed)
    ended = run._replace(status="ok", finished_at=now)
    wall, cpu = time.monotonic(), time.process_time()
    publishing._build(tonight, base, settled, journal, journal.pending(), ended, simulated=True)
    return time.monotonic() - wall, time.process_time() - cpu


def _settled(base: Base, now: datetime, dice: random.Random, changed: float) -> Settled:
    """What the night came to: every work told of, and this share of the counts one higher."""
    assert base.path is not None
    answered = {}
    for ids in batched(sorted(base.library.works), 5000):
        with open_file(base.path, read_only=True) as connection:
            records = reading.records(connection, ids)
        for paper_id, by_source in records.items():
            record = by_source[S2].record
            if dice.random() < changed:
                record = replace(record, citation_count=(record.citation_count or 0) + 1)
            answered[paper_id] = {S2: Observed(record, now)}
    fetches = {
        key: replace(mark, checked_at=now, due_at=now) if key[1] == S2 else mark
        for key, mark in base.library.fetches.items()
    }
    places = {k: replace(p, last_seen_at=now) for k, p in base.library.places.items()}
    library = replace(base.library, fetches=fetches, places=places)
    told = frozenset(answered)
    return Settled(library, answered, told, only_told=told)


if __name__ == "__main__":
    what, folder, works, *more = sys.argv[1:]
    if what == "make":
        print(json.dumps(make(Path(folder), int(works))))
    else:
        print(json.dumps(publish(Path(folder), int(more[0]), int(more[1]), float(more[2]))))
