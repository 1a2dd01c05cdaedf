"""Faults as people, programs and GitHub read them."""

from __future__ import annotations

from typing import Any

from enrich.check.checking import Told


def text(file: str, told: Told) -> str:
    """`file:line:column: CODE message (suggestion)`: terminals and editors follow it."""
    hint = f" ({told.suggestion})" if told.suggestion else ""
    return _one_line(f"{file}:{told.line}:{told.column}: {told.code} {told.message}{hint}")


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
    hint = f" ({told.suggestion})" if told.suggestion else ""
    return f"::warning {place},title={title}::{_data(told.message + hint)}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def _one_line(value: str) -> str:
    return " ".join(value.splitlines())
