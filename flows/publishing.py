"""From a settled library to a published snapshot."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from enrich.edition import Settled, describe_all
from enrich.errors import StoreError
from enrich.runs import Run
from flows import anthology
from flows.history import prune_after
from flows.summary import Published
from flows.tonight import Tonight, version
from store import answers, guard, snapshots, soundness
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
        soundness.verify(path)
        _refuse_loss(tonight, base, path, meta.snapshot_id, journal)
        published = snapshots.publish(layout, path, meta.snapshot_id)
    finally:
        path.unlink(missing_ok=True)
    with suppress(StoreError):  # else they stay in the journal, for the next run to put away
        answers.keep(layout.answers, pending.batches)
        journal.clear()
    protected = {meta.snapshot_id, meta.previous_snapshot_id or meta.snapshot_id}
    prune_after(layout, tonight.configuration.settings.store, tonight.now, protected)
    return Published(published, meta.simulated)


def _refuse_loss(tonight: Tonight, base: Base, draft: Path, name: str, journal: Journal) -> None:
    """Set a draft aside that lost too much, with the answers that made it so: with these in the
    journal, every later run would end the same way."""
    loss = guard.loss(base.path, draft, tonight.configuration.settings.guard.max_loss)
    if loss is None:
        return
    folder = guard.set_aside(tonight.layout, draft, name)
    journal.move(folder / "answers")
    raise StoreError(
        f"{loss}, and was not published but set aside in {folder} with tonight's answers; if the "
        "loss is wanted: PAPERTIDE__GUARD__MAX_LOSS=1 papertide refresh"
    )


def _fill(draft: Draft, tonight: Tonight, base: Base, result: Settled, run_id: str) -> None:
    """Write what is known now over what was known before."""
    known, now = base.library.aliases, tonight.now
    draft.merge({old: n for old, n in result.library.aliases.items() if old not in known}, now)
    described = describe_all(result, *draft.known(result.touched), now)
    draft.settle(base.library, result, now)
    draft.describe(result, described, run_id)
