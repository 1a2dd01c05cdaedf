"""What a run leaves in Prefect, to be looked at there: what it came to, each source's health, what
changed, and the way to the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from prefect.artifacts import (
    acreate_link_artifact,
    acreate_markdown_artifact,
    acreate_table_artifact,
)

from enrich.configuration import Configuration
from flows.log import safe
from flows.night.reporting import renew_report
from flows.night.summary import Summary, sentences
from store.overview import changed_by, sources_of

MOST = 200
"""Changes in the table; the snapshot has them all."""


async def leave_behind(
    configuration: Configuration, summary: Summary, say: Callable[[str], None]
) -> None:
    """Leave a run's artifacts. The snapshot is published by now, so that no fault of Prefect's
    may make a failed run of it."""
    written = renew_report(configuration, say)
    path = Path(summary.snapshot)
    try:
        changes, number = changed_by(path, summary.run_id, MOST)
        await acreate_markdown_artifact(
            _markdown(summary), key="summary", description=f"Run {summary.run_id}"
        )
        await acreate_table_artifact(
            _cells(sources_of(path, summary.run_id)), key="sources", description="Each source"
        )
        await acreate_table_artifact(
            _cells(changes), key="changes", description=f"{number:,} changes, at most {MOST} shown"
        )
        if written is not None:
            await acreate_link_artifact(written.path.as_uri(), "The report", key="report")
    except Exception as error:
        say(f"Prefect has not all artifacts of this run ({type(error).__name__})")


def _markdown(summary: Summary) -> str:
    """What the run came to, and what went wrong, as code: a list's text is no Markdown of ours."""
    lines = [*sentences(summary), *summary.trouble]
    return "\n".join(["```", *(safe(line).replace("```", "'''") for line in lines), "```"])


def _cells(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows as Prefect's table shows them."""
    return [
        {
            name: value if isinstance(value, int | float) or value is None else safe(str(value))
            for name, value in row.items()
        }
        for row in rows
    ]
