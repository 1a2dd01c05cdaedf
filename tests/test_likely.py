"""The sieve between a search and the matcher: coarse, and never a judge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.model import Identifier, Outcome, Told
from enrich.sources.likely import MOST_LIKELY, Shown, fits, likely, plain, wording


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("The Tides of the Sea", "tides sea", id="small words"),
        pytest.param("$\\alpha$-DPO: \\textbf{Café}", "alpha dpo cafe", id="LaTeX and accents"),
        pytest.param("α-DPO", "alpha dpo", id="Greek"),
        pytest.param("To Be or Not to Be", "to be or not to be", id="nothing but small words"),
        pytest.param("?!", "", id="no word"),
    ],
)
def test_wording(title: str, expected: str) -> None:
    assert wording(title).words == expected


@pytest.mark.parametrize(
    ("wanted", "shown", "expected"),
    [
        pytest.param("Old Tides of the Sea", "old tides of the sea", True, id="the same"),
        pytest.param("Sailing with Small Models", "Sailing without Small Models", True, id="near"),
        pytest.param("Nick: Rising Tides Lift Boats", "Rising Tides Lift Boats", True, id="nick"),
        pytest.param("Rising Tides", "Rising Tides: A Survey of the Coast", True, id="sub-title"),
        pytest.param(
            "Aligning language model with self-generated instructions",
            "Self-Instruct: Aligning Language Models with Self-Generated Instructions",
            True,
            id="plural and nick",
        ),
        pytest.param(
            "Alignmnet of Langauge Models", "Alignment of Language Models", True, id="typo"
        ),
        pytest.param("Rising Tides Lift Boats", "Falling Tides Sink Harbours", False, id="another"),
        pytest.param("Rising Tides Lift Small Boats", "Tides", False, id="one word of many"),
        pytest.param("Tides", "Tides", True, id="one word"),
        pytest.param("?", "Tides", False, id="no word"),
        pytest.param("TideBench: See What You Think", "TideBench: A Suite", True, id="coined name"),
        pytest.param("Tide: See What You Think", "Tide: A Suite for X", False, id="common name"),
    ],
)
def test_fits(wanted: str, shown: str, expected: bool) -> None:
    assert fits(wording(wanted), wording(shown)) is expected


def test_the_most_alike_are_kept() -> None:
    told = [
        Told("arxiv", Identifier("arxiv", f"2401.{n:05}"), Outcome.OK, "<entry/>")
        for n in range(3 * MOST_LIKELY)
    ]
    shown = [Shown(one, wording(f"Old Tides {'more ' * n}")) for n, one in enumerate(told)]
    assert likely(wording("Old Tides"), reversed(shown)) == told[:MOST_LIKELY]


@given(st.text(max_size=1200))
def test_what_is_sent_is_one_clean_line(title: str) -> None:
    sent = plain(title)
    assert sent.isprintable() or not sent.isascii()
    assert sent == " ".join(sent.split())
    assert not set(sent) & set("${}\n\x00\x1b")
