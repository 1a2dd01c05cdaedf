"""When the next night is due, by the cron line and time zone of the configuration."""

from __future__ import annotations

import difflib
import zoneinfo
from datetime import datetime

from prefect.server.schemas.schedules import CronSchedule

from enrich.configuration import Configuration
from enrich.errors import ConfigError

FIELDS = 5
"""Of a cron line; one such as "@daily" has fewer."""

NOWHERE = {"Factory", "localtime"}
"""Files among the time zones that name none, and that Prefect does not know."""


def checked(configuration: Configuration) -> CronSchedule:
    """When the nightly run starts.

    Raises:
        ConfigError: which key is wrong, and how.
    """
    schedule = configuration.settings.schedule
    zones = zoneinfo.available_timezones() - NOWHERE
    if schedule.timezone not in zones:
        [near] = difflib.get_close_matches(schedule.timezone, zones, n=1, cutoff=0.0)
        raise ConfigError(
            f"[schedule] timezone: no time zone is called {schedule.timezone!r}; did you mean "
            f"{near!r}?"
        )
    try:
        if len(schedule.nightly.split()) > FIELDS:
            raise ValueError("Prefect takes the sixth for seconds, and people the first")
        return CronSchedule(cron=schedule.nightly, timezone=schedule.timezone)
    except ValueError:
        raise ConfigError(
            f"[schedule] nightly: {schedule.nightly!r} is no cron line: minute hour day month "
            'weekday, such as "0 2 * * *"'
        ) from None


async def next_night(configuration: Configuration, after: datetime) -> datetime:
    """The first scheduled time after this one.

    Raises:
        ConfigError: `[schedule]` names no time, or none that ever comes.
    """
    try:
        dates = await checked(configuration).get_dates(2, start=after)
    except ValueError:
        raise ConfigError(
            f"[schedule] nightly: {configuration.settings.schedule.nightly!r} never comes"
        ) from None
    return next(date for date in dates if date > after)
