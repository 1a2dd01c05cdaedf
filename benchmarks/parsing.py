"""How well and how fast are lists read? One row per list with hand-checked answers.

Lists and answers are looked for beside the project, in `../shared`; without them nothing is
measured. Entries are right by their line, titles by their letters and digits, identifiers per
list; the last columns are the speed, its ratio to a bare pass of the Markdown library, and what a
list ten times as long costs, in tenths (10 is linear).
"""

from __future__ import annotations

import json
import re
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyromark

from enrich.lists import parse
from enrich.lists.decode import decode
from enrich.model import ACL, ARXIV, DOI, OPENREVIEW, Entry

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"
SCHEMES = (ARXIV, ACL, OPENREVIEW, DOI)
Answer = Mapping[str, Any]


class Checked(NamedTuple):
    """A list with its answers: entries, and per scheme what must, may and must not be found."""

    name: str
    data: bytes
    entries: Sequence[Answer]
    wanted: Mapping[str, set[str]]
    allowed: Mapping[str, set[str]]
    traps: set[str]


class Score(NamedTuple):
    """Shares from 0 to 1; `traps` is a number of identifiers."""

    recall: float
    precision: float
    titles: float
    ids_recall: float
    ids_precision: float
    traps: int


def checked_lists(shared: Path) -> Iterator[Checked]:
    """The two seeds with answers, then the public lists; none where there is no such folder."""
    for gold in sorted((shared / "gold").glob("*.gold.jsonl")):
        number = gold.name.split(".")[0]
        path = next((shared / "seeds").glob(f"{number}_*"), None)
        if path is not None:
            answers = _json_lines(gold)
            wanted: dict[str, set[str]] = defaultdict(set)
            for answer in answers:
                for scheme, values in answer["ids"].items():
                    wanted[scheme].update(map(str.lower, values))
            yield Checked(f"seed {number}", path.read_bytes(), answers, wanted, {}, set())
    for path in sorted((shared / "lists").glob("*.md")):
        gold = path.with_suffix(".gold.json")
        if gold.exists():
            told = json.loads(gold.read_text())
            yield Checked(
                path.stem,
                path.read_bytes(),
                _json_lines(path.with_suffix(".entries.jsonl")),
                {key: set(map(str.lower, values)) for key, values in told["ids"].items()},
                {key: set(map(str.lower, values)) for key, values in told["ids_optional"].items()},
                set(map(str.lower, told["ids_only_in_traps"])),
            )


def score(entries: Sequence[Entry], checked: Checked) -> Score:
    """How the entries found compare with the answers."""
    found = Counter(entry.line for entry in entries)
    wanted = Counter(answer["line"] for answer in checked.entries)
    right = sum((found & wanted).values())
    by_line: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_line[entry.line].append(entry)
    titled = [
        _same_title(by_line[answer["line"]].pop(0), answer)
        for answer in checked.entries
        if by_line[answer["line"]]
    ]
    ids = {str(identifier).lower() for entry in entries for identifier in entry.ids}
    must = {f"{scheme}:{value}" for scheme in SCHEMES for value in checked.wanted.get(scheme, ())}
    may = {f"{scheme}:{value}" for scheme in SCHEMES for value in checked.allowed.get(scheme, ())}
    ids = {value for value in ids if value.split(":")[0] in SCHEMES}
    return Score(
        right / max(1, len(checked.entries)),
        right / max(1, len(entries)),
        sum(titled) / max(1, len(titled)),
        len(ids & must) / max(1, len(must)),
        len(ids & must) / max(1, len(ids - may)),
        len(ids & checked.traps),
    )


def forget() -> None:
    """Empty the caches of the parser, so that no run finds what the run before it left."""
    for name, module in tuple(sys.modules.items()):
        if name.startswith("enrich."):
            for function in vars(module).values():
                if hasattr(function, "cache_clear"):
                    function.cache_clear()


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The processor time of the fastest of some runs, each as the first."""
    best = float("inf")
    for _ in range(times):
        forget()
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def main() -> int:
    lists = list(checked_lists(SHARED))
    if not lists:
        print("parsing: no lists with answers beside the project, nothing measured")
        return 0
    print(
        f"{'list':<44} {'entries':>7} {'recall':>7} {'prec.':>7} {'titles':>7} {'ids R':>7}"
        f" {'ids P':>7} {'traps':>5} {'MB/min':>7} {'x bare':>6} {'x10':>5}"
    )
    markdown = pyromark.Markdown(options=pyromark.Options.ENABLE_TABLES)
    total, spent, bare = 0, 0.0, 0.0
    for checked in lists:
        data = checked.data
        parsed = parse(data)
        taken = seconds(lambda data=data: parse(data))  # type: ignore[misc]
        text = decode(data).text
        passed = seconds(lambda text=text: list(markdown.events_with_range(text)))  # type: ignore[misc]
        long = b"".join(data.replace(b"](", b"%d](" % copy) for copy in range(10))
        ten = seconds(lambda long=long: parse(long), times=2)  # type: ignore[misc]
        shares = score(parsed.entries, checked)
        print(
            f"{checked.name[:44]:<44} {len(parsed.entries):>7}"
            + "".join(f" {share:>7.4f}" for share in shares[:5])
            + f" {shares.traps:>5} {len(data) / taken / 1e6 * 60:>7.0f}"
            f" {taken / passed:>6.0f} {ten / taken:>5.1f}"
        )
        total, spent, bare = total + len(data), spent + taken, bare + passed
    print(f"all: {total / spent / 1e6 * 60:.0f} MB/min, {spent / bare:.0f} times a bare pass")
    return 0


def _same_title(entry: Entry, answer: Answer) -> bool:
    told = [answer["title"], *answer.get("title_alt", [])]
    if answer["title"] is None:
        return entry.title is None and _letters(entry.label) == _letters(answer.get("label"))
    return _letters(entry.title) in map(_letters, told)


def _letters(text: str | None) -> str:
    """A text as titles are compared: without case, marks and blanks."""
    folded = unicodedata.normalize("NFKC", text or "").casefold()
    return re.sub(r"[\W_]+", "", folded)


def _json_lines(path: Path) -> list[Answer]:
    return [json.loads(line) for line in path.read_text().splitlines() if line]


if __name__ == "__main__":
    sys.exit(main())
