"""In what two titles differ: what people change when they copy, and what tells papers apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.matching.wording import compare

DPO = "Direct Preference Optimization: Your Language Model is Secretly a Reward Model"
FOLLOW = "Training language models to follow instructions with human feedback"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Self-Rewarding Language Models", "self rewarding language models", id="case"),
        pytest.param("Poincaré Embeddings", r"Poincar\'{e} Embeddings", id="accent in TeX"),
        pytest.param("Schrödinger Bridges", r"Schr\"{o}dinger Bridges", id="umlaut in TeX"),
        pytest.param("TD(λ) learning", r"TD($\lambda$) learning", id="Greek in TeX"),
        pytest.param("Ｔｈｉｎｋ before you act", "Think before you act", id="full width"),
        pytest.param("“Why should I trust you?”", "Why Should I Trust You", id="marks"),
        pytest.param("Safety & Alignment", "Safety and Alignment", id="ampersand"),
        pytest.param("RLHF: what helps", "RLHF – what helps", id="a dash for the colon"),
        pytest.param("Pretraining with Feedback", "Pre-training with Feedback", id="hyphen"),
        pytest.param("对齐 综述", "对齐综述", id="Chinese with a blank"),
        pytest.param("Scaling Laws for Rewards", "Scaling Law for Rewards", id="plural, 3 letters"),
        pytest.param("Language Models Reason", "Language Model Reasons", id="plural"),
        pytest.param("Reward Overoptimization", "Reward Overoptimisation", id="British"),
        pytest.param("Modeling Behavior", "Modelling Behaviour", id="British, twice"),
        pytest.param("Preference Optimization", "Preference Optimizaton", id="typo"),
        pytest.param("Preference Optimization", "Prefernece Optimization", id="letters swapped"),
        pytest.param("Judging LLMs", "Judging Large Language Models", id="acronym"),
        pytest.param(
            "Iterative DPO", "Iterative Direct Preference Optimization", id="acronym, one"
        ),
        pytest.param("Learning from feedback", "Learning with the feedback", id="small words"),
        pytest.param("Physics of Models, Part 1", "Physics of Models, Part I", id="Roman numeral"),
        pytest.param("Three Ways to Align", "3 Ways to Align", id="numeral"),
        pytest.param("Zero-Shot Reasoners", "0-shot Reasoners", id="zero"),
        pytest.param("Search vs. Sampling", "Search versus Sampling", id="versus"),
    ],
)
def test_one_title_in_two_spellings(one: str, other: str) -> None:
    for found in (compare(one, other), compare(other, one)):
        assert (found.lost, found.added, found.cut, found.is_telling) == (0, 0, 0, False)
        assert found.shared > 0


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        pytest.param(DPO, "Direct Preference Optimization", id="sub-title"),
        pytest.param(f"InstructGPT: {FOLLOW}", FOLLOW, id="nick"),
        pytest.param(f"InstructGPT - {FOLLOW}", FOLLOW, id="nick before a dash"),
        pytest.param(f"{FOLLOW}? A Closer Look", FOLLOW, id="after a question mark"),
        pytest.param(f"InstructGPT：{FOLLOW}", FOLLOW, id="full-width colon"),
    ],
)
def test_a_part_left_out_is_cut_and_not_changed(whole: str, part: str) -> None:
    for found in (compare(whole, part), compare(part, whole)):
        assert (found.lost, found.added, found.is_telling) == (0, 0, False)
        assert found.cut > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Learning with Feedback", "Learning without Feedback", id="with, without"),
        pytest.param("Models Can Learn", "Models Cannot Learn", id="can, cannot"),
        pytest.param("Models Can Learn", "Models Can't Learn", id="can, can't"),
        pytest.param("LLMs are Fair Evaluators", "LLMs are not Fair Evaluators", id="not"),
        pytest.param("Learning from Feedback", "Learning from Feedback at Scale", id="at scale"),
        pytest.param("Physics: Part I, Reason", "Physics: Part II, Reason", id="parts"),
        pytest.param("Physics of Models: Part 1", "Physics of Models: Part 2", id="part numbers"),
        pytest.param("Preference Models", "Preference Models: Part II", id="a second part"),
        pytest.param("Preference Models", "Preference Models II", id="a second"),
        pytest.param("LLaMA: Open Models", "LLaMA 2: Open Models", id="series, number"),
        pytest.param("DeepSeek-V2: A Mixture", "DeepSeek-V3: A Mixture", id="series, version"),
        pytest.param("GPT-4 Report", "GPT-4 Report v2", id="series, version at the end"),
        pytest.param("Zero-Shot Reasoners", "Few-Shot Reasoners", id="zero, few"),
        pytest.param("Supervised Rewards", "Unsupervised Rewards", id="affix"),
        pytest.param("Alignment of Models", "Misalignment of Models", id="mis"),
        pytest.param("Online RLHF", "Offline RLHF", id="opposites"),
        pytest.param("Internal Feedback", "External Feedback", id="opposites two letters apart"),
        pytest.param("Bias increases here", "Bias decreases here", id="increase, decrease"),
        pytest.param("Minimizing Regret", "Maximizing Regret", id="most and least"),
        pytest.param("Encoding Preferences", "Decoding Preferences", id="en, de"),
        pytest.param("Bidirectional Models", "Unidirectional Models", id="one way, both ways"),
        pytest.param("Macro Alignment", "Micro Alignment", id="macro, micro"),
        pytest.param("Attention Is All You Need", "Is Attention All You Need?", id="a question"),
        pytest.param("GPT: LLMs can plan", "GPT: Can LLMs plan?", id="a question after a nick"),
    ],
)
def test_what_tells_two_papers_apart(one: str, other: str) -> None:
    assert compare(one, other).is_telling
    assert compare(other, one).is_telling


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            "Reinforcement Learning from AI Feedback",
            "Reinforcement Learning from Human Feedback",
            id="another noun",
        ),
        pytest.param("Preferences with an Offset", "Preferences with a Margin", id="last word"),
        pytest.param("Weak-to-Strong Training", "Strong-to-Weak Training", id="word order"),
        pytest.param("English to French", "French to English", id="word order turns it"),
        pytest.param("Harmful outputs", "Harmless outputs", id="one stem, four letters"),
    ],
)
def test_other_words_are_lost_and_added(one: str, other: str) -> None:
    for found in (compare(one, other), compare(other, one)):
        assert found.lost > 0
        assert found.added > 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("RLAIF: Scaling Feedback", "RLAIF: AI Feedback at Scale", True, id="coined"),
        pytest.param("GPT-4: A Report", "GPT 4: Sparks", True, id="with a digit"),
        pytest.param("Alignment: A Survey", "Alignment: An Essay", False, id="a plain word"),
        pytest.param("RLAIF Scaling", "RLAIF Feedback", False, id="no colon"),
    ],
)
def test_a_coined_name_that_both_begin_with(one: str, other: str, same: bool) -> None:
    assert compare(one, other).is_nicked is same


HOSTILE = {
    "empty": "",
    "only marks": "?!…" * 1000,
    "a megabyte": "a" * 1_000_000,
    "a megabyte of words": "reward " * 150_000,
    "NUL": "\0" * 5000,
    "bidi": "\u202e\u2066title\u2069" * 1000,
    "TeX": "\\" * 10_000,
    "TeX commands": "\\textbf{" * 10_000,
    "tags": "<a" * 100_000,
    "colons": ": " * 100_000,
    "dashes": " – " * 100_000,
    "blanks": "a" + " " * 300_000 + "b",
    "combining": "a" + "\u0301" * 100_000,
    "lone surrogates": "\ud800" * 1000,
    "ligature of eighteen letters": "\ufdfa" * 5000,
    "sentences": ". A" * 100_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_titles_are_compared_like_any(text: str) -> None:
    for found in (compare(text, DPO), compare(DPO, text), compare(text, text[1:] + "x")):
        assert min(found.shared, found.lost, found.added, found.cut, found.small) >= 0


@given(st.text(max_size=60))
def test_a_title_differs_in_nothing_from_itself(title: str) -> None:
    found = compare(title, title)
    assert (found.lost, found.added, found.cut, found.small) == (0, 0, 0, 0)
    assert not found.is_telling


some_words = st.lists(
    st.sampled_from("reward model models not II can Is with: ? 2 – of LLMs large language".split()),
    max_size=8,
).map(" ".join)


@given(some_words, some_words)
def test_what_tells_apart_does_so_both_ways(one: str, other: str) -> None:
    there, back = compare(one, other), compare(other, one)
    assert there.is_nicked is back.is_nicked
    assert min(there.shared, there.lost, there.added, there.cut, back.cut) >= 0
