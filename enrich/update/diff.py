"""A changed list as a unified diff that `git apply` takes, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

CONTEXT = 3
"""Unchanged lines shown around a changed one."""

_NO_END = b"\\ No newline at end of file\n"
_ESCAPES = {7: b"a", 8: b"b", 9: b"t", 10: b"n", 11: b"v", 12: b"f", 13: b"r", 34: b'"', 92: b"\\"}


def unified(name: bytes, old: bytes, new: bytes) -> bytes:
    """The diff between two versions of a file that have as many lines; empty where they are equal.

    `name`: the file's path, from where the diff is to be applied.
    """
    before, after = old.split(b"\n"), new.split(b"\n")
    if len(before) != len(after):
        raise ValueError("a line came or went")
    changed = [n for n, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    if not changed:
        return b""
    heads = (b"--- " + _quoted(b"a/" + name), b"+++ " + _quoted(b"b/" + name))
    hunks = [b"".join(_hunk(before, after, group)) for group in _groups(changed)]
    return b"\n".join([*heads, b"".join(hunks)])


def _groups(changed: Sequence[int]) -> Iterator[list[int]]:
    """Changed lines that share a hunk: their contexts meet."""
    group = [changed[0]]
    for one, other in pairwise(changed):
        if other - one > 2 * CONTEXT:
            yield group
            group = []
        group.append(other)
    yield group


def _hunk(before: Sequence[bytes], after: Sequence[bytes], group: Sequence[int]) -> Iterator[bytes]:
    # A text that ends with a line end splits into one piece more than it has lines.
    last = len(before) - 1 if before[-1] else len(before) - 2
    first, over = max(0, group[0] - CONTEXT), min(last, group[-1] + CONTEXT)
    size = over - first + 1
    yield b"@@ -%d,%d +%d,%d @@\n" % (first + 1, size, first + 1, size)
    n = first
    while n <= over:
        run = [n]
        while (
            before[n] != after[n] and run[-1] + 1 <= over and _differs(before, after, run[-1] + 1)
        ):
            run.append(run[-1] + 1)
        if before[n] == after[n]:
            yield _line(b" ", before, n)
        else:
            yield from (_line(b"-", before, m) for m in run)
            yield from (_line(b"+", after, m) for m in run)
        n = run[-1] + 1


def _differs(before: Sequence[bytes], after: Sequence[bytes], n: int) -> bool:
    return before[n] != after[n]


def _line(mark: bytes, lines: Sequence[bytes], n: int) -> bytes:
    is_cut = n == len(lines) - 1
    return mark + lines[n] + b"\n" + (_NO_END if is_cut else b"")


def _quoted(name: bytes) -> bytes:
    """A path as git writes it: quoted where a byte of it would end or bend the line."""
    if any(byte < 32 or byte in (34, 92, 127) for byte in name):
        return b'"' + b"".join(map(_escaped, name)) + b'"'
    return name + b"\t" if b" " in name else name


def _escaped(byte: int) -> bytes:
    if byte in _ESCAPES:
        return b"\\" + _ESCAPES[byte]
    return b"\\%03o" % byte if byte < 32 or byte >= 127 else bytes((byte,))
