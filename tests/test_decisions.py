"""People's decisions: what the file may say, which entry each finds, and how one is written."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from enrich.errors import ConfigError
from enrich.library import Place
from enrich.model import Identifier
from enrich.review import decisions
from enrich.review.amending import HEADER, with_ruling
from enrich.review.decisions import Ruling, remarks, rulings_of
from tests.values import NIGHT, entry, places

ARXIV = Identifier("arxiv", "2106.15928")


def decision(*lines: str) -> str:
    return "\n".join(["[[decision]]", 'entry_id = "e1"', *lines, ""])


def read(text: str) -> tuple[Ruling, ...]:
    return decisions.read(text, "overrides.toml")


@pytest.mark.parametrize(
    ("written", "accepted"),
    [
        pytest.param("arxiv:2106.15928", "arxiv:2106.15928", id="scheme and value"),
        pytest.param("2106.15928v3", "arxiv:2106.15928", id="a bare value, with its version"),
        pytest.param("https://arxiv.org/abs/2106.15928v2", "arxiv:2106.15928", id="a page"),
        pytest.param("https://arxiv.org/pdf/2106.15928.pdf", "arxiv:2106.15928", id="a PDF"),
        pytest.param("https://doi.org/10.1000/X1", "doi:10.1000/x1", id="a DOI's address"),
        pytest.param("DOI:10.1000/X1", "doi:10.1000/x1", id="a DOI in capitals"),
        pytest.param("https://aclanthology.org/P19-1001/", "acl:P19-1001", id="ACL's page"),
        pytest.param(
            "https://openreview.net/forum?id=0NphYCmgua", "openreview:0NphYCmgua", id="a forum"
        ),
        pytest.param("s2:CorpusID:7", "s2:CorpusID:7", id="Semantic Scholar's number"),
    ],
)
def test_what_a_person_may_accept(written: str, accepted: str) -> None:
    [ruling] = read(decision(f'accept = "{written}"'))
    assert str(ruling.accept) == accepted


def test_all_keys_and_where_they_stand() -> None:
    text = "# mine\n\n" + decision('list = "papers"', 'title = "T"', "reject = true")
    assert read(text) == (Ruling("papers", "T", "e1", None, 1, 3),)
    assert read("") == read("# nothing yet\n") == read("decision = []\n") == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("[[decision", "not valid TOML: ", id="no TOML"),
        pytest.param("a = 1\x00", "(at line 1, column 6)", id="a NUL"),
        pytest.param("a = " + "[" * 100_000, "not valid TOML", id="nested deep"),
        pytest.param("a = " + "9" * 10_000, "not valid TOML", id="a number without end"),
        pytest.param("[[decisions]]", "'decisions'; did you mean 'decision'?", id="top"),
        pytest.param("[decision]\naccept = 'x'", "decision: write [[decision]]", id="one bracket"),
        pytest.param("decision = [1]", "decision: write [[decision]]", id="a number"),
        pytest.param(
            decision("reject = true") + "\n" + decision('acept = "x"'),
            "decision 2 (line 5): unknown key 'acept'; did you mean 'accept'?",
            id="unknown key",
        ),
        pytest.param(decision(), "neither accept nor reject is given", id="neither"),
        pytest.param(
            decision('accept = "arxiv:2106.15928"', "reject = true"),
            "both accept and reject are given",
            id="both",
        ),
        pytest.param(decision("reject = false"), "reject: expected true", id="reject is false"),
        pytest.param(decision("accept = 2106.15928"), "accept: expected a text", id="no text"),
        pytest.param(
            decision('accept = "arxv:2106.15928"'),
            "decision 1 (line 1): accept: 'arxv:2106.15928' is no identifier; did you mean "
            "'arxiv:2106.15928'?",
            id="unknown scheme",
        ),
        pytest.param(
            decision('accept = "arxiv:2106.1592"'),
            "accept: 'arxiv:2106.1592': no arxiv identifier looks like that",
            id="malformed value",
        ),
        pytest.param(
            decision('accept = "the one by Yuan"'),
            "one of arxiv, acl, openreview, doi, s2",
            id="words",
        ),
        pytest.param(decision('accept = ""'), "accept: '' is no identifier", id="empty"),
        pytest.param(
            "[[decision]]\nlist = 'papers'\nreject = true",
            "the entry is not named",
            id="no entry is named",
        ),
        pytest.param(
            decision(f"accept = '{'x' * 9_999}'"), "x…' is no identifier", id="a value without end"
        ),
    ],
)
def test_a_fault_is_one_line_that_names_the_place(text: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text)
    message = str(caught.value)
    assert message.startswith("overrides.toml: ")
    assert says in message
    assert "\n" not in message
    assert len(message) < 400


def test_ten_thousand_decisions_are_read() -> None:
    text = "".join(f"[[decision]]\nentry_id = 'e{n}'\nreject = true\n" for n in range(10_000))
    assert len(read(text)) == 10_000


def test_a_header_inside_a_text_only_costs_the_line_numbers() -> None:
    [ruling] = read(decision('title = """\n[[decision]]"""', "reject = true"))
    assert (ruling.number, ruling.line) == (1, None)


# Which entry a decision is about.

LIST = places(
    entry("A Title of One Paper"),
    entry("Another: of Two"),
    entry("Named Twice"),
    entry("Named twice!"),
    entry(None, label="FLARE"),
    name="papers",
)
ONE, OTHER, TWICE, AGAIN, NICK = LIST
GONE = replace(places(entry("Left"), name="papers")[0], removed_at=NIGHT)


def ruling(number: int = 1, **said: str) -> Ruling:
    known = {"list_id": "papers", "title": None, "entry_id": None, **said}
    return Ruling(accept=ARXIV, number=number, **known)


@pytest.mark.parametrize(
    ("given", "finds", "says"),
    [
        pytest.param(ruling(entry_id=ONE.entry_id), ONE, None, id="by entry_id"),
        pytest.param(
            ruling(entry_id=ONE.entry_id, title="Another: of Two"),
            ONE,
            None,
            id="entry_id before title: the entry was retitled",
        ),
        pytest.param(
            ruling(entry_id="e0", title="a title of ONE paper."), ONE, None, id="entry_id is gone"
        ),
        pytest.param(ruling(title="Another of two"), OTHER, None, id="by title"),
        pytest.param(ruling(title="flare"), NICK, None, id="by label"),
        pytest.param(
            ruling(title="Named Twice"), None, "fits 2 entries and decides none", id="two entries"
        ),
        pytest.param(
            ruling(title="Another: of Two", list_id="others"),
            None,
            "finds no entry: no title 'Another: of Two' in list 'others'",
            id="another list",
        ),
        pytest.param(
            ruling(entry_id=GONE.entry_id, title="Left"),
            None,
            f"finds no entry: no entry_id '{GONE.entry_id}', no title 'Left' in list 'papers'",
            id="the entry left the list",
        ),
        pytest.param(ruling(title="…"), None, "finds no entry", id="a title without a letter"),
    ],
)
def test_which_entry_a_decision_finds(given: Ruling, finds: Place | None, says: str | None) -> None:
    every = (*LIST, GONE)
    found = rulings_of(every, [given])
    assert found == ({finds.entry_id: given} if finds else {})
    said = remarks(every, [given], "overrides.toml")
    assert len(said) == (1 if says else 0)
    assert says is None or says in said[0]


def test_of_two_decisions_on_an_entry_the_last_wins_and_it_is_said() -> None:
    first, last = ruling(1, title="Another of two"), ruling(2, entry_id=OTHER.entry_id)
    assert rulings_of(LIST, [first, last]) == {OTHER.entry_id: last}
    [said] = remarks(LIST, [first, last], "overrides.toml")
    assert said == ("overrides.toml: decision 2 overrules decision 1: both are about papers:2")


# Writing.

NEW = Ruling("papers", 'A "Title" \\ of δ', "e9", ARXIV)
MINE = """# all mine

