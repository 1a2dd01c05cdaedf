"""Which answers shall be wrong: a small language for faults on demand.

    SERVICE[.ENDPOINT]:KIND[=VALUE][@N][*N][%P]    several joined by commas; seed=N for the dice

Without a suffix every request is spoilt. `@N` spoils the N-th request that the rule looks at,
`*N` the first N (after `@M`: N from the M-th on), `%P` each with a chance of P percent.
"""

from __future__ import annotations

import difflib
import random
import re
from collections import Counter
from typing import NamedTuple

from enrich.errors import PapertideError
from enrich.sandbox.wire import Fault

ALL = ("arxiv", "semantic_scholar", "openreview", "acl_anthology")
ENDPOINTS = {
    "arxiv": ("query", "oai"),
    "semantic_scholar": ("batch", "match", "paper"),
    "openreview": ("login", "notes", "search", "v1", "v2"),
    "acl_anthology": ("bulk", "bib"),
}
STATUSES = (301, 400, 401, 403, 404, 410, 414, 429, 500, 502, 503, 504)

KINDS: dict[str, tuple[tuple[str, ...], str]] = {
    **{str(code): (ALL, f"status {code} as the service words it") for code in STATUSES},
    "429-date": (ALL, "429 whose Retry-After is a date, VALUE seconds from now (2)"),
    "html": (ALL, "200 with an HTML page"),
    "empty": (ALL, "200 with an empty body"),
    "rate-text": (ALL, "200 with the text `Rate exceeded.`"),
    "truncate": (ALL, "the second half of the body is missing, its length is right"),
    "wrong-length": (ALL, "the connection ends before the length that was promised"),
    "hang": (ALL, "no byte for VALUE seconds (3600), then the connection ends"),
    "slow": (ALL, "the answer starts after VALUE seconds (2)"),
    "huge": (ALL, "VALUE megabytes (100) of white space come before the answer"),
    "hostile": (ALL, "texts full of terminal codes, markup, formulas, SQL and length"),
    "another": (ALL[:3], "another paper's record where the asked one should be"),
    "error-feed": (
        ("arxiv",),
        "400 Atom error that names VALUE, or the first id, as malformed, or the search (for VALUE)",
    ),
    "error-feed-200": (("arxiv",), "the same with status 200"),
    "error-200": (("arxiv",), "errors that arXiv finds by itself come with status 200"),
    "total": (("arxiv",), "totalResults is one more than there is"),
    "empty-page": (("arxiv",), "a valid feed that counts results and has no entry"),
    "withdrawn": (
        ("arxiv",),
        "the newest version of VALUE, or of all, is a withdrawal",
    ),
    "entities": (("arxiv",), "XML with a document type and entities that blow up"),
    "bad-token": (("arxiv",), "OAI-PMH refuses its own resumption token"),
    "no-ids": (("semantic_scholar",), "400 `No valid paper ids given`"),
    "oversize": (("semantic_scholar",), "400 for batches of more than VALUE (1) ids"),
    "fields": (("semantic_scholar",), "400 that calls the asked fields unsupported"),
    "merged": (("semantic_scholar",), "a paperId that nobody asked for"),
    "no-abstract": (("semantic_scholar",), "every abstract is null"),
    "zero": (("semantic_scholar",), "every count is 0"),
    "null-count": (("semantic_scholar",), "every count is null"),
    "absurd": (("semantic_scholar",), "counts that are negative, huge or no numbers"),
    "challenge": (("openreview",), "403 ChallengeRequiredError"),
    "reset": (("openreview",), "429 RateLimitError that ends in VALUE seconds (2)"),
    "search-unavailable": (("openreview",), "no notes and `searchUnavailable: true`"),
    "lists": (("openreview",), "venue and venueid are lists, authors are objects"),
    "v1-only": (("openreview",), "API v2 has nothing, v1 has everything"),
    "mfa": (("openreview",), "login asks for a second factor"),
    "left": (("acl_anthology",), "VALUE, or 2 papers of 100, left the bulk file"),
    "shrunk": (("acl_anthology",), "the bulk file has lost nine papers of ten"),
    "bomb": (("acl_anthology",), "a bulk file that unpacks to VALUE megabytes (2000)"),
}
"""Every kind of fault: the services that can have it, and what it does."""

