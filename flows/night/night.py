"""The night: parse, resolve, fetch what is due, publish. Plain functions; Prefect may wrap them.

A backfill is a night that reads no lists, and asks for what it was told to in the place of what is
due.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from enrich.backfill import Selection
from enrich.configuration import Configuration
from enrich.configuration import now as wall_clock
from enrich.model import Identifier, SourceState
from enrich.review.decisions import remarks
from enrich.runs import Run
from enrich.settings import age
from enrich.sources import Source
from flows.log import LOG
from flows.night import lookups, providers
from flows.night.anthology import Anthology
from flows.night.asking import Asking, Perform, directly, source_run, trouble_with
from flows.night.backfilling import in_words, selected
from flows.night.due import file_age, questions
from flows.night.lists import ListRead, ListUnreadable, read_lists
from flows.night.notifying import Followed, following
from flows.night.publishing import publish
from flows.night.rounds import ask_all
from flows.night.summary import Asked, Summary, summarise
from flows.night.tonight import Scope, Tonight, begin, placed, settled, version
from flows.watch import Silent, Watch
from store import answers as raw_answers
from store import reading, snapshots
from store.claims import Claims
from store.database import unwritable
from store.journal import Journal
from store.lock import prepare
from store.owner import take_over
from store.snapshots import Base

OTHER = (
    "{}: {} refreshed it last; one folder per configuration, else each takes the lists that only "
    "the other has for removed"
)


async def refresh(
    configuration: Configuration,
    environ: Mapping[str, str],
    scope: Scope,
    watch: Watch | None = None,
    perform: Perform = directly,
) -> Summary:
    """Carry a night, or a backfill, out from the last snapshot to the next.

    Raises:
        ConfigError: a backfill names a work that there is not.
        PapertideError: nothing was published; the message says why, and what stays true.
    """
    watch = watch or Silent()
    async with following(configuration, environ, scope.kind, watch) as followed:
        tonight = begin(configuration, environ, scope, wall_clock(environ))
        prepare(tonight.layout)
        try:
            return followed.ended(await _carried_out(tonight, watch, perform, followed))
        except ListUnreadable as error:
            raise ListUnreadable(f"{error}; nothing was published") from None
        except OSError as error:
            raise unwritable(tonight.layout.root, error.strerror or str(error)) from None


async def _carried_out(
    tonight: Tonight, watch: Watch, perform: Perform, followed: Followed
) -> Summary:
    began = time.monotonic()
    layout, run = tonight.layout, _begun(tonight)
    followed.begun(run)
    LOG.run_id = run.run_id
    with Journal(layout, run.run_id) as journal, Claims(layout, run.run_id) as claims:
        try:
            journal.write_run(run)
            if other := take_over(layout, tonight.configuration.path.resolve()):
                watch.say(OTHER.format(layout.root, other))
            base = snapshots.newest_good(layout)
            asking = Asking(
                journal, run.run_id, tonight.terms, tonight.now, watch, perform, claims.take
            )
            asking.adopt(journal.pending(), base.library, tonight.now)
            asked = await _gather(tonight, base, asking, watch, began + _deadline(tonight))
            # In the journal it stays a failed one until the snapshot that tells otherwise is there.
            journal.write_run(run, asked.parts)
            told = await publish(tonight, base, asked, asking, journal, claims, run, watch)
        except BaseException:
            # Whatever ended it: the next snapshot shall tell that there was such a run.
            ended_at = wall_clock(tonight.environ)
            with suppress(OSError):
                journal.write_run(run._replace(status="failed", finished_at=ended_at))
            raise
    return summarise(*told, time.monotonic() - began)


async def _gather(
    tonight: Tonight, base: Base, asking: Asking, watch: Watch, until: float
) -> Asked:
    """Read the lists, ask for what is due, and tell `watch` of all trouble, once. `until`: when to
    end with what there is, on the monotonic clock."""
    reads: Sequence[ListRead] = ()
    selection = None
    if tonight.scope.wanted:
        selection = selected(tonight, tonight.scope.wanted, base, asking.run_id)
        watch.say(in_words(selection))
    else:
        watch.phase("reading the lists")
        reads = await read_lists(
            tonight.configuration,
            tonight.chosen_lists,
            base.library.lists,
            tonight.now,
            offline=tonight.scope.offline,
            until=until,
        )
    if base.tool_version not in (None, version()):
        # Another Papertide may read more out of the same answers: describe all anew.
        asking.take(raw_answers.kept(tonight.layout.answers))
    asked = await _ask(tonight, base, reads, selection, asking, watch, until)
    unread = (read.trouble for read in reads if read.trouble)
    trouble = (*base.set_aside, *unread, *asked.trouble)
    for line in trouble:
        watch.say(line)
    return replace(asked, trouble=trouble, reads=tuple(reads))


async def _ask(
    tonight: Tonight,
    base: Base,
    reads: Sequence[ListRead],
    selection: Selection | None,
    asking: Asking,
    watch: Watch,
    until: float,
) -> Asked:
    """Ask in rounds until nothing more is due, or the run's time is over."""
    places = placed(tonight, base.library, reads)
    for remark in remarks(places, tonight.rulings, str(tonight.configuration.overrides)):
        watch.say(remark)
    settle = partial(settled, tonight, base.library, reads, places)
    if tonight.scope.offline or (selection and not selection.works):
        return Asked(settle(asking.answers), (), ())
    trouble: list[str] = []
    settings = tonight.configuration.settings
    async with providers.opened(settings, tonight.layout, tonight.environ) as opened:
        sources: dict[str, Source] = {n: s for n, s in opened.sources.items() if tonight.asks(n)}
        anthology = None
        if opened.anthology is not None and tonight.asks(Anthology.name):
            anthology = Anthology(
                opened.anthology,
                tonight.catalog,
                tonight.layout.downloads,
                file_age(tonight, selection),
                _seen_in_anthology(base),
                settings.guard.max_loss,
                tonight.now,
            )
            sources[Anthology.name] = anthology
        result, is_over = await ask_all(
            asking,
            sources,
            anthology,
            questions(tonight, selection),
            settle,
            tonight.terms,
            max(0.0, until - time.monotonic()),
        )
        if is_over:
            trouble.append(
                f"[refresh] deadline = {settings.refresh.deadline} is over: what was not asked "
                "for keeps its old values and is asked for first next time"
            )
        parts = tuple(source_run(asking.run_id, s, asking.efforts[n]) for n, s in sources.items())
        for name, source in sources.items():
            if source.gateway.state is SourceState.DISABLED and source.gateway.trouble:
                watch.say(source.gateway.trouble)
            if line := trouble_with(source, asking.efforts[name]):
                trouble.append(line)
            elif anthology is not None and name == anthology.name and anthology.trouble:
                old = "its papers are as the last file had them"
                trouble.append(f"{name}: {anthology.trouble}; {old}")
    for name, left in asking.left.items():
        if left:
            watch.say(f"{name}: {len(left):,} works are asked for by another run that goes on")
    lookups.keep(tonight.layout)
    return Asked(result, parts, tuple(trouble))


def _deadline(tonight: Tonight) -> float:
    """Seconds that a run may take until it publishes what it has."""
    return age(tonight.configuration.settings.refresh.deadline).total_seconds()


def _begun(tonight: Tonight) -> Run:
    """The run as it is recorded until it has ended: as failed."""
    return Run(
        run_id=f"{tonight.now:{snapshots.FORMAT}}-{secrets.token_hex(2)}",
        kind=tonight.scope.kind,
        status="failed",
        started_at=tonight.now,
        finished_at=None,
        tool_version=version(),
        scope=tonight.scope.as_json(),
    )


def _seen_in_anthology(base: Base) -> frozenset[Identifier]:
    """The identifiers of works that the bulk file is known to have had. Marks do not tell: a night
    without the file leaves a failure on all of them."""
    had = reading.told_by(base.path, Anthology.name) if base.path else frozenset[str]()
    return frozenset(i for i, claim in base.library.claims.items() if claim.paper_id in had)
