"""What stands in the headers and footers of a Word file's pages, for the curator."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.structure.docxpackage import Package, W
from ingest.text import squeeze

_LONGEST = 300
# A line that only counts pages tells a curator nothing.
_COUNTING = re.compile(r"[\s\d第共页頁－—–\-_/|.,、·:：]|\b(?:page|pages|of|p)\b", re.I)


def page_furniture(package: Package) -> str:
    """The lines of all headers and footers, each once, or ``""`` when they only count pages."""
    lines: list[str] = []
    for kind in ("header", "footer"):
        for name in package.parts.related(package.main, kind):
            root = package.parts.xml(name)
            for paragraph in () if root is None else root.iter(f"{W}p"):
                lines.append("".join(item.text or "" for item in paragraph.iter(f"{W}t")))
    return furniture_text(lines)


def furniture_text(lines: Iterable[str]) -> str:
    """Lines of headers and footers on one line, for a warning; those that count pages left out."""
    told: dict[str, None] = {}
    for line in lines:
        plain = " ".join(squeeze(line).split())
        if _COUNTING.sub("", plain):
            told[plain] = None
    text = " | ".join(told)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