NUMERIC = frozenset({"429", "429-date", "hang", "slow", "huge", "oversize", "reset", "bomb"})
_RULE = re.compile(
    r"(?P<service>\w+)(?:\.(?P<endpoint>[\w/]+))?:(?P<kind>[\w-]+)(?:=(?P<value>.+?))?"
    r"(?:@(?P<start>\d{1,9}))?(?:\*(?P<times>\d{1,9}))?(?:%(?P<percent>\d{1,3}(?:\.\d{1,9})?))?"
)


class Rule(NamedTuple):
    """One fault and when it strikes. `service` may be `any`."""

    service: str
    endpoint: str | None
    fault: Fault
    start: int | None = None
    times: int | None = None
    percent: float | None = None


def parse(spec: str) -> tuple[list[Rule], int]:
    """The rules of a specification and the seed of its dice.

    Raises:
        PapertideError: it cannot be read; the message names the nearest right word.
    """
    rules: list[Rule] = []
    seed = 0
    for part in filter(None, (part.strip() for part in spec.split(","))):
        if part.startswith("seed=") and part[5:].isdecimal():
            seed = int(part[5:])
            continue
        match = _RULE.fullmatch(part)
        if match is None:
            raise PapertideError(
                f"fault {part!r} is not written SERVICE:KIND[=VALUE][@N][*N][%P], "
                "such as arxiv:429*3"
            )
        rules.append(_rule(part, match))
    return rules, seed


def _rule(part: str, match: re.Match[str]) -> Rule:
    service, endpoint, kind = match["service"], match["endpoint"], match["kind"]
    services = ALL if service == "any" else (service,)
    _known(part, "service", service, (*ALL, "any"))
    possible = [k for k, (of, _) in KINDS.items() if set(of) & set(services)]
    _known(part, f"kind of fault at {service}", kind, possible)
    if endpoint:
        names = [name for each in services for name in ENDPOINTS[each]]
        _known(part, f"endpoint of {service}", endpoint.rpartition("/")[2], names)
    value = match["value"]
    if value and kind in NUMERIC and not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value):
        raise PapertideError(f"fault {part!r}: the value of {kind} is a number, not {value!r}")
    return Rule(
        service,
        endpoint,
        Fault(kind, value),
        int(match["start"]) if match["start"] else None,
        int(match["times"]) if match["times"] else None,
        float(match["percent"]) if match["percent"] else None,
    )


def _known(part: str, what: str, word: str, words: tuple[str, ...] | list[str]) -> None:
    if word not in words:
        near = difflib.get_close_matches(word, words, 1, 0.4) or [min(words)]
        raise PapertideError(
            f"fault {part!r}: no {what} is called {word!r}; did you mean {near[0]!r}?"
        )


class Faults:
    """Deals out the faults of a specification, the same ones in every run."""

    def __init__(self, spec: str = "") -> None:
        self._rules, self._seed = parse(spec)
        self._seen: Counter[tuple[int, str]] = Counter()
        self._served: Counter[tuple[int, str]] = Counter()

    def draw(self, service: str, endpoint: str) -> Fault | None:
        """The fault of this request, by the first rule that strikes. Every rule sees it."""
        struck = [
            rule.fault
            for number, rule in enumerate(self._rules)
            if rule.service in (service, "any")
            and service in KINDS[rule.fault.kind][0]
            and _covers(rule.endpoint, endpoint)
            and self._strikes(number, rule, service)
        ]
        return struck[0] if struck else None

    def _strikes(self, number: int, rule: Rule, service: str) -> bool:
        at = (number, service)
        self._seen[at] += 1
        once = rule.start is not None and rule.times is None and rule.percent is None
        most = 1 if once else rule.times
        if self._seen[at] < (rule.start or 1) or (most is not None and self._served[at] >= most):
            return False
        dice = random.Random(f"{self._seed} {number} {service} {self._seen[at]}")
        if rule.percent is not None and dice.random() * 100 >= rule.percent:
            return False
        self._served[at] += 1
        return True


def _covers(wanted: str | None, endpoint: str) -> bool:
    return wanted is None or wanted == endpoint or wanted in endpoint.split("/")
