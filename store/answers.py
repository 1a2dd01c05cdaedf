"""The newest raw answer per source and identifier, kept so that nothing need be asked again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Reversible
from datetime import datetime
from itertools import groupby
from pathlib import Path

import duckdb

from enrich.errors import StoreError
from enrich.model import Identifier, Outcome, Told
from store.database import (
    Connection,
    HeldError,
    is_damage,
    open_file,
    open_when_free,
    set_aside,
    unwritable,
)
from store.journal import Batch
from store.loading import Rows, Spool, spooled

TABLE = """
    create table if not exists answers (
        source varchar, scheme varchar, value varchar, told_at timestamptz, body varchar
    )
"""


def keep(path: Path, batches: Reversible[Batch]) -> None:
    """Put the bodies of these answers, which came in this order, in the place of older ones.

    A damaged file is set aside and a new one begun: what it held can be asked again.
    """
    with spooled(_newest(batches), path.parent) as spool:
        if not spool.size:
            return
        try:
            _write(path, spool)
        except duckdb.Error as error:
            if not is_damage(error):
                raise unwritable(path, str(error)) from None
            set_aside(path)
            _write(path, spool)


def _newest(batches: Reversible[Batch]) -> Iterator[dict[str, object]]:
    """The last answer on each identifier, as a row."""
    seen = set()
    for batch in reversed(batches):
        for told in reversed(batch.told):
            key = (told.source, *told.asked)
            if told.outcome is Outcome.OK and key not in seen:
                seen.add(key)
                row = {"source": told.source, **told.asked._asdict()}
                yield {**row, "told_at": batch.at, "body": told.body}


def _write(path: Path, spool: Spool) -> None:
    with _open(path) as connection:
        connection.execute(TABLE)
        rows = Rows(connection, path.parent)
        rows.take_over("answers", ["source", "scheme", "value"], spool)
        connection.execute("checkpoint")


def kept(path: Path, at: Collection[datetime] | None = None) -> Iterator[Batch]:
    """Every answer as it came, one batch for each time of asking, the oldest first; or those that
    came at these times."""
    if not path.exists():
        return
    with open_when_free(path, read_only=True) as connection:
        rows = connection.execute(
            "select * from answers where ? or told_at in (select unnest(?::timestamptz[]))",
            [at is None, list(at or ())],
        ).fetchall()
    # Sorted here: to sort 140,000 bodies takes DuckDB more memory than it may have.
    rows.sort(key=lambda row: (row[3], *row[:3]))
    for moment, told in groupby(rows, key=lambda row: row[3]):
        answers = (Told(s, Identifier(c, v), Outcome.OK, body) for s, c, v, _, body in told)
        yield Batch(moment, False, tuple(answers))


def _open(path: Path) -> Connection:
    try:
        return open_when_free(path, read_only=False)
    except HeldError:
        raise
    except StoreError:
        set_aside(path)
        return open_file(path, read_only=False)
