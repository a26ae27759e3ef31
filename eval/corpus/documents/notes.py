"""Notes of the corpus, as the makers of documents use them."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import yaml

from eval.corpus.documents.imprint import NOTES

_VERIFIED = {"full_text": "已对照官方全文", "secondary": "依据公开资料整理，引用前请核对官方原文"}


@dataclass(frozen=True, slots=True)
class Section:
    """A question of a note and the lines below it; items of a list begin with ``- ``."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A note: title, sources, how it was checked, and its sections without the English one."""

    title: str
    source: str
    checked: str
    sections: tuple[Section, ...]


def note(name: str) -> Note:
    """The note ``area/slug``."""
    text = (NOTES / f"{name}.md").read_text("utf-8")
    _, front, body = text.split("---\n", 2)
    meta = yaml.safe_load(front)
    parts = re.split(r"^## (.+)$", body.split("\n## In English")[0], flags=re.M)
    sections = tuple(
        Section(heading.strip(), tuple(line for line in block.splitlines() if line.strip()))
        for heading, block in zip(parts[1::2], parts[2::2], strict=True)
    )
    return Note(meta["title"], meta["source"], _VERIFIED[meta["verified"]], sections)


def body(lines: tuple[str, ...]) -> str:
    """Paragraphs and lists as HTML."""
    out: list[str] = []
    for line in lines:
        item = line.startswith("- ")
        words = html.escape(line.removeprefix("- "))
        if item and not (out and out[-1].endswith("</li>")):
            out.append("<ul>")
        if not item and out and out[-1].endswith("</li>"):
            out.append("</ul>")
        out.append(f"<li>{words}</li>" if item else f"<p>{words}</p>")
    if out and out[-1].endswith("</li>"):
        out.append("</ul>")
    return "\n".join(out)