[[decision]]   # the first
list = "papers"
  accept   =  "arxiv:2401.10020"  # Yuan said so
title = 'One'   # as in the list
# what follows is about the second

[[decision]]
entry_id = "e2"
reject = true
"""


def test_a_new_file_says_what_it_is() -> None:
    text = with_ruling("", NEW, "overrides.toml")
    assert text.splitlines()[:3] == [*HEADER, ""]
    assert read(text) == (replace(NEW, number=1, line=4),)
    assert list(tomllib.loads(text)["decision"][0]) == ["list", "title", "entry_id", "accept"]


@pytest.mark.parametrize(
    ("before", "changed"),
    [
        pytest.param(
            Ruling(None, None, None, ARXIV, 1),
            ('  accept   =  "arxiv:2401.10020"', '  accept   =  "arxiv:2106.15928"'),
            id="another paper",
        ),
        pytest.param(
            Ruling(None, None, None, None, 1),
            ('  accept   =  "arxiv:2401.10020"', "  reject   =  true"),
            id="accepted, then rejected",
        ),
        pytest.param(
            Ruling(None, None, None, ARXIV, 2),
            ("reject = true", 'accept = "arxiv:2106.15928"'),
            id="rejected, then accepted",
        ),
        pytest.param(Ruling(None, None, None, None, 2), ("reject", "reject"), id="the same again"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_only_what_is_decided_changes(
    before: Ruling, changed: tuple[str, str], newline: str
) -> None:
    text = MINE.replace("\n", newline)
    assert with_ruling(text, before, "overrides.toml") == text.replace(*changed)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(MINE, id="behind the others"),
        pytest.param(MINE.rstrip("\n"), id="no line end at the end"),
        pytest.param(MINE.replace("\n", "\r\n"), id="CRLF"),
        pytest.param("# only a comment", id="a comment"),
        pytest.param(MINE + "# the end, for now\n\n\n", id="a comment at the end"),
    ],
)
def test_a_new_decision_leaves_all_others_byte_for_byte(text: str) -> None:
    amended = with_ruling(text, NEW, "overrides.toml")
    assert amended.startswith(text)
    assert read(amended)[-1].accept == ARXIV
    added = amended[len(text) :]
    assert added.count("\r\n") == (added.count("\n") if "\r\n" in text else 0)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("decision = []\n", id="none yet"),
        pytest.param(
            'decision = [\n  {entry_id = "e2", reject = true},  # no\n]\n', id="in one array"
        ),
    ],
)
def test_decisions_in_one_array_are_kept_so(text: str) -> None:
    amended = with_ruling(text, NEW, "overrides.toml")
    assert read(amended)[:-1] == read(text)
    assert "[[" not in amended
    assert ("# no" in amended) is ("# no" in text)
    again = with_ruling(amended, replace(NEW, accept=None, number=len(read(amended))), "o.toml")
    assert read(again)[-1].accept is None


def test_a_fault_in_the_file_is_no_reason_to_write_over_it() -> None:
    with pytest.raises(ConfigError, match="line 2"):
        with_ruling("[[decision]]\nreject = \n", NEW, "overrides.toml")
