"""Is the Markdown of an entry broken, so that its links show as text or lead nowhere?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from enrich.check.codes import Code
from enrich.check.fault import Fault, Subject

LARGEST = 10_000
"""Bytes of an entry that are looked at: hostile ones must not take a day."""

_CODE = re.compile(rb"(`{1,9})(?!`).{1,500}?(?<!`)\1(?!`)", re.DOTALL)
_COMMENT = re.compile(rb"<!--.{0,2000}?-->", re.DOTALL)
_JOINT = re.compile(rb"(?<!\\)\]\(")
_BRACKET = re.compile(rb"(?<!\\)[\[\]]")
_ADDRESS = re.compile(
    rb"\s*+(?:<(?P<angled>[^<>\n]*+)>"
    rb"|(?P<bare>[^\s()]*+(?:\([^\s()]*+(?:\([^\s()]*+\)[^\s()]*+)*+\)[^\s()]*+)*+))"
)
"""An address with balanced parentheses, two deep; CommonMark takes no other without angles."""
_CLOSED = re.compile(rb"(?:\s++(?:\"[^\"]*+\"|'[^']*+'|\([^()]*+\)))?\s*+\)")
"""The end of a link: its title, if it has one, and the parenthesis."""
_ADDRESS_LIKE = re.compile(
    rb"https?:|www\.|mailto:|\.{0,2}/[\w.]|[\w-]+\.(?:pdf|html?|md)", re.IGNORECASE
)
_NONE = re.compile(rb"(?:none|null|nil|nan|n/?a|undefined|todo|tbd|tba|url|link)", re.IGNORECASE)
_LATER = re.compile(
    rb"\W*(?:com\w{1,5}(?: soon)?|soon|t\.?b\.?[ad]\.?|todo|n/?a|-)?\W*", re.IGNORECASE
)
"""The text of a link that is a promise, or no text at all: a picture needs no link."""
_HREF = re.compile(
    rb"<a\b[^<>]*?\bhref\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')", re.IGNORECASE
)
_FILL = "write its address, or no link"
_PICTURE = re.compile(rb"!\[[^\[\]]{0,300}\]\([^()]{0,2000}\)|<img\b[^<>]{0,2000}>", re.IGNORECASE)
_TURNED = re.compile(rb"\([^()\[\]\n]{1,200}\)\[(?=https?://)")
_PARTED = re.compile(
    rb"\[(?=[^\[\]\n]*[^\W\d_]{2})[^\[\]\n]{1,200}\][ \t]+\((?=https?://[^\s()]+\))"
)
_UNCLOSED = re.compile(rb"\[[^\[\]()\n]{1,200}\(https?://[^\s()\[\]]+\)(?!\])")
_SCHEMES = re.compile(
    rb"\[+https?://|https?:?/*https?(?::/*|//)|h?ttps?;//|htt?ps?//|https?:/(?=[^/])"
    rb"|ttps?://|hhttps?://|htps?://|https?:///+|https?:(?=[\w-]+\.)|https?\.//",
    re.IGNORECASE,
)
"""Beginnings of a target that are meant to be `https://`."""


def markup_faults(subject: Subject) -> Iterator[Fault]:
    """What of an entry's links a reader's browser does not take for one, or cannot follow."""
    start, end = subject.region
    text = subject.utf8[start:end]
    if len(text) > LARGEST:  # behind the last link that is whole
        text = text[: text.rfind(b")", 0, LARGEST) + 1]
    text = _blanked(text)
    for at, message, hint in _open(text):
        yield subject.fault(Code.OPEN_LINK, start + at, message, hint)
    for first, last, label in _targets(text):
        yield from _target_faults(subject, start + first, text[first:last], label)


def _blanked(text: bytes) -> bytes:
    """The text with code and comments blanked out: they are shown as they are, or not at all."""
    for pattern in (_COMMENT, _CODE):
        text = pattern.sub(lambda form: re.sub(rb"[^\n]", b" ", form[0]), text)
    return text


def _open(text: bytes) -> Iterator[tuple[int, str, str]]:
    openings = _openings(text)
    for at in _joints(text):
        if at not in openings:
            yield at, "the text of a link has no opening bracket", "write [text](address)"
            continue
        address = _address(text, at)
        ended = address.end()
        if _CLOSED.match(text, ended) or not _ADDRESS_LIKE.match(address[0].strip()):
            continue
        if text[ended : ended + 1].isspace() and text.find(b")", ended) >= 0:
            told = "the address of a link has a blank in it", "write %20 for the blank"
            yield at + 2, *told
        else:
            yield at + 1, "the address of a link has no closing parenthesis", "close it with )"
    for form in _TURNED.finditer(text):
        told = "the brackets of a link are the wrong way round", "write [text](address)"
        yield form.start(), *told
    for form in _PARTED.finditer(text):
        told = "there is a blank between a link's text and its address", "remove the blank"
        yield form.start(), *told
    closed = set(openings.values())
    for form in _UNCLOSED.finditer(text):
        if form.start() not in closed:
            yield form.start(), "the text of a link has no closing bracket", "write [text](address)"


def _joints(text: bytes) -> Iterator[int]:
    """Where `](` stands."""
    return (form.start() for form in _JOINT.finditer(text))


def _address(text: bytes, joint: int) -> re.Match[bytes]:
    """The address of the link whose text ends at `joint`; it may be empty."""
    found = _ADDRESS.match(text, joint + 2)
    assert found is not None  # it matches anything
    return found


def _openings(text: bytes) -> dict[int, int]:
    """The opening bracket of each closing one that has any."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for form in _BRACKET.finditer(text):
        if form[0] == b"[":
            waiting.append(form.start())
        elif waiting:
            found[form.start()] = waiting.pop()
    return found


def _targets(text: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where the targets of links stand, and the text of the links."""
    openings = _openings(text)
    for at in _joints(text):
        if at in openings:
            form = _address(text, at)
            place = form.span("angled" if form["angled"] is not None else "bare")
            yield *place, _PICTURE.sub(b"", text[openings[at] + 1 : at])
    for form in _HREF.finditer(text):
        label = text[form.end() : text.find(b"</a", form.end())]
        yield *form.span("double" if form["double"] is not None else "single"), label


def _target_faults(subject: Subject, at: int, target: bytes, label: bytes) -> Iterator[Fault]:
    text = target.strip()
    if text in (b"", b"#"):
        if _LATER.fullmatch(label):
            return
        why = "a link leads nowhere: its address is empty"
        yield subject.fault(Code.EMPTY_TARGET, at, why, _FILL)
    elif _NONE.fullmatch(text):
        name = text.decode("ascii", "replace")
        why = f"a link leads nowhere: its address is “{name}”"
        yield subject.fault(Code.NO_TARGET, at, why, _FILL)
    elif (form := _SCHEMES.match(text)) and form[0].lower() not in (b"http://", b"https://"):
        shown = text[:60].decode("utf-8", "replace")
        rest = text[form.end() :].lstrip(b":/").decode("utf-8", "replace")
        yield subject.fault(
            Code.BROKEN_SCHEME, at, f"no browser follows the address “{shown}”",
            f"write https://{rest}",
        )  # fmt: skip
