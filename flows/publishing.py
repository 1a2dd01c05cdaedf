"""From a settled library to a published snapshot."""

from __future__ import annotations

from contextlib import suppress

from enrich.edition import Settled, describe_all
from enrich.errors import StoreError
from enrich.runs import Run
from flows import anthology
from flows.summary import Published
from flows.tonight import Tonight, version
from store import answers, snapshots
from store.draft import Draft, Meta
from store.journal import Journal
from store.snapshots import Base


def publish(
    tonight: Tonight,
    base: Base,
    result: Settled,
    journal: Journal,
    run: Run,
    *,
    simulated: bool,
) -> Published:
    """Build the next snapshot beside the last one, verify it, and put it in place.

    Raises:
        StoreError: it did not verify, or lost too much; the last snapshot stays.
        OSError: the disk is full or cannot be written; the last snapshot stays.
    """
    layout, pending = tonight.layout, journal.pending()
    bulk = tonight.catalog.bulk(anthology.NAME)
    meta = Meta(
        snapshot_id=snapshots.free_id(layout, tonight.now),
        previous_snapshot_id=base.snapshot_id,
        created_at=tonight.now,
        tool_version=version(),
        simulated=base.simulated or simulated or (bulk is not None and bulk.simulated),
    )
    path = layout.drafts / f"{meta.snapshot_id}.duckdb"
    try:
        with Draft(path, base.path) as draft:
            _fill(draft, tonight, base, result, journal.run_id)
            draft.runs(
                [each.run if each.run.run_id != run.run_id else run for each in pending.runs],
                [part for each in pending.runs for part in each.sources],
            )
            draft.sign(meta)
        snapshots.verify(path)
        snapshots.check_loss(base.path, path, tonight.configuration.settings.guard.max_loss)
        published = snapshots.publish(layout, path, meta.snapshot_id)
    finally:
        path.unlink(missing_ok=True)
    with suppress(StoreError):  # else they stay in the journal, for the next run to put away
        answers.keep(layout.answers, pending.batches)
        journal.clear()
    return Published(published, meta.simulated)


def _fill(draft: Draft, tonight: Tonight, base: Base, result: Settled, run_id: str) -> None:
    """Write what is known now over what was known before."""
    known, now = base.library.aliases, tonight.now
    draft.merge({old: n for old, n in result.library.aliases.items() if old not in known}, now)
    described = describe_all(result, *draft.known(result.touched), now)
    draft.settle(base.library, result, now)
    draft.describe(result, described, run_id)
