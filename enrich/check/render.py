"""Faults as people, programs and GitHub read them."""

from __future__ import annotations

from typing import Any

from enrich.check.checking import Told


def text(file: str, told: Told) -> str:
    """`file:line:column: CODE message (suggestion)`: terminals and editors follow it."""
    place = f"{file}:{told.line}:{told.column}"
    return _one_line(f"{place}: {told.code} {told.message} ({told.suggestion})")


def document(file: str, told: Told) -> dict[str, Any]:
    """The same for programs."""
    return {
        "file": file,
        "line": told.line,
        "column": told.column,
        "code": told.code.value,
        "name": told.code.title,
        "message": told.message,
        "suggestion": told.suggestion,
    }


def github(file: str, told: Told) -> str:
    """A workflow command, which GitHub shows beside the line of a pull request."""
    place = f"file={_property(file)},line={told.line},col={told.column}"
    title = _property(f"{told.code} {told.code.title}")
    return f"::warning {place},title={title}::{_data(f'{told.message} ({told.suggestion})')}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def _one_line(value: str) -> str:
    return " ".join(value.splitlines())
