"""arXiv's query language: quoted phrases in fields, joined by AND, OR and ANDNOT."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

MOST_TERMS = 1000
"""The published parser takes chains of 900 phrases and dies of recursion before 1,200."""

_TOKEN = re.compile(
    r"\s*(?:(?P<open>\()|(?P<close>\))|(?P<join>ANDNOT|AND|OR)(?=[\s(]|$)"
    r'|(?:(?P<field>[A-Za-z]{1,6}):)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s()"]+))|(?P<junk>"))'
)


JOINS = ("AND", "OR", "ANDNOT")


class Term(NamedTuple):
    """A field (`ti`, `au`, `all` …) and what it shall hold."""

    field: str
    text: str


class Malformed(ValueError):
    """The query cannot be read: arXiv answers it with 400."""


class TooDeep(ValueError):
    """The query has more terms than arXiv's parser survives: a server error."""


Found = frozenset[int]
Find = Callable[[Term], Found]


def evaluate(query: str, find: Find) -> Found:
    """What a query finds.

    There is no precedence, and chains associate to the right: `a AND b OR c` is
    `a AND (b OR c)`. Words that nothing joins are OR-ed. An empty query finds nothing.

    Raises:
        Malformed: the query cannot be read.
        TooDeep: it has more terms than arXiv takes.
    """
    tokens = _tokens(query)
    if not tokens:
        return frozenset()
    if (
        sum(isinstance(token, Term) for token in tokens) > MOST_TERMS
        or tokens.count("(") > MOST_TERMS
    ):
        raise TooDeep("too many terms")
    found, rest = _chain(tokens, 0, find)
    if rest != len(tokens):
        raise Malformed("unbalanced parentheses")
    return found


def questions(query: str) -> list[Term]:
    """The terms that a query is about: further ones in the same parentheses are other wordings."""
    tokens = _tokens(query)
    depth, found = 0, []
    for before, token in zip(["", *tokens], tokens, strict=False):
        if isinstance(token, Term):
            found += [token] if not depth or before == "(" else []
        else:
            depth += {"(": 1, ")": -1}.get(token, 0)
    return found


def _tokens(query: str) -> list[str | Term]:
    if '\\"' in query:
        raise Malformed("a backslash before a quotation mark")
    tokens: list[str | Term] = []
    at = 0
    while at < len(query) and (match := _TOKEN.match(query, at)):
        at = match.end()
        if match["phrase"] is not None or match["word"]:
            tokens.append(Term(match["field"] or "all", match["phrase"] or match["word"] or ""))
        elif not match["junk"]:
            tokens.append(match[0].strip())
    return tokens


def _chain(tokens: list[str | Term], at: int, find: Find) -> tuple[Found, int]:
    """The value of `a JOIN b JOIN c …` from `at` on, and where it ends."""
    operands: list[Found] = []
    joins: list[str] = []
    while at < len(tokens) and (token := tokens[at]) != ")":
        if token in JOINS:
            if len(joins) >= len(operands):
                raise Malformed(f"{token} without a term before it")
            joins.append(str(token))
            at += 1
            continue
        if len(operands) > len(joins):
            joins.append("OR")
        if isinstance(token, Term):
            operands.append(find(token))
        else:
            inner, at = _chain(tokens, at + 1, find)
            if at >= len(tokens):
                raise Malformed("unbalanced parentheses")
            operands.append(inner)
        at += 1
    if not operands or len(joins) >= len(operands):
        raise Malformed("a term is missing")
    value = operands.pop()
    while operands:
        left, join = operands.pop(), joins.pop()
        value = left & value if join == "AND" else left | value if join == "OR" else left - value
    return value, at
