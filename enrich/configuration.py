"""config.toml and the environment, read as one checked value."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec import Struct

from enrich.errors import ConfigError
from enrich.settings import PATTERNS, ListSource, Section, Settings

ENVIRONMENT_PREFIX = "PAPERTIDE__"
OVERRIDES = "overrides.toml"

RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""What Windows takes for a device, whatever comes behind the dot."""

ENUM = re.compile(r"invalid enum value '(.*)'", re.DOTALL)
"""How msgspec complains of a word that is none of those a setting takes."""

TYPES = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "array": "a list",
    "object": "a table",
    "null": "nothing",
}
"""TOML's types as a person calls them."""


class Configuration(Struct, frozen=True):
    """The settings, and the file they came from: relative paths start from its folder."""

    settings: Settings
    path: Path

    @property
    def folder(self) -> Path:
        return self.path.parent

    @property
    def store_dir(self) -> Path:
        return (self.folder / self.settings.store.dir).resolve()

    @property
    def overrides(self) -> Path:
        """Where people's decisions stand: beside the file itself."""
        return self.folder / OVERRIDES


def load(path: Path, environ: Mapping[str, str], *, must_exist: bool = True) -> Configuration:
    """Read config.toml, lay `PAPERTIDE__…` from the environment over it, and check the whole.

    `must_exist`: whether there has to be a file; without one every key is at its default.

    Raises:
        ConfigError: the file is missing, is no TOML, or names a key or value that does not fit.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        if must_exist:
            raise ConfigError(
                f"{path}: no such configuration file; name one with --config or PAPERTIDE_CONFIG"
            ) from None
        table = {}
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    _refuse_unknown(Settings, table, str(path))
    _overlay(table, environ)
    _strip_slashes(table)
    try:
        settings = msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        key, what = _readable(str(error))
        if wrong := ENUM.fullmatch(what):
            what = f"{what}; did you mean {_nearest_choice(key, wrong[1])!r}?"
        variable = ENVIRONMENT_PREFIX + key.upper().replace(".", "__")
        where = variable if variable in environ else f"{path}: {key}" if key else str(path)
        raise ConfigError(f"{where}: {what}") from None
    _check_lists(settings.lists, path)
    return Configuration(settings, path.resolve())


def now(environ: Mapping[str, str]) -> datetime:
    """The wall clock, in UTC to the second, or the time that `PAPERTIDE_NOW` sets in its place.

    Raises:
        ConfigError: `PAPERTIDE_NOW` is no ISO 8601 time with an offset.
    """
    told = environ.get("PAPERTIDE_NOW")
    if not told:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(told)
        if moment.tzinfo is None or not 2000 <= moment.year < 2200:
            raise ValueError
        return moment.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise ConfigError(
            f"PAPERTIDE_NOW: {told!r} is no time such as 2026-11-21T02:00:00Z"
        ) from None


def _tables(kind: Any) -> type[Struct] | None:
    """The Struct behind a field's type: itself, or the element of a tuple of them."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        return kind
    for inner in getattr(kind, "__args__", ()):
        if isinstance(inner, type) and issubclass(inner, Struct):
            return inner
    return None


def _unknown(key: str, known: list[str], where: str) -> ConfigError:
    near = difflib.get_close_matches(key.rpartition(".")[2], known, n=1, cutoff=0.0)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return ConfigError(f"{where}: unknown key {key!r}{hint}")


def _nearest_choice(key: str, wrong: str) -> str:
    """The nearest of the words that a setting takes. `key`: as msgspec writes it, `lists[0].a`."""
    struct: type[Struct] | None = Settings
    kind: Any = None
    for part in re.sub(r"\[[^\]]*\]", "", key).split("."):
        kinds = {field.name: field.type for field in msgspec.structs.fields(struct or Section)}
        kind = kinds[part]
        struct = _tables(kind)
    choices = [each for inner in (kind, *get_args(kind)) for each in get_args(inner)]
    words = [each for each in choices if isinstance(each, str)]
    return difflib.get_close_matches(wrong, words, n=1, cutoff=0.0)[0]


def _refuse_unknown(
    struct: type[Struct], table: Mapping[str, Any], where: str, at: str = ""
) -> None:
    kinds = {field.name: field.type for field in msgspec.structs.fields(struct)}
    for key, value in table.items():
        if key not in kinds:
            raise _unknown(at + key, list(kinds), where)
        inner = _tables(kinds[key])
        if inner is None:
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                _refuse_unknown(inner, each, where, f"{at}{key}.")


def _overlay(table: dict[str, Any], environ: Mapping[str, str]) -> None:
    """Lay each `PAPERTIDE__A__B=value` over `table[a][b]`, after checking that it is a setting."""
    for variable, text in sorted(environ.items()):
        if not variable.startswith(ENVIRONMENT_PREFIX):
            continue
        *parents, leaf = variable.removeprefix(ENVIRONMENT_PREFIX).lower().split("__")
        struct: type[Struct] | None = Settings
        here: Any = table
        for depth, part in enumerate([*parents, leaf]):
            kinds = {field.name: field.type for field in msgspec.structs.fields(struct or Section)}
            kinds.pop("lists", None)
            if part not in kinds:
                raise _unknown(".".join([*parents, leaf]), list(kinds), variable)
            struct = _tables(kinds[part])
            if depth < len(parents):
                here = here.setdefault(part, {})
            if not isinstance(here, dict):
                break
        if struct is not None:
            raise ConfigError(f"{variable}: names a table; name one of its keys")
        if isinstance(here, dict):  # else the file's own mistake, named when the whole is checked
            here[leaf] = _value(text, kinds[leaf])


def _strip_slashes(table: dict[str, Any]) -> None:
    """A base address is the same with and without a slash at its end; the clients want none."""
    sources = table.get("sources")
    for source in sources.values() if isinstance(sources, dict) else ():
        for key, value in source.items() if isinstance(source, dict) else ():
            if key.startswith(("base_url", "oai_url")) and isinstance(value, str):
                source[key] = value.rstrip("/")


def _value(text: str, kind: Any) -> Any:
    """The text as TOML where the setting is no text or the text is quoted, else as it stands."""
    base = getattr(kind, "__origin__", kind)
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return text if base is str and not isinstance(value, str) else value


def _readable(message: str) -> tuple[str, str]:
    """The key that msgspec complains about, and what it expected, in words for a person."""
    what, _, where = message.partition(" - at `$")
    for pattern, words in PATTERNS.items():
        if repr(pattern) in what:
            what = f"expected {words}"
    for kind, words in TYPES.items():
        what = what.replace(f"`{kind}`", words)
    return where.rstrip("`").lstrip("."), what[:1].lower() + what[1:]


def _check_lists(lists: tuple[ListSource, ...], path: Path) -> None:
    seen: dict[str, str] = {}
    for each in lists:
        folded = each.name.casefold()
        if RESERVED.fullmatch(folded):
            raise ConfigError(f"{path}: lists.{each.name}: is no name for a file on some systems")
        if (each.path is None) == (each.url is None):
            raise ConfigError(f"{path}: lists.{each.name}: give either path or url")
        if seen.get(folded) == each.name:
            raise ConfigError(f"{path}: lists.{each.name}: this name is given twice")
        if folded in seen:  # one file on some systems, and one name for a person
            raise ConfigError(
                f"{path}: lists.{each.name}: differs from {seen[folded]!r} in case only"
            )
        seen[folded] = each.name
