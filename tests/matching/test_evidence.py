"""What speaks for a paper, and more or less than what: orders, for the weights are fitted anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.matching.evidence import features, is_venue, probability
from enrich.matching.values import Known, Wanted
from enrich.model import Identifier
from tests.values import ids

SHORT = "Self-Rewarding Language Models"
LONG = "Direct Preference Optimization: Your Language Model is Secretly a Reward Model"
YUAN = ("Weizhe Yuan", "Richard Pang", "Jason Weston")


def known(title: str = LONG, *authors: str, **other: object) -> Known:
    number = other.pop("number", "doi:10.1/x")
    return Known("s", ids(str(number)), title, authors, **other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("likelier", "less"),
    [
        pytest.param(
            (Wanted(LONG, "Yuan"), known(LONG, *YUAN)),
            (Wanted(LONG, "Lee"), known(LONG, *YUAN)),
            id="authors",
        ),
        pytest.param(
            (Wanted(LONG), known(LONG, *YUAN)),
            (Wanted(LONG, "Lee"), known(LONG, *YUAN)),
            id="nobody named, and others named",
        ),
        pytest.param(
            (Wanted(LONG, "Yuan, Pang, Weston"), known(LONG, *YUAN)),
            (Wanted(LONG, "Weston"), known(LONG, *YUAN)),
            id="all, and one of them",
        ),
        pytest.param((Wanted(LONG), known(LONG)), (Wanted("FLARE"), known("FLARE")), id="long"),
        pytest.param(
            (Wanted(SHORT, "Yuan"), known(SHORT, *YUAN)),
            (Wanted("FLARE"), known("FLARE", *YUAN)),
            id="short, and nobody named",
        ),
        pytest.param(
            (Wanted("FLARE", "Yuan"), known("FLARE", *YUAN)),
            (Wanted("FLARE"), known("FLARE", *YUAN)),
            id="few letters need an author",
        ),
        pytest.param(
            (Wanted("A Survey", None, None, 2023), known("A Survey", year=2023)),
            (Wanted("A Survey"), known("A Survey", year=2023)),
            id="a generic title needs a year",
        ),
        pytest.param(
            (Wanted(LONG), known(LONG)),
            (Wanted(LONG.partition(":")[0]), known(LONG)),
            id="whole, and without its sub-title",
        ),
        pytest.param(
            (Wanted(LONG.partition(":")[0]), known(LONG)),
            (Wanted("Direct Preference Alignment"), known(LONG)),
            id="without its sub-title, and in other words",
        ),
        pytest.param(
            (Wanted("Learning Rewards", "Yuan"), known("Learning Reward", *YUAN)),
            (Wanted("Learning with Rewards", "Yuan"), known("Learning without Rewards", *YUAN)),
            id="a slip, and a negation",
        ),
        pytest.param(
            (Wanted(LONG, None, None, 2023), known(LONG, year=2023)),
            (Wanted(LONG, None, None, 2021), known(LONG, year=2023)),
            id="this year, and two before",
        ),
        pytest.param(
            (Wanted(LONG, None, None, 2024), known(LONG, year=2023)),
            (Wanted(LONG, None, None, 2010), known(LONG, year=2023)),
            id="a year later, and long before",
        ),
    ],
)
def test_what_makes_it_likelier(likelier: tuple[Wanted, Known], less: tuple[Wanted, Known]) -> None:
    assert 0 < probability(*less) < probability(*likelier) < 1


@pytest.mark.parametrize(
    ("year", "paper", "expected"),
    [
        pytest.param(2023, known(year=2023), "same", id="same"),
        pytest.param(2024, known(year=2023), "near", id="published a year later"),
        pytest.param(2022, known(year=2023), "near", id="a year before"),
        pytest.param(2026, known(year=2023), "off", id="published three years later"),
        pytest.param(2020, known(year=2023), "far", id="three years before"),
        pytest.param(2022, known(year=2024, number="arxiv:2212.10560"), "same", id="the number's"),
        pytest.param(2024, known(year=2024, number="arxiv:2212.10560"), "same", id="the venue's"),
        pytest.param(2023, known(number="arxiv:2212.10560"), "near", id="number alone"),
        pytest.param(1999, known(number="arxiv:hep-th/9901001"), "untold", id="an old number"),
        pytest.param(
            2019, known(number="arxiv:math.GT/0309136"), "untold", id="an old one, dotted"
        ),
        pytest.param(None, known(year=2023), "untold", id="the list says none"),
        pytest.param(2023, known(), "untold", id="nobody says one"),
        pytest.param(0, known(year=2023), "untold", id="nought is none"),
        pytest.param(10**9, known(year=2023), "far", id="a thousand million"),
    ],
)
def test_years(year: int | None, paper: Known, expected: str) -> None:
    assert features(Wanted(LONG, None, None, year), paper)[f"year {expected}"] == 1


@pytest.mark.parametrize(
    ("venue", "told", "number", "expected"),
    [
        pytest.param("ACL 2023", "Findings of ACL", "doi:10.1/x", True, id="a word"),
        pytest.param("EMNLP'23", None, "acl:2023.emnlp-main.1", True, id="the number's"),
        pytest.param("NAACL", None, "acl:2023.emnlp-main.1", False, id="another number's"),
        pytest.param("arXiv", "arXiv.org", "doi:10.1/x", False, id="arXiv is none"),
        pytest.param("Proceedings of the", "The Conference", "doi:10.1/x", False, id="no name"),
        pytest.param(None, "ACL", "doi:10.1/x", False, id="the list says none"),
        pytest.param("", "ACL", "doi:10.1/x", False, id="empty"),
    ],
)
def test_venue(venue: str | None, told: str | None, number: str, expected: bool) -> None:
    assert is_venue(venue, known(number=number, venue=told)) is expected


some_text = st.text(max_size=30) | st.sampled_from([LONG, SHORT, "FLARE", "\\" * 100, "\0"])
some_year = st.none() | st.integers(-(10**9), 10**9)


@given(
    st.builds(Wanted, some_text, st.none() | some_text, st.none() | some_text, some_year),
    some_text,
    st.lists(some_text, max_size=3),
    some_year,
    some_text,
)
def test_a_probability_lies_between_never_and_always(
    wanted: Wanted, title: str, authors: list[str], year: int | None, number: str
) -> None:
    paper = Known("s", (Identifier("arxiv", number),), title, tuple(authors), year, title)
    assert 0 < probability(wanted, paper) < 1
