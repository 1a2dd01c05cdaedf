"""Builds blocks from what the Markdown reader and the HTML reader meet, in reading order."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from enrich.errors import PapertideError
from enrich.lists.addresses import parted
from enrich.lists.blocks import IMAGE, PART, Anchor, Block, Document, Run

MOST = 3_000_000
"""Blocks and runs of one text; those that may be works count for more. More fill the memory."""
_WEIGHTS = {"list": 5, "item": 3, "row": 3, "paragraph": 3, "heading": 6}
_TEXT_HOLDERS = frozenset(("heading", "paragraph", "item", "cell", "fold"))


class Builder:
    """Keeps the open blocks and the open inline styles; every offset is given by the reader."""

    def __init__(self, utf8: bytes) -> None:
        self.document = Document(utf8)
        self._root = Block("document", 0, len(utf8), children=self.document.blocks)
        self._open: list[Block] = [self._root]
        self._counts: Counter[tuple[str, bool]] = Counter()
        self._styles: dict[int, int] = {}
        self._style = 0
        self._link = -1
        self._unshown = False
        self._pieces = 0
        self._pending: list[tuple[str, int, int]] = []
        self._image: tuple[str, int] | None = None
        self._alt: list[str] = []

    def open(self, kind: str, start: int, end: int, level: int = 0, html: bool = False) -> Block:
        """Begin a block inside the innermost open one. `end` may be corrected by `close`."""
        self._flush()
        if kind != "fold":
            self._end_loose_paragraph()
        if kind == "paragraph" and self._open[-1].kind in _TEXT_HOLDERS:
            self._break(PART, start)
            block = Block("part", start, end, html=html)
            self._push(block)
            return block
        block = Block(kind, start, end, level=level, html=html)
        if kind == "cell":
            self._row().cells.append(block.runs)
        else:
            self._holder().children.append(block)
        self._push(block)
        return block

    def cell_sized(self, columns: int, rows: int, head: bool) -> None:
        """How many columns and rows the cell just opened covers, and whether it is a heading."""
        row = self._row()
        row.level = int(head) if not row.spans else row.level & int(head)
        row.spans.append((columns, rows))

    def close(self, kind: str, end: int, html: bool = False) -> None:
        """End the innermost open block of this kind, and what was left open inside it."""
        self._flush()
        kinds = ("paragraph", "part") if kind == "paragraph" else (kind,)
        if not any(self._counts[name, html] for name in kinds):
            return
        for depth in range(len(self._open) - 1, 0, -1):
            block = self._open[depth]
            if block.kind in kinds and block.html == html:
                block.end = max(block.end, end) if html else block.end
                self._pop(depth)
                break
            if html and not block.html:
                return
        self._reset()

    def close_html(self) -> None:
        """End every block that HTML opened and never closed: a heading starts afresh."""
        self._flush()
        for depth, block in enumerate(self._open):
            if block.html:
                self._pop(depth)
                break
        self._reset()

    def skip(self, kind: str, start: int, end: int) -> None:
        """A stretch that holds no text of the list: code, a comment, a rule, metadata."""
        self._flush()
        self._end_loose_paragraph()
        self._holder().children.append(Block(kind, start, end))

    @property
    def in_html_table(self) -> bool:
        return self._counts["table", True] > 0

    # Inline.

    def text(self, text: str, start: int, end: int) -> None:
        if self._image is not None:
            self._alt.append(text)
        else:
            self._pending.append((text, start, end))

    def styled(self, text: str, start: int, end: int, style: int) -> None:
        """A run in a style of its own, such as a code span."""
        self._flush()
        self._add(Run(text, start, end, self._style | style, self._link))

    def style(self, style: int, on: bool) -> None:
        self._flush()
        count = self._styles.get(style, 0) + (1 if on else -1)
        self._styles[style] = max(0, count)
        self._style = self._style | style if count > 0 else self._style & ~style

    def line_break(self, style: int, start: int, end: int) -> None:
        """A soft break (its newline belongs to the text around it) or a hard one."""
        self._flush()
        if self._image is None:
            self._add(Run("\n", start, end, self._style | style, self._link))

    def open_link(self, url: str, start: int, end: int, reference: str = "") -> None:
        self._flush()
        self.document.links.append(Anchor(url, start, end, reference))
        self._link = len(self.document.links) - 1
        self._unshown = True

    def close_link(self, end: int) -> None:
        self._flush()
        if self._link >= 0:
            anchor = self.document.links[self._link]
            self.document.links[self._link] = anchor._replace(end=max(anchor.end, end))
            if self._unshown:  # A link without any text: a run keeps it in its block.
                self._add(Run("", anchor.start, anchor.start, self._style, self._link))
        self._link = -1

    def open_image(self, url: str, start: int) -> None:
        self._flush()
        self._image, self._alt = (url, start), []

    def close_image(self, end: int) -> None:
        if self._image is not None:
            url, start = self._image
            self._image = None
            self.image("".join(self._alt), url, start, end)

    def image(self, alt: str, url: str, start: int, end: int) -> None:
        self._flush()
        self._add(Run(alt, start, end, self._style | IMAGE, self._link, url))

    # Inside.

    def _holder(self) -> Block:
        """The innermost open block that may hold blocks."""
        for block in reversed(self._open):
            if block.kind not in ("paragraph", "part", "heading", "fold", "cell"):
                return block
        return self._root

    def _row(self) -> Block:
        for block in reversed(self._open):
            if block.kind == "row":
                return block
        # A cell without a row: it gets one, so that its text is not lost.
        row = Block("row", self._open[-1].start, self._open[-1].end)
        self._holder().children.append(row)
        return row

    def _target(self, run: Run) -> Block | None:
        """The block that takes a run; loose text of an HTML block opens a paragraph."""
        for block in reversed(self._open):
            if block.kind in _TEXT_HOLDERS:
                return block
            if block.kind == "part":
                continue
            if block.kind in ("table", "row", "list"):
                return None
            break
        if not run.text.strip():
            return None
        loose = Block("paragraph", run.start, run.end, html=True)
        self._open[-1].children.append(loose)
        self._push(loose)
        return loose

    def _add(self, run: Run) -> None:
        target = self._target(run)
        self._count()
        if run.link >= 0:
            self._unshown = False
        if target is not None:
            target.runs.append(run)
            if target.html and target.kind == "paragraph":
                target.end = max(target.end, run.end)

    def _break(self, style: int, at: int) -> None:
        for block in reversed(self._open):
            if block.kind in _TEXT_HOLDERS:
                if block.runs:
                    block.runs.append(Run("\n", at, at, style))
                return

    def _end_loose_paragraph(self) -> None:
        if self._open[-1].kind == "paragraph" and self._open[-1].html:
            self._pop(len(self._open) - 1)

    def _count(self, weight: int = 1) -> None:
        if (pieces := self._pieces + weight) > MOST:
            raise PapertideError(f"not a list that can be read: more than {MOST:,} pieces of text")
        self._pieces = pieces

    def _push(self, block: Block) -> None:
        self._count(_WEIGHTS.get(block.kind, 1))
        self._open.append(block)
        self._counts[block.kind, block.html] += 1

    def _pop(self, depth: int) -> None:
        """Leave the blocks from this depth on. Counts keep a stray end tag from searching them."""
        for block in self._open[depth:]:
            self._counts[block.kind, block.html] -= 1
        del self._open[depth:]

    def _reset(self) -> None:
        self._styles.clear()
        self._style, self._link, self._image = 0, -1, None

    def _flush(self) -> None:
        """Write the pending text as one run, its bare URLs as links."""
        if not self._pending:
            return
        pending, self._pending = self._pending, []
        text = "".join(piece for piece, _, _ in pending)
        start, end = pending[0][1], pending[-1][2]
        exact = all(len(piece.encode()) == e - s for piece, s, e in pending) and all(
            before[2] == after[1] for before, after in pairwise(pending)
        )
        if not exact:
            for piece, first, last in pending:
                self._add(Run(piece, first, last, self._style, self._link))
        elif self._link < 0 and "://" in text:
            self._add_linked(text, start)
        else:
            self._add(Run(text, start, end, self._style, self._link))

    def _add_linked(self, text: str, start: int) -> None:
        for piece, is_url in parted(text):
            end = start + len(piece.encode())
            if is_url:
                self.document.links.append(Anchor(piece, start, end))
            link = len(self.document.links) - 1 if is_url else -1
            self._add(Run(piece, start, end, self._style, link))
            start = end
