"""Semantic Scholar and the ACL Anthology in the sandbox."""

from __future__ import annotations

import gzip

import bibtexparser
import pytest

from enrich.sandbox import Desk, World
from tests.sandbox_desk import BULK, CLUSTER, PAPERS, TODAY, WORLD, batch, desk, match, send


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param("ARXIV:2401.90001", True, id="arxiv"),
        pytest.param("arXiv:2401.90001", True, id="arxiv in other case"),
        pytest.param("ARXIV:2401.90001v1", False, id="no versions"),
        pytest.param("ACL:2024.acl-long.9001", True, id="acl"),
        pytest.param("DOI:10.5555/ONE", True, id="doi without case"),
        pytest.param("10.5555/one", True, id="bare doi"),
        pytest.param("DOI:10.48550/arXiv.2401.90001", True, id="arxiv doi"),
        pytest.param("DOI:https://doi.org/10.5555/one", False, id="doi as address"),
        pytest.param(f"CorpusId:{CLUSTER.corpus_id}", True, id="corpus id"),
        pytest.param(CLUSTER.sha, True, id="sha"),
        pytest.param("URL:https://arxiv.org/abs/2401.90001", True, id="url"),
        pytest.param("MAG:1", False, id="scheme without papers"),
    ],
)
def test_s2_ids(asked: str, found: bool) -> None:
    other = "ARXIV:2302.90002"
    rows = batch(desk(), [other, asked]).json()
    assert rows[0]["externalIds"]["ArXiv"] == "2302.90002"
    assert (rows[1] is not None) == found
    single = send(desk(), "GET", f"/semantic_scholar/graph/v1/paper/{asked}")
    assert single.status_code == (200 if found else 404)
    if found:
        assert rows[1]["paperId"] == single.json()["paperId"] == CLUSTER.sha
    else:
        assert single.json() == {"error": f"Paper with id {asked} not found"}


@pytest.mark.parametrize(
    ("ids", "fields", "error"),
    [
        pytest.param(["ARXIV:1"], "title", "No valid paper ids given", id="none known"),
        pytest.param([], "title", "No valid paper ids given", id="none asked"),
        pytest.param("x", "title", "No valid paper ids given", id="no list"),
        pytest.param(["ARXIV:2401.90001", ""], "title", "No valid paper ids given", id="empty id"),
        pytest.param(["ARXIV:2401.90001", 7], "title", "No valid paper ids given", id="number"),
        pytest.param(["ARXIV:2401.90001"] * 501, "title", "Too many ids", id="over 500"),
        pytest.param(["ARXIV:2401.90001"], "foo,title,bar", "fields: [foo, bar]", id="fields"),
    ],
)
def test_s2_batch_refusals(ids: object, fields: str, error: str) -> None:
    answer = batch(desk(), ids, fields)
    assert answer.status_code == 400
    assert error in answer.json()["error"]


def test_s2_answers_only_what_was_asked() -> None:
    (row,) = batch(desk(), ["ARXIV:2401.90001"], "corpusId,authors.name").json()
    assert set(row) == {"paperId", "corpusId", "authors"}
    plain = send(desk(), "GET", "/semantic_scholar/graph/v1/paper/ARXIV:2401.90001").json()
    assert set(plain) == {"paperId", "title"}


def test_s2_withholds_some_abstracts_and_says_so() -> None:
    ids = [f"ARXIV:{number}" for number in WORLD.by_arxiv]
    rows = batch(desk(), ids, "abstract,openAccessPdf").json()
    withheld = [row for row in rows if row["abstract"] is None]
    assert 0 < len(withheld) < len(rows) / 2
    assert all("elided" in row["openAccessPdf"]["disclaimer"] for row in withheld)
    told = (row["abstract"] for row in rows if row["abstract"])
    assert all(text.startswith("[Simulated] ") for text in told)


