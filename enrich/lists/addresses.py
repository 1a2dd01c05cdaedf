"""Finds the addresses that stand bare in a text, where no Markdown makes links of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_URL = re.compile(
    r"https?://[\w-]+\.[^\s<>\"'`|\u3002\u3001\u3011\uff09\uff0c\u300b]+", re.IGNORECASE
)


def parted(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, and of each whether it is an address, without the marks behind it."""
    done = 0
    for form in _URL.finditer(text):
        url = form[0].rstrip(".,;:!?*_")
        if url.endswith(")") and url.count(")") > url.count("("):
            url = url.rstrip(")")
        if done < form.start():
            yield text[done : form.start()], False
        yield url, True
        done = form.start() + len(url)
    if done < len(text):
        yield text[done:], False
