"""From a settled library to a published snapshot."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from enrich.configuration import now as wall_clock
from enrich.edition import Settled, describe_all
from enrich.errors import StoreError
from enrich.library import Library
from enrich.runs import Run
from flows.night import anthology
from flows.night.asking import Asking
from flows.night.rebasing import rebased, told_meanwhile
from flows.night.summary import Asked, Published
from flows.night.tonight import Tonight, version
from flows.watch import Watch
from store import answers, guard, pruning, snapshots, soundness
from store.claims import Claims
from store.draft import Draft, Meta
from store.journal import Journal, Pending
from store.lock import publishing
from store.rewriting import rewrite
from store.snapshots import Base

SOON_REWRITTEN = 64_000_000
"""Bytes of a snapshot that is rewritten in a third of a second, whatever the night came to."""

PIECE = 5_000
"""Works that are described at a time: what is known of them, abstracts included, is in memory. To
replace 200,000 changed works at once takes DuckDB more than it may have; so it does not."""

KEPT = "nothing was published, and what was fetched is kept for the next run"
WAITING = "waiting for another run to publish"


async def publish(
    tonight: Tonight,
    base: Base,
    asked: Asked,
    asking: Asking,
    journal: Journal,
    claims: Claims,
    run: Run,
    watch: Watch,
) -> tuple[Run, Published, Library, Asked]:
    """Publish what a run read and was told, over what is published by then: the run as it ended,
    its snapshot, what that was built on, and what it came to.

    Raises:
        StoreError: it did not verify, or lost too much; the last snapshot stays.
        OSError: the disk is full or cannot be written; the last snapshot stays.
    """
    layout = tonight.layout
    async with publishing(layout, partial(watch.phase, WAITING)):
        watch.phase("publishing")
        until = wall_clock(tonight.environ)
        newest = base if snapshots.is_newest(layout, base) else snapshots.newest_good(layout)
        pending = journal.pending()
        if asking.adopt(pending, newest.library, until) or newest is not base:
            asking.take(told_meanwhile(layout, newest, claims.others()))
            library, before = newest.library, base.library
            result = rebased(tonight, library, before, asked.reads, asking.answers, until)
            asked = replace(asked, result=result)
        ended = run._replace(status="partial" if asked.trouble else "ok", finished_at=until)
        simulated = asking.simulated
        published = _build(
            tonight, newest, asked.result, journal, pending, ended, simulated=simulated
        )
    return ended, published, newest.library, asked


def _build(
    tonight: Tonight,
    base: Base,
    result: Settled,
    journal: Journal,
    pending: Pending,
    run: Run,
    *,
    simulated: bool,
) -> Published:
    """Build the next snapshot beside the last one, verify it, and put it in place."""
    layout = tonight.layout
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
        if result.answered or path.stat().st_size < SOON_REWRITTEN:
            rewrite(path)  # else few rows were changed, and the holes are few beside the rest
        if short := guard.differing(soundness.verify(path), result.library):
            raise StoreError(f"{path}: {short}; {KEPT}")
        _refuse_loss(tonight, base, path, meta.snapshot_id, journal, pending)
        published = snapshots.publish(layout, path, meta.snapshot_id)
    finally:
        path.unlink(missing_ok=True)
    with suppress(StoreError):  # else they stay in the journal, for the next run to put away
        answers.keep(layout.answers, pending.batches)
        journal.clear(pending)
    _prune(tonight, {meta.snapshot_id, meta.previous_snapshot_id or meta.snapshot_id})
    return Published(published, meta.simulated)


def _prune(tonight: Tonight, protected: Collection[str]) -> None:
    """Retention after a night. `protected`: what it published, and what it went on from. A file
    that cannot be deleted goes another time: the night itself is done."""
    store = tonight.configuration.settings.store
    keep = store.keep_daily, store.keep_weekly
    with suppress(OSError):
        pruning.remove(pruning.surplus(tonight.layout, *keep, tonight.now, protected))


def _refuse_loss(
    tonight: Tonight, base: Base, draft: Path, name: str, journal: Journal, pending: Pending
) -> None:
    """Set a draft aside that lost too much, with the answers that made it so: with these in the
    journal, every later run would end the same way."""
    loss = guard.loss(base.path, draft, tonight.configuration.settings.guard.max_loss)
    if loss is None:
        return
    folder = guard.set_aside(tonight.layout, draft, name)
    journal.move(pending, folder / "answers")
    raise StoreError(
        f"{loss}, and was not published but set aside in {folder} with tonight's answers; if the "
        "loss is wanted: PAPERTIDE__GUARD__MAX_LOSS=1 papertide refresh"
    )


def _fill(draft: Draft, tonight: Tonight, base: Base, result: Settled, run_id: str) -> None:
    """Write what is known now over what was known before."""
    known, now = base.library.aliases, tonight.now
    draft.merge({old: n for old, n in result.library.aliases.items() if old not in known}, now)
    answers = draft.answers(result.answered)
    # Another version may describe the same answers in another way.
    repeatable = result.only_told if base.tool_version == version() else frozenset[str]()
    news = sorted(result.touched - answers.repeated(repeatable))
    for start in range(0, len(news), PIECE):
        piece = frozenset(news[start : start + PIECE])
        draft.describe(
            describe_all(replace(result, touched=piece), *draft.known(piece), now), run_id
        )
    answers.write()
    draft.settle(base.library, result, now)
