"""Where everything lies under the store's directory (docs/contract.md, section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Layout:
    """Paths under one `[store] dir`. Only `current` and `snapshots` are for readers."""

    root: Path

    @property
    def current(self) -> Path:
        """The published snapshot: replaced as a whole, never written in place."""
        return self.root / "papertide.duckdb"

    @property
    def snapshots(self) -> Path:
        """The history: one immutable file per published snapshot."""
        return self.root / "snapshots"

    @property
    def report(self) -> Path:
        """The report of the current snapshot, for people."""
        return self.root / "report.html"

    @property
    def work(self) -> Path:
        """Everything private."""
        return self.root / "work"

    @property
    def drafts(self) -> Path:
        """Snapshots under construction; what lies here after a run is debris."""
        return self.work / "drafts"

    @property
    def set_aside(self) -> Path:
        """Snapshots that lost too much to be published, each in a folder with its answers."""
        return self.work / "set-aside"

    @property
    def journal(self) -> Path:
        """Answers that no snapshot holds yet, and runs that no snapshot lists yet."""
        return self.work / "journal"

    @property
    def answers(self) -> Path:
        """The newest raw answer per source and identifier."""
        return self.work / "answers.duckdb"

    @property
    def catalog(self) -> Path:
        """The local catalogue for titles and ACL identifiers."""
        return self.work / "catalog.duckdb"

    @property
    def lookups(self) -> Path:
        """What was looked up in the catalogue, until it changes."""
        return self.work / "lookups.json"

    @property
    def searches(self) -> Layout:
        """The journal of searches that were no night's: what they brought up need not be asked
        for again."""
        return Layout(self.work / "searches")

    @property
    def lists(self) -> Path:
        """The last good copy of every list."""
        return self.work / "lists"

    @property
    def downloads(self) -> Path:
        """Bulk files as they were fetched, until they are read."""
        return self.work / "downloads"

    @property
    def lock(self) -> Path:
        """Held by the one process that publishes, or changes what was published."""
        return self.work / "lock"

    @property
    def claims(self) -> Path:
        """The questions that the runs which go on now have taken upon themselves."""
        return self.work / "claims"

    @property
    def standings(self) -> Path:
        """How the providers did in the runs before."""
        return self.work / "sources.json"

    @property
    def building(self) -> Path:
        """Held by the one `catalog build`."""
        return self.work / "building.lock"

    @property
    def owner(self) -> Path:
        """The configuration that last wrote here."""
        return self.work / "configuration"

    @property
    def deciding(self) -> Path:
        """Held while a decision is written down."""
        return self.work / "deciding.lock"

    @property
    def prefect(self) -> Path:
        """Prefect's own state."""
        return self.work / "prefect"

    @property
    def serving(self) -> Path:
        """Held by the one `papertide serve`."""
        return self.prefect / "serving.lock"

    @property
    def server(self) -> Path:
        """Where the server that it runs answers, or did last."""
        return self.prefect / "server.json"
