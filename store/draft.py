"""The next snapshot while it is built: a copy of the last one that nobody else sees."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from enrich.counts import Count, Observed
from enrich.edition import Described, Settled, same_entry
from enrich.library import Library
from enrich.papers import Paper
from enrich.runs import Run, SourceRun
from store import reading, rows
from store.database import (
    BESIDE_A_LIBRARY,
    SCHEMA_VERSION,
    migrate,
    open_file,
    unwritable,
)
from store.loading import Rows
from store.merging import merge
from store.told import Answers

COUNTED = (
    *("citation_count", "influential_citation_count", "citation_source"),
    *("citations_checked_at", "updated_at"),
)
"""The columns of `papers` that a count touches."""


@dataclass(frozen=True, slots=True)
class Meta:
    """A snapshot's row of `meta`, but for the schema's version."""

    snapshot_id: str
    previous_snapshot_id: str | None
    created_at: datetime
    tool_version: str
    simulated: bool


class Draft(AbstractContextManager["Draft"]):
    """A database at `path`, begun as a copy of `base` or empty, open for this process alone.

    Leaving the block closes it; left by an error, it deletes it.
    """

    def __init__(self, path: Path, base: Path | None) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        if base is not None:
            try:
                shutil.copyfile(base, path)
            except OSError as error:
                path.unlink(missing_ok=True)
                raise unwritable(path, error.strerror or str(error)) from None
        self._connection = open_file(path, read_only=False)
        try:
            migrate(self._connection)
        except duckdb.Error as error:
            self._leave(finished=False)
            raise unwritable(path, str(error)) from None
        self._connection.execute(f"set memory_limit = '{BESIDE_A_LIBRARY}'")
        self._rows = Rows(self._connection, path.parent)
        self._connection.begin()

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        finished = False
        try:
            if kind is None:
                self._connection.commit()
                self._connection.execute("checkpoint")
                finished = True
            elif issubclass(kind, duckdb.Error):
                raise unwritable(self.path, str(error))
        except duckdb.Error as failure:
            raise unwritable(self.path, str(failure)) from None
        finally:
            self._leave(finished=finished)

    def _leave(self, *, finished: bool) -> None:
        self._connection.close()
        if not finished:
            for left in (self.path, self.path.with_name(f"{self.path.name}.wal")):
                left.unlink(missing_ok=True)

    def merge(self, aliases: Mapping[str, str], at: datetime) -> None:
        """Let the rows of each work that was taken in follow it, and remember its old id.

        `aliases`: from such a work to the one it is now; no target is itself a key.
        """
        if aliases:
            merge(self._connection, self._rows, aliases, at)

    def known(
        self, paper_ids: Iterable[str]
    ) -> tuple[Mapping[str, Mapping[str, Observed]], Mapping[str, Count], Mapping[str, Paper]]:
        """Records, newest counts and descriptions of these works."""
        wanted = sorted(paper_ids)
        return (
            reading.records(self._connection, wanted),
            reading.counts(self._connection, wanted),
            reading.papers(self._connection, wanted),
        )

    def settle(self, base: Library, settled: Settled, at: datetime) -> None:
        """Write lists, entries, identifiers, fetches and what waits for review."""
        now = settled.library
        self._replace_all("lists", [rows.list_row(each) for each in now.lists.values()])
        changed = [
            place
            for entry_id, place in now.places.items()
            if entry_id not in base.places or not same_entry(base.places[entry_id], place)
        ]
        self._rows.replace(
            "entries",
            ["entry_id"],
            (rows.entry_row(p) for p in changed),
            in_place=("position", "line", "last_seen_at", "removed_at"),
        )
        seen = (
            {"entry_id": p.entry_id}
            for p in now.places.values()
            if p.last_seen_at == at and p.removed_at is None
        )
        self._connection.execute("create temp table seen (entry_id varchar)")
        self._rows.append("seen", seen)
        self._connection.execute(
            "update entries set last_seen_at = ? where entry_id in (from seen)", [at]
        )
        self._connection.execute("drop table seen")
        # A decision that was taken back takes its identifier with it; another may say it anew.
        for identifier in base.claims.keys() - now.claims.keys():
            self._connection.execute(
                "delete from identifiers where scheme = ? and value = ?", list(identifier)
            )
        self._rows.replace(
            "identifiers",
            ["scheme", "value"],
            (
                {**identifier._asdict(), **claim._asdict()}
                for identifier, claim in now.claims.items()
                if base.claims.get(identifier) != claim
            ),
        )
        self._rows.replace(
            "fetches",
            ["paper_id", "source"],
            (
                rows.fetch_row(key, mark)
                for key, mark in now.fetches.items()
                if base.fetches.get(key) != mark
            ),
            in_place=("status", "checked_at", "due_at", "error"),
        )
        waiting = [rows.review_row(place) for place in now.places.values() if place.waits]
        self._replace_all("review", waiting)

    def answers(self, answered: Mapping[str, Mapping[str, Observed]]) -> Answers:
        """Tonight's answers, to be compared with what is known before they are written."""
        return Answers(self._connection, self._rows, answered)

    def describe(self, described: Described, run_id: str) -> None:
        """Write descriptions, and what they add to the history."""
        self._rows.replace(
            "papers",
            ["paper_id"],
            (rows.paper_row(p) for p in described.papers),
            in_place=COUNTED,
        )
        self._rows.append("citations", (count._asdict() for count in described.counts))
        self._rows.append("changes", ({"run_id": run_id, **c._asdict()} for c in described.changes))

    def runs(self, runs: Sequence[Run], source_runs: Sequence[SourceRun]) -> None:
        """Write the runs that no snapshot lists yet; one that is listed stays as it is."""
        listed = self._connection.execute("select run_id from runs").fetchall()
        known = {run_id for (run_id,) in listed}
        self._rows.append("runs", [r._asdict() for r in runs if r.run_id not in known])
        self._rows.append(
            "source_runs", [part._asdict() for part in source_runs if part.run_id not in known]
        )

    def sign(self, meta: Meta) -> None:
        """Write the snapshot's own row."""
        row = {
            "schema_version": SCHEMA_VERSION,
            **{name: getattr(meta, name) for name in Meta.__dataclass_fields__},
        }
        self._replace_all("meta", [row])

    def _replace_all(self, table: str, fresh: Sequence[rows.Row]) -> None:
        self._connection.execute(f"delete from {table}")
        self._rows.append(table, fresh)