def test_s2_merged_records_answer_with_another_paper_id() -> None:
    world = World.builtin()
    at = Desk(world, pace=0, environ=TODAY)
    merged = [c for c in world.clusters if c.alias]
    assert merged
    rows = batch(at, [c.alias for c in merged]).json()
    assert [row["paperId"] for row in rows] == [c.sha for c in merged]
    assert match(at, merged[0].paper.title).json()["data"][0]["paperId"] == merged[0].alias


def test_s2_never_merged_a_few_works() -> None:
    world = World.builtin()
    parts = [c for c in world.clusters if c.share < 1]
    assert parts
    for preprint, published in zip(parts[::2], parts[1::2], strict=True):
        assert preprint.paper is published.paper
        assert preprint.arxiv_id
        assert published.acl_id or published.doi
        assert preprint.corpus_id != published.corpus_id


@pytest.mark.parametrize(
    ("query", "more", "title"),
    [
        pytest.param("an invented title - of one kind", {}, PAPERS[0].title, id="exact"),
        pytest.param("Sailing with Small Model", {}, PAPERS[2].title, id="nearest of near misses"),
        pytest.param("Tide Tables Number 105", {}, "Tide Table Number 105", id="plural"),
        pytest.param("Invented Title", {"year": "2024"}, PAPERS[0].title, id="year filter"),
        pytest.param("Invented Title", {"year": "2020-2023"}, PAPERS[1].title, id="years filter"),
        pytest.param("Wholly Unrelated Matters of State", {}, None, id="miss"),
    ],
)
def test_s2_match(query: str, more: dict[str, str], title: str | None) -> None:
    answer = match(desk(), query, **more)
    if title is None:
        assert answer.status_code == 404
        assert answer.json() == {"error": "Title match not found"}
    else:
        (row,) = answer.json()["data"]
        assert row["title"] == title
        assert row["matchScore"] > 10


def test_s2_counts_a_second_night() -> None:
    world = World.builtin()
    ids = [f"ARXIV:{number}" for number in world.by_arxiv][:400]
    nights = []
    for day in ("21", "22"):
        now = {"PAPERTIDE_NOW": f"2026-11-{day}T02:00:00Z"}
        rows = batch(Desk(world, pace=0, environ=now), ids, "citationCount").json()
        nights.append([row["citationCount"] for row in rows])
    assert 2 <= sum(a != b for a, b in zip(*nights, strict=True)) <= 40


def test_acl_file_is_bibtex_that_says_when_it_changed() -> None:
    at = desk()
    first = send(at, "GET", BULK)
    assert first.headers["content-type"] == "application/x-gzip"
    library = bibtexparser.parse_string(gzip.decompress(first.content).decode())
    assert not library.failed_blocks
    urls = {entry["url"] for entry in library.entries}
    known = {f"https://aclanthology.org/{number}/" for number in WORLD.by_acl}
    assert urls == known
    assert (
        "title = \"50{\\%} of ({BERT}) {\\&} $\\alpha$ in ``R{\\&}D''\""
        in gzip.decompress(first.content).decode()
    )
    again = send(desk(), "GET", BULK, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    since = {"if-modified-since": first.headers["last-modified"]}
    assert send(at, "GET", BULK, headers=since).status_code == 304
    stale = {"if-none-match": '"another"', **since}
    assert send(at, "GET", BULK, headers=stale).status_code == 200


@pytest.mark.parametrize(
    ("name", "status"),
    [
        pytest.param("2024.acl-long.9001.bib", 200, id="known"),
        pytest.param("2024.ACL-long.9001.bib", 404, id="case matters"),
        pytest.param("2024.acl-long.9002.bib", 404, id="unknown"),
        pytest.param("2024.acl-long.9001", 404, id="no page"),
    ],
)
def test_acl_single_entry(name: str, status: int) -> None:
    answer = send(desk(), "GET", f"/acl_anthology/{name}")
    assert answer.status_code == status
    if status == 200:
        assert answer.text.startswith("@inproceedings{tidewell-2024-invented,")
