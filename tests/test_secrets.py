"""What no output may hold: secrets from the environment, and what a list says to a terminal.

One store goes through every command, talkative, with planted secrets, hostile lists and services
that refuse them; then everything that was printed and everything that lies in the store is looked
through.
"""

from __future__ import annotations

import gzip
import io
import json
import logging
import unicodedata
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import duckdb
import pytest

from enrich.sandbox import World, running
from flows.cli import main as cli
from flows.log import LOG
from tests.nights import FIRST_NIGHT
from tests.test_web_list import Web

PLANTED = "pl4nted"
ENVIRON = {
    "SEMANTIC_SCHOLAR_API_KEY": f"{PLANTED}-key",
    "OPENREVIEW_USERNAME": f"{PLANTED}@user.example",
    "OPENREVIEW_PASSWORD": f"{PLANTED}-password",
    "PAPERTIDE_WEBHOOK": f"http://127.0.0.1:9/{PLANTED}?token={PLANTED}",
}
ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202e\u2066\u200b"
TITLE = f"Robert{ESCAPES}'); DROP TABLE papers; -- =cmd|' /C calc'!A0 <script>alert(1)</script>"
HOSTILE = f"""# Papers {ESCAPES}

- Self-rewarding language models. *Yuan et al.* [[paper](https://arxiv.org/abs/2401.10020)]
- Self-rewarding language models{ESCAPES}. [[paper](https://arxiv.org/abs/2212.08073)]
- **{TITLE}.** *Yuan{ESCAPES} et al.* ACL{ESCAPES} 2023. [[{ESCAPES}](https://a.example/{ESCAPES})]
- {TITLE}. [[paper](https://openreview.net/forum?id=N1hk66bz5m)] {{{{7*7}}}} %s%n
""".encode()

REFUSING = "semantic_scholar.batch:403@2,openreview.login:401@2,arxiv:html@3,acl_anthology:503@2"
NIGHTS = [
    ["refresh", "-v"],
    ["refresh", "-v", "--json"],
    ["backfill", "-v", "--all", "--yes"],
]
COMMANDS = [
    ["parse", "hostile.md"],
    ["parse", "hostile.md", "--explain"],
    ["parse", "hostile.md", "--json"],
    ["parse", "hostile.md", "--explain", "--json"],
    ["plan", "-v"],
    ["status", "-v"],
    ["status", "-v", "--json"],
    ["review", "-v"],
    ["review", "-v", "--json"],
    ["review", "accept", TITLE, ESCAPES[:3]],
    ["snapshots", "-v"],
    ["snapshots", "verify", "-v"],
    ["snapshots", "diff", "20261121T020000Z", "20261122T020000Z", "-v"],
    ["snapshots", "diff", "20261121T020000Z", "20261122T020000Z", "--json"],
    ["catalog", "status", "-v"],
    ["catalog", "build", "-v"],
    ["resolve", "-v", "--title", "Self-rewarding language models"],
    ["resolve", "-v", "titles.jsonl"],
    ["check", "hostile.md", "-v"],
    ["check", "hostile.md", "--format", "json"],
    ["update", "hostile.md", "-v", "--simulated"],
    ["report", "data/report.html", "-v"],
    ["export", "--format", "bibtex", "--simulated", "data/out.bib"],
    ["export", "--format", "jsonl", "--simulated", "data/out.jsonl"],
    ["no\x1b[2Jcommand"],
    ["parse", "no\x1b[2Jfile"],
    ["refresh", "--list", "no\x1b[2Jlist"],
]


