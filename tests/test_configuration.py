"""config.toml and the environment: what is read, what is refused, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from enrich.configuration import load, now
from enrich.errors import ConfigError
from enrich.settings import Settings, age

LIST = '[[lists]]\nname = "a"\npath = "a.md"\n'

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a configuration and give its path."""

    def write(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def complaint(path: Path, environ: dict[str, str]) -> str:
    """What a person is told; it is one line."""
    with pytest.raises(ConfigError) as caught:
        load(path, environ)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("variable", "value", "read", "expected"),
    [
        pytest.param(
            "SOURCES__ARXIV__BATCH_SIZE", "50", lambda s: s.sources.arxiv.batch_size, 50, id="int"
        ),
        pytest.param(
            "SOURCES__ARXIV__SECONDS_PER_REQUEST",
            "0.5",
            lambda s: s.sources.arxiv.seconds_per_request,
            0.5,
            id="float",
        ),
        pytest.param(
            "SOURCES__OPENREVIEW__ANONYMOUS",
            "true",
            lambda s: s.sources.openreview.anonymous,
            True,
            id="bool",
        ),
        pytest.param("STORE__DIR", "elsewhere", lambda s: s.store.dir, "elsewhere", id="bare text"),
        pytest.param("STORE__DIR", '"quoted"', lambda s: s.store.dir, "quoted", id="quoted text"),
        pytest.param("STORE__DIR", "2026", lambda s: s.store.dir, "2026", id="text like a number"),
        pytest.param("REFRESH__DEADLINE", "30m", lambda s: s.refresh.deadline, "30m", id="age"),
        pytest.param(
            "CHECK__OFF", '["dead-link"]', lambda s: s.check.off, ("dead-link",), id="list"
        ),
        pytest.param(
            "SOURCES__ACL_ANTHOLOGY__BASE_URL",
            "http://127.0.0.1:1/acl/",
            lambda s: s.sources.acl_anthology.base_url,
            "http://127.0.0.1:1/acl",
            id="slash at the end of an address",
        ),
        pytest.param("PREFECT__API_URL", "", lambda s: s.prefect.api_url, "", id="empty"),
    ],
)
def test_the_environment_overrides(
    variable: str, value: str, read: Callable[[Settings], Any], expected: object, write: Write
) -> None:
    settings = load(write(LIST), {f"PAPERTIDE__{variable}": value}).settings
    assert read(settings) == expected


def test_the_environment_wins_over_the_file(write: Write) -> None:
    path = write(LIST + "[sources.arxiv]\nbatch_size = 10\ntimeout = 5.0\n")
    arxiv = load(path, {"PAPERTIDE__SOURCES__ARXIV__BATCH_SIZE": "20"}).settings.sources.arxiv
    assert (arxiv.batch_size, arxiv.timeout) == (20, 5.0)


def test_other_variables_change_nothing(write: Write) -> None:
    environ = {"PAPERTIDE_CONFIG": "x", "PAPERTIDE_NOW": "2026-11-21T02:00:00Z", "HOME": "/"}
    assert load(write(LIST), environ).settings == load(write(LIST), {}).settings


