"""The schema of config.toml: every table, key, type and default (contract section 2)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct

SOURCES = ("arxiv", "semantic_scholar", "openreview", "acl_anthology")

AGE = r"^\d{1,6}(\.\d+)?[smhdw]\Z"
NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z"
PLACE = r"^[^\x00]+\Z"
BASE_URL = r"^https?://[^\s/?#@]+(/[^\s@]*)?(?<!/)\Z"
LIST_URL = r"^https?://[^\s/?#@]+([/?#]\S*)?\Z"
ADDRESS = r"https?://\S+"
TEMPLATE = r"^(?:[^{}\r\n]|\{url\}){0,200}\{count\}(?:[^{}\r\n]|\{url\}){0,200}$"
PATTERNS = {
    AGE: 'an age such as "20h" or "7d"',
    NAME: "a name of letters, digits, dots and dashes",
    PLACE: "a path",
    BASE_URL: "an http or https address without credentials and without a slash at its end",
    LIST_URL: "an http or https address without credentials",
    TEMPLATE: "a line with {count} in it once, and perhaps {url}",
}

Age = Annotated[str, Meta(pattern=AGE)]
Positive = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(ge=0, le=86_400)]
Name = Annotated[str, Meta(pattern=NAME)]
Place = Annotated[str, Meta(pattern=PLACE)]
Url = Annotated[str, Meta(pattern=BASE_URL)]


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """A table of config.toml: unknown keys are errors."""


class Store(Section, frozen=True):
    """Where everything is written, and how many snapshots are kept."""

    dir: Place = "data"
    keep_daily: Positive = 30
    keep_weekly: Positive = 52


class Update(Section, frozen=True):
    """What `update` may do to a list (docs/updating.md).

    `counts`: None refreshes those that name no source, or Semantic Scholar; "leave" none; "replace"
    also those of other sources; "append" as None, and adds `template` where an entry writes none.
    """

    counts: Literal["leave", "replace", "append"] | None = None
    template: Annotated[str, Meta(pattern=TEMPLATE)] | None = None
    venues: Literal["leave", "replace"] = "replace"
    links: Literal["leave", "replace"] = "replace"


class ListSource(Section, frozen=True):
    """One reading list: a file beside the configuration, or an http(s) address."""

    name: Name
    path: Place | None = None
    url: Annotated[str, Meta(pattern=LIST_URL)] | None = None
    update: Update = Update()

    @property
    def source(self) -> str:
        """Where the list is, as it may be shown and stored: what stands behind the `?` of an
        address may be a key, and is told apart by its digest."""
        if self.url is None:
            return self.path or ""
        address, mark, query = self.url.partition("?")
        digest = hashlib.sha256(query.encode()).hexdigest()[:12]
        return f"{address}?sha256={digest}" if mark else address


class Http(Section, frozen=True):
    """`contact` goes into the User-Agent: providers want to reach whoever asks."""

    contact: str = ""


class Source(Section, frozen=True):
    """What every source takes. `timeout` is in seconds, for each phase of one attempt."""

    enabled: bool = True
    timeout: Annotated[float, Meta(gt=0, le=3600)] = 30.0
    attempts: Positive = 4
    refresh_after: Age = "7d"


class Arxiv(Source, frozen=True):
    """Pace and slices: upstream-apis.md, sections 3.1 and 3.6."""

    base_url: Url = "https://export.arxiv.org"
    oai_url: Url = "https://oaipmh.arxiv.org/oai"
    seconds_per_request: Seconds = 3.0
    batch_size: Annotated[int, Meta(ge=1, le=2000)] = 200
    refresh_after: Age = "7d"


class SemanticScholar(Source, frozen=True):
    """Pace and batch: upstream-apis.md, sections 4.1 and 4.4."""

    base_url: Url = "https://api.semanticscholar.org"
    seconds_per_request: Seconds = 1.0
    batch_size: Annotated[int, Meta(ge=1, le=500)] = 500
    refresh_after: Age = "20h"
    api_key_env: str = "SEMANTIC_SCHOLAR_API_KEY"


class OpenReview(Source, frozen=True):
    """Pace: upstream-apis.md, section 5.4; it publishes none."""

    base_url_v1: Url = "https://api.openreview.net"
    base_url_v2: Url = "https://api2.openreview.net"
    seconds_per_request: Seconds = 20.0
    batch_size: Annotated[int, Meta(ge=1, le=1000)] = 100
    refresh_after: Age = "30d"
    username_env: str = "OPENREVIEW_USERNAME"
    password_env: str = "OPENREVIEW_PASSWORD"
    anonymous: bool = False


class AclAnthology(Source, frozen=True):
    """One bulk file, asked for with a conditional GET."""

    base_url: Url = "https://aclanthology.org"
    refresh_after: Age = "20h"


class Sources(Section, frozen=True):
    """The services that are asked."""

    arxiv: Arxiv = Arxiv()
    semantic_scholar: SemanticScholar = SemanticScholar()
    openreview: OpenReview = OpenReview()
    acl_anthology: AclAnthology = AclAnthology()


class Refresh(Section, frozen=True):
    """When a miss is asked again, and when a run ends with what it has."""

    not_found_after: Age = "7d"
    deadline: Age = "2h"


class Parse(Section, frozen=True):
    """`max_bytes`: a larger list is refused."""

    max_bytes: Positive = 20_000_000


class Backfill(Section, frozen=True):
    """`confirm_above`: requests; more asks first."""

    confirm_above: Annotated[int, Meta(ge=0)] = 100


class Guard(Section, frozen=True):
    """What a new snapshot may lose, as a share, and when the last one is stale."""

    max_loss: Annotated[float, Meta(ge=0, le=1)] = 0.1
    stale_after: Age = "36h"


class Check(Section, frozen=True):
    """`off`: codes of findings that are switched off."""

    off: tuple[str, ...] = ()


class Notify(Section, frozen=True):
    """`webhook_env`: the variable that names the address told of failures."""

    webhook_env: str = "PAPERTIDE_WEBHOOK"


class Schedule(Section, frozen=True):
    """When the nightly run starts: a cron line and a time zone."""

    nightly: str = "0 2 * * *"
    timezone: str = "UTC"


class Prefect(Section, frozen=True):
    """`api_url`: the Prefect server; empty: the one that the environment names."""

    api_url: str = ""


class Settings(Section, frozen=True):
    """The whole configuration. `folder` is where relative paths start."""

    lists: tuple[ListSource, ...] = ()
    store: Store = Store()
    http: Http = Http()
    sources: Sources = Sources()
    refresh: Refresh = Refresh()
    parse: Parse = Parse()
    backfill: Backfill = Backfill()
    guard: Guard = Guard()
    check: Check = Check()
    notify: Notify = Notify()
    schedule: Schedule = Schedule()
    prefect: Prefect = Prefect()


UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def age(text: str) -> timedelta:
    """The length of an `Age`, such as `20h`: a number and one of s, m, h, d, w."""
    return timedelta(seconds=float(text[:-1]) * UNITS[text[-1]])