class Told(NamedTuple):
    """What every command said, and where the store is."""

    outputs: dict[str, str]
    data: Path
    logged: list[str]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder, web = tmp_path_factory.mktemp("secrets"), Web()
    web.content = HOSTILE
    Thread(target=web.server.serve_forever, args=(0.05,), daemon=True).start()
    outputs: dict[str, str] = {}
    logged: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: logged.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    with pytest.MonkeyPatch.context() as patch, running(World.builtin(), pace=0) as sandbox:
        patch.chdir(folder)
        patch.setattr("enrich.network.patience.RECONNECT_AFTER", 0.0)
        patch.setattr("enrich.sources.webhook.LONGEST", 2.0)
        patch.setattr("store.slots.PLACES", (tmp_path_factory.mktemp("slots"),))
        for name, value in ENVIRON.items():
            patch.setenv(name, value)
        (folder / "hostile.md").write_bytes(HOSTILE)
        (folder / "titles.jsonl").write_text(json.dumps({"n": ESCAPES, "title": TITLE[:30]}))
        lines = ["[[lists]]", 'name = "web"', f'url = "{web.url}?token={PLANTED}"', ""]
        for source, urls in sandbox.base_urls.items():
            lines += [f"[sources.{source}]", "timeout = 5.0", "attempts = 1"]
            lines += [f'{key} = "{url}"' for key, url in urls.items()]
            if source != "acl_anthology":
                lines.append("seconds_per_request = 0.0")
        (folder / "config.toml").write_text("\n".join(lines))
        sandbox.fail(REFUSING)
        for day, command in enumerate(NIGHTS):
            patch.setenv("PAPERTIDE_NOW", FIRST_NIGHT.replace("21T", f"{21 + day}T"))
            outputs[f"{day}: {' '.join(command)}"] = _said(command)
        web.status = 404
        outputs["without the list"] = _said(NIGHTS[0])
        sandbox.fail("any:hostile")
        for command in COMMANDS:
            outputs[" ".join(command)] = _said(command)
        patch.setenv("PAPERTIDE_LOG", "json")
        outputs["as JSON lines"] = _said(NIGHTS[0])
        outputs["a failed run"] = _said(["refresh", "-v", "--config", "other.toml"])
    LOG.open({})
    logging.getLogger().removeHandler(handler)
    web.server.shutdown()
    web.server.server_close()
    return Told(outputs, folder / "data", logged)


class Shown(io.TextIOWrapper):
    """A terminal, as far as what comes to it goes."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", errors="backslashreplace")

    def isatty(self) -> bool:
        return True

    def shown(self) -> str:
        self.flush()
        content: bytes = self.buffer.getvalue()  # type: ignore[attr-defined]
        return content.decode()


def _said(command: list[str]) -> str:
    """What a command prints, on either stream, and its exit code."""
    out, err = Shown(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli._run(command)
    said = out.shown() + err.getvalue()
    assert "a fault in Papertide" not in said, (command, said)
    assert "Traceback" not in said, (command, said)
    return f"{said}\nexit {code}"


def test_the_commands_met_what_they_should(told: Told) -> None:
    """So that there is something to be found in what follows."""
    outputs = told.outputs
    assert "exit 0" in outputs["0: refresh -v"]
    assert "exit 3" in outputs["1: refresh -v --json"]
    assert "exit 3" in outputs["without the list"]
    assert "last good copy was used" in outputs["without the list"]
    assert "the webhook that PAPERTIDE_WEBHOOK holds was not told" in outputs["without the list"]
    wrong = [name for name, said in outputs.items() if "exit 2" in said]
    assert len(wrong) <= 6, wrong


def test_no_secret_is_printed_or_logged(told: Told) -> None:
    for name, said in told.outputs.items():
        assert PLANTED not in said, name
    assert not [line for line in told.logged if PLANTED in line]


def test_nothing_printed_steers_a_terminal(told: Told) -> None:
    for name, said in told.outputs.items():
        steering = {c for c in said if unicodedata.category(c) in ("Cc", "Cf", "Cs")} - set("\n\t")
        assert not steering, (name, steering)


def test_no_secret_lies_in_the_store(told: Told) -> None:
    files = [path for path in told.data.rglob("*") if path.is_file()]
    assert len([path for path in files if path.suffix == ".duckdb"]) >= 4
    assert any(path.suffix == ".gz" for path in files)
    for path in files:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
        assert PLANTED.encode() not in content, path
        assert PLANTED not in path.name
        if path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as database:
                for (table,) in database.sql("select table_name from duckdb_tables()").fetchall():
                    for row in database.sql(f'from "{table}"').fetchall():
                        assert PLANTED not in str(row), (path, table)


def test_what_a_title_does_to_sql_it_does_to_none(told: Told) -> None:
    with duckdb.connect(str(told.data / "papertide.duckdb"), read_only=True) as snapshot:
        found = snapshot.sql("select title from entries where title like 'Robert%'").fetchall()
        assert len(found) >= 2
        assert all("'); DROP TABLE papers; --" in title for (title,) in found)
        assert snapshot.sql("select count(*) > 0 from papers").fetchall() == [(True,)]