def test_paths_start_at_the_file(write: Write, tmp_path: Path) -> None:
    configuration = load(write(LIST + '[store]\ndir = "kept/here"\n'), {})
    assert configuration.folder == tmp_path
    assert configuration.store_dir == tmp_path / "kept/here"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("[stor]\ndir = 'x'", ["'stor'", "'store'"], id="table"),
        pytest.param("[store]\ndri = 'x'", ["'store.dri'", "'dir'"], id="key"),
        pytest.param(
            "[sources.arxiv]\nbatchsize = 5",
            ["'sources.arxiv.batchsize'", "'batch_size'"],
            id="key of a source",
        ),
        pytest.param("[sources.arxv]\ntimeout = 5.0", ["'sources.arxv'", "'arxiv'"], id="source"),
        pytest.param("[[lists]]\nname = 'a'\npth = 'a.md'", ["pth", "'path'"], id="key of a list"),
        pytest.param(
            "[[lists]]\nname = 'a'\npath = 'a'\nupdate = { count = 'leave' }",
            ["count", "'counts'"],
            id="key of an update",
        ),
        pytest.param(
            "[[lists]]\nname = 'a'\npath = 'a'\nupdate = { counts = 'repalce' }",
            ["lists[0].update.counts", "'repalce'", "did you mean 'replace'"],
            id="word of an update",
        ),
        pytest.param(
            "[sources.arxiv]\nbatch_size = 'many'", ["sources.arxiv.batch_size"], id="wrong type"
        ),
        pytest.param(
            "[sources.arxiv]\nbatch_size = 0", ["sources.arxiv.batch_size"], id="empty batches"
        ),
        pytest.param(
            "[sources.semantic_scholar]\nbatch_size = 501",
            ["sources.semantic_scholar.batch_size"],
            id="more than the service takes",
        ),
        pytest.param("[guard]\nmax_loss = 1.5", ["guard.max_loss"], id="share above one"),
        pytest.param(
            "[refresh]\ndeadline = 'soon'", ["refresh.deadline", '"20h"'], id="what an age is"
        ),
        pytest.param(
            "[sources.arxiv]\nbase_url = 'arxiv.org'",
            ["sources.arxiv.base_url", "http"],
            id="what an address is",
        ),
        pytest.param(
            "[[lists]]\nname = 'a'", ["lists.a", "path or url"], id="neither path nor url"
        ),
        pytest.param(
            "[[lists]]\nname = 'a'\npath = 'a.md'\nurl = 'https://e.org/a.md'",
            ["lists.a", "path or url"],
            id="both path and url",
        ),
        pytest.param(LIST + LIST, ["lists.a", "twice"], id="two lists of one name"),
        pytest.param("[[lists]]\npath = 'a.md'", ["name"], id="list without a name"),
        *(
            pytest.param(f"[[lists]]\nname = {name}\npath = 'a'", ["name"], id=f"name {name}")
            for name in (
                *("'../a'", "'/etc/a'", "'a/b'", "'..'", "'.a'", "''", "'C:a'", "'a b'", "'é'"),
                *('"a\\u0000"', '"a\\n"', '"a\\u001b[2J"', f"'{'a' * 101}'"),
            )
        ),
        *(
            pytest.param(
                f"[[lists]]\nname = '{name}'\npath = 'a'", [name, "no name"], id=f"name {name}"
            )
            for name in ("nul", "CON", "com1.md")
        ),
        pytest.param(LIST + LIST.replace('"a"', '"A"'), ["'a' in case"], id="names of one case"),
        pytest.param("[[lists]]\nname = 'a'\npath = \"a\\u0000\"", ["a path"], id="NUL in a path"),
        pytest.param('[store]\ndir = "a\\u0000"', ["store.dir"], id="NUL in the store"),
        pytest.param(
            "[[lists]]\nname = 'a'\nurl = 'https://s3cr3t:s3cr3t@a.example/'",
            ["without credentials"],
            id="credentials in a list's address",
        ),
        pytest.param(
            "[sources.arxiv]\nbase_url = 'https://s3cr3t@a.example'",
            ["without credentials"],
            id="credentials in a source's address",
        ),
        pytest.param("lists = 3", ["lists"], id="lists that are none"),
        pytest.param("store = 'data'", ["store"], id="table that is none"),
        pytest.param("[store", ["TOML"], id="no TOML"),
    ],
)
def test_a_wrong_file_is_named_in_one_line(text: str, words: list[str], write: Write) -> None:
    path = write(text)
    message = complaint(path, {})
    assert [word for word in [str(path), *words] if word not in message] == []
    assert "s3cr3t" not in message


@pytest.mark.parametrize(
    ("variable", "words"),
    [
        pytest.param("STOR__DIR", ["PAPERTIDE__STOR__DIR", "'store'"], id="table"),
        pytest.param("STORE__DRI", ["PAPERTIDE__STORE__DRI", "'dir'"], id="key"),
        pytest.param("SOURCES__ARXIV", ["PAPERTIDE__SOURCES__ARXIV", "table"], id="whole table"),
        pytest.param("STORE__DIR__X", ["PAPERTIDE__STORE__DIR__X"], id="key of a value"),
        pytest.param("LISTS__NAME", ["PAPERTIDE__LISTS__NAME"], id="lists are the file's alone"),
        pytest.param("", ["PAPERTIDE__"], id="nothing named"),
        pytest.param(
            "STORE__KEEP_DAILY", ["PAPERTIDE__STORE__KEEP_DAILY", "a whole number"], id="wrong type"
        ),
    ],
)
def test_a_wrong_variable_is_named_in_one_line(
    variable: str, words: list[str], write: Write
) -> None:
    message = complaint(write(LIST), {f"PAPERTIDE__{variable}": "x"})
    assert [word for word in words if word not in message] == []


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(lambda path: None, ["no such", "PAPERTIDE_CONFIG"], id="missing"),
        pytest.param(lambda path: path.mkdir(), ["cannot be read"], id="a folder"),
        pytest.param(lambda path: path.write_bytes(b"\xff\xfe\x00"), ["TOML"], id="binary"),
    ],
)
def test_a_file_that_cannot_be_read(
    make: Callable[[Path], object], words: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "config.toml"
    make(path)
    message = complaint(path, {})
    assert [word for word in [str(path), *words] if word not in message] == []


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        pytest.param("2026-11-21T02:00:00Z", datetime(2026, 11, 21, 2, tzinfo=UTC), id="UTC"),
        pytest.param(
            "2026-11-21T02:00:00.9+02:00", datetime(2026, 11, 21, tzinfo=UTC), id="elsewhere"
        ),
    ],
)
def test_the_wall_clock_can_be_set(told: str, moment: datetime) -> None:
    assert now({"PAPERTIDE_NOW": told}) == moment


@pytest.mark.parametrize("told", ["yesterday", "2026-11-21T02:00:00", "0001-01-01T00:00:00+14:00"])
def test_a_wrong_wall_clock_is_named(told: str) -> None:
    with pytest.raises(ConfigError, match="PAPERTIDE_NOW"):
        now({"PAPERTIDE_NOW": told})


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("30m", 1800), ("20h", 72_000), ("7d", 604_800), ("1.5w", 907_200)],
)
def test_an_age(text: str, seconds: int) -> None:
    assert age(text).total_seconds() == seconds
