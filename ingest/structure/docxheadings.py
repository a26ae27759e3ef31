"""Headings and title of Word documents whose authors did not use styles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.model import Block
from ingest.structure.captions import is_figure_caption
from ingest.structure.docxpackage import Element
from ingest.structure.headings import (
    compress_levels,
    ends_sentence,
    heading_rank,
    looks_like_heading,
)
from ingest.tables import is_caption

_MAX_BOLD = 40
_BOLD_RANK = 20
_LIST_RANK = 5
_TOP_RANK = 1
_DC = "{http://purl.org/dc/elements/1.1/}"
_GENERIC = re.compile(
    r"^(?:microsoft word|word document|untitled|document\s*\d*|文档\s*\d*|无标题|新建|标题|title|"
    r"附件|powerpoint|wps)|\.(?:docx?|wps|rtf|pdf)$",
    re.I,
)
_ATTACHMENT = re.compile(r"^附\s*件\s*[\d一二三四五六七八九十]*\s*[:：]?$")
_KIND = re.compile(
    r"(?:原则|指南|办法|规定|规范|方案|制度|要求|通知|公告|意见|条例|标准|细则|程序|报告|计划|手册|说明|清单|"
    r"目录|要点|共识|知情同意书|指引|表)(?:（[^（）]*）)?$"
)
Hint = tuple[bool, bool]


def lacks_chapters(blocks: Sequence[Block]) -> bool:
    """Tell whether chapter lines (第一章 …, 一、…) stand as plain text among styled headings."""
    return any(
        block.kind in {"paragraph", "list_item"} and _is_chapter(block.text) for block in blocks
    )


def infer_headings(
    items: Sequence[tuple[Block, Hint]], *, only_chapters: bool = False
) -> list[Block]:
    """Make headings of short numbered lines and of short lines that are all bold, no formulas.

    Each block comes with whether it is bold and whether it is centred. Numbered lines that follow
    one another without text between them are a list, not headings. Headings that the document
    declares stay; all get levels by their numbers.
    """
    blocks = [block for block, _ in items]
    done: list[Block] = []
    for position, (block, hint) in enumerate(items):
        rank = _rank(block, hint)
        if only_chapters and not _is_chapter(block.text):
            rank = None
        if block.kind == "heading":
            declared = _TOP_RANK if block.level == 1 else _BOLD_RANK
            done.append(replace(block, level=heading_rank(block.text) or declared))
        elif rank is None or (_LIST_RANK <= rank < _BOLD_RANK and _in_run(blocks, position)):
            done.append(block)
        else:
            done.append(replace(block, kind="heading", level=rank))
    return compress_levels(done)


def _is_chapter(text: str) -> bool:
    rank = heading_rank(text)
    return rank is not None and rank < _LIST_RANK and looks_like_heading(text)


def _rank(block: Block, hint: Hint) -> int | None:
    bold, centred = hint
    text = block.text
    if block.kind not in {"paragraph", "list_item"} or "\n" in text:
        return None
    if is_caption(text) or is_figure_caption(text) or _ATTACHMENT.match(text):
        return None
    if looks_like_heading(text):
        return heading_rank(text)
    short = len(text) <= _MAX_BOLD and not ends_sentence(text) and len(text) > 1
    if short and bold and re.search(r"\w\w", text) and not re.search("[=＝]", text):
        return heading_rank(text) or (1 if centred else _BOLD_RANK)
    return None


def _in_run(blocks: Sequence[Block], position: int) -> bool:
    """Tell whether the line before or after has a number of the same rank."""
    rank = heading_rank(blocks[position].text)
    for other in (position - 1, position + 1):
        if 0 <= other < len(blocks) and blocks[other].kind in {"paragraph", "list_item"}:
            text = blocks[other].text
            if heading_rank(text) == rank:
                return True
    return False


def title_of(core: Element | None, first_lines: Sequence[tuple[str, bool]]) -> str | None:
    """The document's title: of its properties when the text bears it out, else of its first lines.

    Properties are often left over from the file that served as a template. ``first_lines`` are
    texts with whether they stand out (title style, centred or bold).
    """
    return title_from("" if core is None else core.findtext(f"{_DC}title") or "", first_lines)


def title_from(stored: str, first_lines: Sequence[tuple[str, bool]]) -> str | None:
    """As :func:`title_of`, for a title that stands in the properties as ``stored``."""
    lines = [(text, stands_out) for text, stands_out in first_lines if not _ATTACHMENT.match(text)]
    stored = " ".join(stored.split())
    if len(stored) <= 3 or _GENERIC.search(stored):
        stored = ""
    if stored and any(_bare(stored) in _bare(text) for text, _ in lines):
        return stored
    for position, (text, stands_out) in enumerate(lines[:4]):
        good = 4 <= len(text) <= 80 and not ends_sentence(text) and not text.startswith("（")
        if good and stands_out and heading_rank(text) is None:
            return _whole_title(lines[position:])
    for text, _ in lines[:1]:
        if 4 <= len(text) <= 60 and not ends_sentence(text) and heading_rank(text) is None:
            return text.replace("\n", "")
    return stored or None


def _whole_title(lines: Sequence[tuple[str, bool]]) -> str:
    """The title with its second line, when only both together name a kind of document."""
    first = lines[0][0].replace("\n", "")
    if _KIND.search(first) or len(lines) < 2:
        return first
    second, stands_out = lines[1]
    if stands_out and len(second) <= 40 and _KIND.search(second) and heading_rank(second) is None:
        return first + second.replace("\n", "")
    return first


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text).lower()
