"""The title of a PDF: from its metadata if that is one, else from its first page."""

from __future__ import annotations

import re

from ingest.layout.shapes import Line, Page
from ingest.text import join_lines, squeeze

_NO_TITLE = re.compile(
    r"^(?:microsoft\b|untitled|无标题|未命名|文档\d*$|document\d*$|doi:|slide \d|blank$|layout \d)"
    r"|\.(?:pdf|docx?|rtf|wpd|indd|tex|dvi|ps|xlsx?|pptx?|html?|qxd|cdr|wps)\b"
    r"|[\\/]{1}\w+[\\/]",
    re.IGNORECASE,
)


def usable_title(text: str | None) -> str | None:
    """The metadata's title, or None if it is a file name or a program's leavings."""
    text = squeeze((text or "").replace("\n", " "))
    if not 4 <= len(text) <= 400 or _NO_TITLE.search(text):
        return None
    wide = sum(c > "\u2e7f" for c in text)
    if wide < 4 and " " not in text:  # one Latin word is a code or a file name
        return None
    return text if sum(c.isalpha() for c in text) >= 0.5 * len(text.replace(" ", "")) else None


def title_from_page(page: Page, body_size: float) -> str | None:
    """The largest text of the first page, if it is larger than the body text."""
    lines = [line for column in page.columns for line in column if not line.turned]
    worded = [line for line in lines if sum(c.isalpha() for c in line.text) >= 4]
    if not worded:
        return None
    largest = max(line.size for line in worded)
    if largest < 1.15 * body_size:
        return None
    found: list[Line] = []
    for line in lines:
        if line.size >= 0.95 * largest:
            if found and line.y0 - found[-1].y1 > 2.0 * largest:
                break
            found.append(line)
        elif found:
            break
    title = squeeze(join_lines([line.text for line in found]))
    return title if 4 <= len(title) <= 400 else None
