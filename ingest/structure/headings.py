"""Headings told by their wording: chapter numbers, Chinese outline numbers, decimal numbers.

Used where a format does not say what is a heading, and to give levels to headings whose format
makes them all equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ingest.model import Block

_HAN = "一二三四五六七八九十百〇零两"
_CHAPTER, _OUTLINE, _DECIMAL_RANK = 2, 4, 6
# Ranks, outermost first; only their order matters, :func:`compress_levels` closes the gaps.
_RANKED: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(rf"^第[{_HAN}\d]+(?:编|部分|篇)"), 1),
    (re.compile(rf"^(?:第[{_HAN}\d]+章|Chapter\s+[\dIVX]+\b)"), _CHAPTER),
    (
        re.compile(
            rf"^(?:附\s*[件录则表]\s*[{_HAN}\dA-Z]{{0,3}}(?:[:：\s]|$)|Appendix\s+[A-Z\d]+\b)"
        ),
        _CHAPTER,
    ),
    (re.compile(rf"^第[{_HAN}\d]+节"), 3),
    (re.compile(rf"^[{_HAN}]{{1,3}}、"), _OUTLINE),
    (re.compile(rf"^[（(][{_HAN}]{{1,3}}[）)]"), 5),
    (re.compile(r"^[（(]\d{1,2}[）)]"), _DECIMAL_RANK + 1),
)
_DECIMAL = re.compile(
    r"^(\d{1,2}(?:[.．]\d{1,2}){0,5})[.．、]?\s*(?=[A-Za-z\u4e00-\u9fff《“【（(])"
)
_SENTENCE_END = re.compile(r"[。；;，,：:！!？?、]$|[a-z]\.$")
_LIST_MARKER = re.compile(
    rf"^(?:[（(](?:[{_HAN}]{{1,3}}|\d{{1,3}}|[a-zA-Z]|[ivx]{{1,4}})[）)]|"
    r"(?:\d{1,3}|[a-zA-Z])[)）.．、](?!\d)|[①-⑳]|[-–—•●○■□◆▪·*]\s)"
)
_BULLET = re.compile(r"^[-–—•●○■□◆▪·*]\s+")
_STATUTE = re.compile(rf"^第[{_HAN}\d]+(?:编|章|节|篇|部分)(?:\s+\S.{{0,40}}|\S{{0,20}})?$")
MAX_HEADING = 80
_LEADERS = re.compile(r"…{3,}|\.{6,}|·{6,}")
_MAX_DECLARED, _LONG_HEADING = 120, 40


def heading_rank(text: str) -> int | None:
    """Return how high a numbered heading stands (1 is outermost) or ``None`` without a number.

    Looks at the number only; whether the line is a heading at all is for the caller to decide.
    """
    for pattern, rank in _RANKED:
        if pattern.match(text):
            return rank
    match = _DECIMAL.match(text)
    if match is None:
        return None
    return _DECIMAL_RANK + len(re.split("[.．]", match.group(1))) - 1


def looks_like_heading(text: str) -> bool:
    """Tell whether a line reads as a numbered heading: short, numbered and no sentence."""
    if "\n" in text or len(text) > MAX_HEADING or _SENTENCE_END.search(text):
        return False
    if is_statute_heading(text):
        return True
    rank = heading_rank(text)
    if rank is None or text.startswith(("附表", "第")):
        return False
    return "。" not in text and "；" not in text


def is_statute_heading(text: str) -> bool:
    """Tell whether a line is a chapter or section line of a statute: 第三章 药物临床试验机构."""
    return _STATUTE.match(text) is not None and _SENTENCE_END.search(text) is None


def is_list_item(text: str) -> bool:
    """Tell whether a line opens with a list marker: a bullet, ``1.``, ``（一）``, ``①``."""
    return _LIST_MARKER.match(text) is not None


def strip_bullet(text: str) -> str:
    """Remove a bullet; numbers stay, because people cite them."""
    return _BULLET.sub("", text, count=1)


def ends_sentence(text: str) -> bool:
    """Tell whether a line ends as a sentence or an item does."""
    return re.search(r"[。；;！!？?：:.…][”’」』）)\"']*$", text) is not None


def fits_heading(text: str) -> bool:
    """Tell whether a paragraph that is declared a heading can be one.

    Outline levels are set on whole paragraphs too, and on formulas with their number at the right.
    """
    if _LEADERS.search(text):
        return False
    if len(text) > _MAX_DECLARED or re.search(r"[。；]\S", text):
        return False
    if len(text) > _LONG_HEADING and ends_sentence(text):
        return False
    return not text.endswith(("。", "；")) or heading_rank(text) is not None


def compress_levels(blocks: Iterable[Block]) -> list[Block]:
    """Renumber heading levels so that those in use are 1, 2, 3 … without gaps."""
    blocks = list(blocks)
    used = sorted({block.level for block in blocks if block.level is not None})
    new = {level: number for number, level in enumerate(used, start=1)}
    return [
        replace(block, level=new[block.level]) if block.level is not None else block
        for block in blocks
    ]


def level_by_number(blocks: Iterable[Block]) -> list[Block]:
    """Give levels to headings by their numbers when the source made them all alike.

    Text recognition writes every heading of a paper at one level. A heading without a number
    stays at the top; nothing changes when the source uses more than one level.
    """
    blocks = list(blocks)
    headings = [block for block in blocks if block.kind == "heading"]
    ranks = [heading_rank(block.text) for block in headings]
    if len({block.level for block in headings}) != 1 or not any(ranks):
        return blocks
    top = min(rank for rank in ranks if rank is not None)
    return compress_levels(
        replace(block, level=heading_rank(block.text) or top) if block.kind == "heading" else block
        for block in blocks
    )


def with_sections(blocks: Iterable[Block]) -> list[Block]:
    """Set ``locator.section`` of every block to the nearest heading above it.

    A heading's section is its own text. Blocks before the first heading and footnotes, which
    stand at the end whatever they belong to, keep what they have.
    """
    section: str | None = None
    done: list[Block] = []
    for block in blocks:
        if block.kind == "heading":
            section = block.text
        if section is not None and block.kind != "footnote":
            block = replace(block, locator=replace(block.locator, section=section))
        done.append(block)
    return done
