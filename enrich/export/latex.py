"""Text as a BibTeX field shows it: Unicode as it is, LaTeX's own characters escaped.

Every reader in use (biber, BibTeX of today, JabRef, Zotero, pandoc) takes UTF-8; commands in the
place of letters would only be read wrong by some.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from enrich.bibtex import plain

_ESCAPES = str.maketrans(
    {
        **{c: f"\\{c}" for c in "&%$#_"},
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "`": r"\textasciigrave{}",
        "^": r"\textasciicircum{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
    }
)
# Titles on arXiv have formulas in TeX; a price has a space or nothing but digits behind its sign.
_FORMULA = re.compile(r"\$(?=\S)(?![\d.,]+\s)([^$]{1,200}?)(?<=\S)\$")
_TEX = re.compile(r"\\[A-Za-z]|[\^_]|^[A-Za-z]$")
# A list is a stranger's: a command that is not of mathematics might read a file or never end, and
# `^^5c` is a backslash to TeX. Those below are what arXiv's titles use, and their kin.
_UNSAFE_IN_FORMULA = re.compile(r"(?<!\\)[%#&]|\^\^")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_MATHEMATICS = frozenset(
    """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi
    varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega
    Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    ell infty partial nabla natural sharp flat clubsuit hbar Re Im aleph exists forall emptyset
    prime
    arg max min sup inf lim log ln exp sin cos tan det dim ker deg gcd Pr mod bmod pmod
    sqrt frac binom sum prod int cup cap bigcup bigcap times div cdot circ ast star bullet pm mp
    oplus otimes odot wedge vee neg setminus dagger
    le leq ge geq ll gg ne neq approx sim simeq cong equiv propto in notin ni subset subseteq supset
    supseteq mid parallel perp to gets mapsto rightarrow leftarrow leftrightarrow Rightarrow
    Leftarrow Leftrightarrow longrightarrow uparrow downarrow ldots cdots dots left right langle
    rangle lceil rceil lfloor rfloor lbrace rbrace vert Vert quad
    mathcal mathbb mathbf mathrm mathsf mathtt mathit mathfrak mathscr boldsymbol rm bf it
    text textrm textbf textit texttt textsf emph underline overline
    tilde widetilde hat widehat bar dot ddot vec acute grave check breve
    """.split()
)
_PART = re.compile(r"[^\s/-]+")
_EDGE = re.compile(r"^\W*|\W*$")
_INNER_CAPITAL = re.compile(r"\w.*[A-Z]|[A-Z].*\d|\d.*[A-Z]|^[B-HJ-Z]$")
_UNWANTED = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})


def escaped(text: str) -> str:
    """A text as LaTeX shows it unchanged; one line."""
    return " ".join(text.split()).translate(_ESCAPES)


def verbatim(text: str) -> str:
    """An address or identifier, which BibTeX's fields for them take as it is."""
    return text.translate(_UNWANTED)


def title(text: str) -> str:
    """A title with its formulas kept, and braces around what must keep its capitals when a style
    puts it in lower case: acronyms, models' names and, in a title that is written like a
    sentence, proper names."""
    text = " ".join(text.split())
    if not any(c.islower() for c in text):
        return "".join(f"${piece}$" if is_tex else escaped(piece) for piece, is_tex in _cut(text))
    is_sentence = _is_sentence(text)
    done = []
    for piece, is_tex in _cut(text):
        if is_tex:
            done.append(f"{{${piece}$}}")
            continue
        begins = not done
        last = 0
        for part in _PART.finditer(piece):
            done.append(piece[last : part.start()])
            done.append(_kept(part[0], is_name=is_sentence and not begins))
            begins = part[0][-1] in ":.?!"
            last = part.end()
        done.append(piece[last:])
    return "".join(done)


def shown(text: str) -> str:
    """A title as it reads, its formulas in Unicode."""
    return "".join(plain(f"${piece}$") if tex else piece for piece, tex in _cut(text)).strip()


def _cut(text: str) -> Iterator[tuple[str, bool]]:
    """A text in pieces, and whether each is a formula, without its signs."""
    last = 0
    for found in _FORMULA.finditer(text):
        body = found[1]
        if not _TEX.search(body) or not _is_harmless(body):
            continue
        if found.start() > last:
            yield text[last : found.start()], False
        yield body, True
        last = found.end()
    if last < len(text):
        yield text[last:], False


def _is_harmless(formula: str) -> bool:
    """Whether it can do nothing but be set."""
    commands = {found[1] for found in _COMMAND.finditer(formula)}
    is_safe = commands <= _MATHEMATICS and not _UNSAFE_IN_FORMULA.search(formula)
    return is_safe and _is_balanced(formula)


def _is_balanced(text: str) -> bool:
    depth = 0
    for c in text:
        depth += (c == "{") - (c == "}")
        if depth < 0:
            return False
    return depth == 0 and not text.endswith("\\")


def _kept(part: str, *, is_name: bool) -> str:
    """A word, braced without the signs around it if its capitals matter."""
    core = _EDGE.sub("", part)
    matters = _INNER_CAPITAL.search(core) or (is_name and core[:1].isupper())
    if not matters:
        return part.translate(_ESCAPES)
    before, _, after = part.partition(core)
    return f"{before.translate(_ESCAPES)}{{{core.translate(_ESCAPES)}}}{after.translate(_ESCAPES)}"


def _is_sentence(text: str) -> bool:
    """Whether a title is written like a sentence: its longer words are in lower case."""
    long = [word for word in re.findall(r"[^\W\d_]{4,}", text)[1:]]
    small = sum(word[0].islower() for word in long)
    return len(long) >= 3 and small > 0.6 * len(long)
