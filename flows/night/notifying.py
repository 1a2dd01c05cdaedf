"""Telling a webhook of a run that failed or is incomplete; no run depends on that."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from enrich.configuration import Configuration
from enrich.configuration import now as wall_clock
from enrich.errors import ConfigError, PapertideError, SourceError
from enrich.notice import Notice
from enrich.runs import Run
from flows.night.summary import Summary
from flows.night.tonight import version
from flows.watch import Watch


class Followed:
    """How a run comes along, as far as it tells: its id once it has begun, its summary at last."""

    def __init__(self) -> None:
        self.run_id: str | None = None
        self.summary: Summary | None = None

    def begun(self, run: Run) -> None:
        """The run is written down."""
        self.run_id = run.run_id

    def ended(self, summary: Summary) -> Summary:
        """The run has published."""
        self.summary = summary
        return summary


@asynccontextmanager
async def following(
    configuration: Configuration, environ: Mapping[str, str], kind: str, watch: Watch
) -> AsyncIterator[Followed]:
    """Follow a run, and tell the webhook that the environment names if it does not go well.

    One that a person ends, or that is configured wrongly, is not told of: they know.

    Raises:
        ConfigError: the environment names something that is no web address.
    """
    from enrich.sources.webhook import address

    url = address(environ, configuration.settings.notify.webhook_env)
    followed, began = Followed(), wall_clock(environ)

    async def tell(reason: str, trouble: Sequence[str], summary: Summary | None = None) -> None:
        notice = Notice(
            tool_version=version(),
            kind=kind,
            run_id=followed.run_id,
            reason=reason,
            trouble=trouble,
            store=str(configuration.store_dir),
            snapshot=summary.snapshot if summary else None,
            simulated=summary.simulated if summary else None,
            started_at=began,
            finished_at=wall_clock(environ),
        )
        if url is not None:
            await _post(url, notice, configuration, watch)

    try:
        yield followed
    except ConfigError:
        raise
    except Exception as error:
        # What a fault of our own says may hold anything.
        is_ours = isinstance(error, PapertideError)
        reason = str(error) if is_ours else f"a fault in Papertide ({type(error).__name__})"
        await tell(reason, [reason])
        raise
    if (summary := followed.summary) is not None and (trouble := summary.trouble):
        reason = trouble[0] if len(trouble) == 1 else f"{len(trouble)} things went wrong"
        await tell(reason, trouble, summary)


async def _post(url: str, notice: Notice, configuration: Configuration, watch: Watch) -> None:
    from enrich.sources.webhook import post

    try:
        await post(url, notice.as_json(), configuration.settings)
    except SourceError as error:
        name = configuration.settings.notify.webhook_env
        watch.say(f"the webhook that {name} holds was not told: {error}")
