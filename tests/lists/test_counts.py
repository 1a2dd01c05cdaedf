"""Citation counts in the forms in which lists write them, and their places."""

# ruff: noqa: E501  # a line of a list stays one line here

from __future__ import annotations

import pytest

from enrich.lists import parse

URL = "https://arxiv.org/abs/2403.0970"
BADGE = "https://img.shields.io"


@pytest.mark.parametrize(
    ("written", "counts", "venue"),
    [
        pytest.param("arXiv 2024, cication: [**29**](https://scholar.google.com/x)", ["29"], "arXiv", id="a link that names whose"),
        pytest.param("arXiv 2024, Cited:`12`", ["12"], "arXiv", id="as code"),
        pytest.param("ACL 2024. (Citations: 1,234)", ["1,234"], "ACL", id="with thousands parted"),
        pytest.param("ACL 2024, 35 citations", ["35"], "ACL", id="before the word"),
        pytest.param("arXiv 2024 [citations: 99](https://scholar.google.com/x)", ["99"], "arXiv", id="a year before the word is none"),
        pytest.param("ACL 2024. Cited by [12](https://www.semanticscholar.org/paper/x)", ["12"], "ACL", id="the number alone linked"),
        pytest.param("ACL 2024. cited 12 times", ["12"], "ACL", id="so many times"),
        pytest.param("ACL 2024. \u5f15\u7528\uff1a12", ["12"], "ACL", id="Chinese"),
        pytest.param("ACL 2024. Citations: -1", ["-1"], "ACL", id="unknown"),
        pytest.param("ACL 2024. Citations: 1.2k", [], "ACL", id="rounded"),
        pytest.param("ACL 2024. Cited by 100+", [], "ACL", id="at least"),
        pytest.param("ACL 2024. Most cited 2020 paper", [], "ACL", id="a year"),
        pytest.param(f"ACL 2024 ![c]({BADGE}/badge/citations-29-blue)", ["29"], "ACL", id="badge"),
        pytest.param(f"ACL 2024 ![c]({BADGE}/badge/29-citations-blue.svg?style=flat)", ["29"], "ACL", id="badge, the number first"),
        pytest.param(f"ACL 2024 [![c]({BADGE}/badge/Cited%20by-1,204-blue)](https://scholar.google.com/x)", ["1,204"], "ACL", id="badge in a link"),
        pytest.param(f"ACL 2024 <img src='{BADGE}/badge/Semantic_Scholar-7-blue'>", ["7"], "ACL", id="badge in HTML"),
        pytest.param(f"ACL 2024 ![c]({BADGE}/static/v1?label=citations&message=29&color=blue)", ["29"], "ACL", id="badge, keyed"),
        pytest.param(f"ACL 2024 ![c]({BADGE}/badge/citations-1.2k-blue)", [], "ACL", id="badge, rounded"),
        pytest.param(f"ACL 2024 ![c]({BADGE}/badge/stars-29-blue)", [], "ACL", id="badge of something else"),
        pytest.param(f"ACL 2024 ![c]({BADGE}/badge/dynamic/json?label=citation&query=citationCount&url=x-29-y)", [], "ACL", id="badge that a service computes"),
    ],
)  # fmt: skip
def test_behind_a_title(written: str, counts: list[str], venue: str) -> None:
    text = f"## Papers\n\n- [Why 100 Citations of Herring Gulls Matter Most]({URL}1), {written}\n".encode()
    (entry,) = parse(text).entries
    assert [text[a:b].decode() for a, b in entry.spans.get("counts", ())] == counts
    assert (entry.title, entry.venue) == ("Why 100 Citations of Herring Gulls Matter Most", venue)


def test_in_a_column() -> None:
    rows = ["14", "-1", "1,204", "[9](https://scholar.google.com/x)", "", "1.2k", "N/A"]
    lines = [f"| A Paper About Geese | {row} | [paper]({URL}{n}) |" for n, row in enumerate(rows)]
    text = "\n".join(
        ["| Title | Google Scholar citations | Link |", "|---|---|---|", *lines, ""]
    ).encode()
    found = [
        [text[a:b].decode() for a, b in entry.spans.get("counts", ())]
        for entry in parse(text).entries
    ]
    assert found == [["14"], ["-1"], ["1,204"], ["9"], [], [], []]
