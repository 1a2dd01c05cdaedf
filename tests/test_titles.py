"""One paper's title in two spellings, two papers' titles that look alike, and who wrote them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.titles import LONGEST_TITLE, alike, compatible, key, names, similarity

LONG = "Direct Preference Optimization: Your Language Model is Secretly a Reward Model"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Self-Rewarding Language Models", "Self-rewarding language models", id="case"),
        pytest.param("Chain-of-Thought", "Chain of Thought", id="hyphens"),
        pytest.param("“Why should I trust you?”", '"Why Should I Trust You?"', id="quotes"),
        pytest.param("Fine\u2010tuning", "Fine\u2011tuning", id="hyphens that are not minus"),
        pytest.param("Naïve Bayes", "Nai\u0308ve Bayes", id="accent composed or combining"),
        pytest.param("Poincaré Maps", r"Poincar\'{e} Maps", id="accent in TeX"),
        pytest.param("Français", r"Fran\c{c}ais", id="accent in TeX, by a letter"),
        pytest.param("ﬁne-tuning", "fine-tuning", id="ligature"),
        pytest.param("Ｔｈｉｎｋ", "Think", id="full width"),
        pytest.param("TD(λ) learning", r"TD($\lambda$) learning", id="lambda, lamda in Unicode"),
        pytest.param("π0: A model", r"$\pi$0: A Model", id="pi"),
        pytest.param("µ-Transfer", r"$\mu$-Transfer", id="micro sign"),
        pytest.param("Ω-nets", r"$\Omega$-nets", id="ohm sign"),
        pytest.param("R² scores", "R$^2$ Scores", id="superscript"),
        pytest.param(r"\textbf{Bold} \emph{claims}", "Bold claims", id="TeX style"),
        pytest.param("Q\\&A", "Q&A", id="escaped ampersand"),
        pytest.param("H<sub>2</sub>O", "H2O", id="HTML"),
        pytest.param("Straße", "STRASSE", id="sharp s"),
        pytest.param("Small_Models", "Small Models", id="underscore"),
        pytest.param("对齐 综述", "对齐综述", id="Chinese"),
        pytest.param("?!", "…", id="nothing to tell by"),
    ],
)
def test_one_title_has_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Scaling Laws I", "Scaling Laws II", id="part one and part two"),
        pytest.param("GPT-3", "GPT-4", id="numbers"),
        pytest.param("With Feedback", "Without Feedback", id="with and without"),
        pytest.param("λ", "μ", id="Greek letters"),
        pytest.param("对齐", "综述", id="Chinese"),
    ],
)
def test_two_titles_have_two_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


@given(st.text())
def test_a_key_is_letters_and_digits_of_any_text(text: str) -> None:
    assert all(c.isalnum() for c in key(text))
    assert key(f"  {text} ") == key(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(LONG, LONG.lower(), True, id="case"),
        pytest.param("Direct Preference Optimization", LONG, True, id="without its subtitle"),
        pytest.param("CriticBench", "CriticBench: Critique-Correct Reasoning", True, id="nick"),
        pytest.param(
            "CriticBench: Benchmarking LLMs for Critique-Correct Reasoning",
            "CriticBench: Evaluating Large Language Models as Critic",
            False,
            id="two CriticBench",
        ),
        pytest.param(
            "Learning to summarise with feedback",
            "Learning to summarize with feedback",
            True,
            id="spelling",
        ),
        pytest.param("LIMA", "Constitutional AI", False, id="another paper"),
        pytest.param(LONG, "A General Theoretical Paradigm", False, id="another long title"),
        pytest.param("RL", "RLHF Workflow: From Reward to Online", False, id="two letters"),
        pytest.param(None, LONG, True, id="unknown speaks for nobody"),
        pytest.param("", LONG, True, id="empty is unknown"),
    ],
)
def test_alike(one: str | None, other: str | None, same: bool) -> None:
    assert alike(one, other) is same
    assert alike(other, one) is same


def test_of_a_hostile_title_only_the_beginning_is_compared() -> None:
    assert similarity("a" * LONGEST_TITLE + "x" * 10_000, "a" * LONGEST_TITLE) == 1


@given(st.text(), st.text())
def test_similarity_is_a_share(one: str, other: str) -> None:
    assert 0 <= similarity(one, other) <= 1


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        pytest.param("Yves Gr et al.", {"yves", "gr"}, id="given name and et al."),
        pytest.param("Y. Bengio, G. Hinton", {"bengio", "hinton"}, id="initials say nothing"),
        pytest.param("Laurens van der Maaten", {"laurens", "maaten"}, id="particles say nothing"),
        pytest.param("Kıcıman and Šuster", {"kıcıman", "suster"}, id="accents"),
        pytest.param(("Ann Lee", "Bo Kim"), {"ann", "lee", "bo", "kim"}, id="names one by one"),
        pytest.param("et al.", set(), id="nobody is named"),
        pytest.param("Li et al", {"li"}, id="two letters are a name"),
        pytest.param("Ethan Perez", {"ethan", "perez"}, id="Ethan is not et al."),
        pytest.param("Petal Vu", {"petal", "vu"}, id="nor is Petal"),
        pytest.param("Lee etal.", {"lee"}, id="et al. in one word"),
        pytest.param(None, set(), id="unknown"),
    ],
)
def test_names(authors: str | tuple[str, ...] | None, expected: set[str]) -> None:
    assert names(authors) == expected


@pytest.mark.parametrize(
    ("one", "other", "title", "same"),
    [
        pytest.param("Yuan et al.", "Weizhe Yuan, Kyunghyun Cho", "LIMA", True, id="one of many"),
        pytest.param("Lan et al.", "Lin et al.", "CriticBench", False, id="others"),
        pytest.param("Lan et al.", "Lin et al.", LONG, False, id="others, whatever the title"),
        pytest.param(None, "Lin et al.", LONG, True, id="a long title stands alone"),
        pytest.param(None, None, LONG, True, id="a long title of nobody"),
        pytest.param(None, "Lin et al.", "Attention Is All You Need", False, id="a short one not"),
    ],
)
def test_compatible(one: str | None, other: str | None, title: str, same: bool) -> None:
    assert compatible(names(one), names(other), key(title)) is same
    assert compatible(names(other), names(one), key(title)) is same
