"""What the beginning of a line says: a numbered heading, a list item, a caption, an entry of
a table of contents."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CN = "零〇一二三四五六七八九十百"
_CHAPTER = re.compile(rf"第[{_CN}\d]+([编篇部章节])(?:分)?(?=\s|[^\s的])")
_CN_FIRST = re.compile(rf"[{_CN}]+\s*、")
_CN_SECOND = re.compile(rf"[（(][{_CN}]+[）)]")
_DECIMAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,6})\.?(?=\s|[^\d\s.%,，/~～\-–])")
_WHOLE = re.compile(r"(\d{1,2})[.．、]\s*(?=\D)")
_PLAIN = re.compile(r"(\d{1,2})\s+(?=[A-Z\u4e00-\u9fff])")
_NAMED = re.compile(
    r"(?:appendix|annex|attachment|chapter|part|section)\s+(?:\d+|[A-Z]|[IVX]+)\b"
    r"|附[录件]\s*[\dA-Z一二三四五六七八九十]*",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"([A-Z])((?:\.\d{1,2})+)\.?\s+(?=\S)")
_BULLET = re.compile(r"[•●▪■◦○◆◇►➢✓❖▫□·‣⁃∙]\s*(?=\S)|[-–—*o]\s+(?=\S)")
_ITEM = re.compile(
    r"(?:[（(](?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,5})[）)]|(?:\d{1,2}|[a-zA-Z]|[ivx]{1,5})[)）]"
    r"|[①-⑳]|[a-z]\.(?=\s)|[ivx]{2,5}\.(?=\s))\s*(?=\S|$)"
)
_CAPTION = re.compile(
    r"(?:(?:in-text |text )?(?:table|figure)|fig\.)\s+(?:[A-Z]{0,2}\d[\d.:\-–]*|[A-Z]\b|[IVX]+\b)"
    rf"|(?:附?[表图]|续表)\s*(?:[\dA-Z]+|[{_CN}]+)(?:[\s.:：．、（(\-–\u4e00-\u9fff]|$)",
    re.IGNORECASE,
)
_TOC = re.compile(
    r"^(?=.*[^\s.…·\d]).*?(?:[.…·․]\s?){4,}\s*(?:\d{1,4}|[ivxl]{1,6})?\s*$", re.IGNORECASE
)
_TOC_TITLE = re.compile(
    r"(?:table of contents|contents|目\s*[录次]"
    r"|list of (?:tables|figures|appendices|in-text tables))"
    r"[:：]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """The enumerator at the head of a text.

    Attributes:
        text: The enumerator as written.
        kind: ``bullet``; ``item`` for (1), a), ①; ``number`` for 1. and 1、;
            ``plain`` for 1 without a stop, which may be no enumerator; ``decimal`` for
            5.2.1; ``chapter`` for 第三章; ``cn1`` for 一、; ``cn2`` for （一）; ``named`` for
            Appendix A; ``lettered`` for A.1.
        depth: Heading level the enumerator suggests, 1 the highest; 0 for bullets and items.
    """

    text: str
    kind: str
    depth: int


def mark_of(text: str) -> Mark | None:
    """Read the enumerator of ``text``, if it has one."""
    if match := _CHAPTER.match(text):
        return Mark(match.group(), "chapter", 2 if match.group(1) == "节" else 1)
    if match := _CN_FIRST.match(text):
        return Mark(match.group(), "cn1", 1)
    if match := _CN_SECOND.match(text):
        return Mark(match.group(), "cn2", 2)
    if match := _DECIMAL.match(text):
        return Mark(match.group(), "decimal", match.group(1).count(".") + 1)
    if match := _WHOLE.match(text):
        return Mark(match.group().rstrip(), "number", 1)
    if match := _PLAIN.match(text):
        return Mark(match.group().rstrip(), "plain", 1)
    if match := _LETTERED.match(text):
        return Mark(match.group().rstrip(), "lettered", match.group(2).count(".") + 1)
    if match := _NAMED.match(text):
        return Mark(match.group(), "named", 1)
    if match := _BULLET.match(text):
        return Mark(match.group().rstrip(), "bullet", 0)
    if match := _ITEM.match(text):
        return Mark(match.group().rstrip(), "item", 0)
    return None


def is_bare_mark(text: str) -> bool:
    """Whether ``text`` is an enumerator and nothing else, as in a hanging list."""
    text = text.strip()
    if re.fullmatch(r"[•●▪■◦○◆◇►➢✓❖▫□·‣⁃∙o*–—-]", text):
        return True
    if re.fullmatch(r"\d{1,2}(\.\d{1,2}){0,6}\.?|\d{1,2}[、.]|[A-Z](\.\d{1,2}){1,5}\.?", text):
        return True
    mark = mark_of(text + " x")
    return mark is not None and mark.text == text and mark.kind != "named"


def is_caption(text: str) -> bool:
    """Whether ``text`` opens like the caption of a table or figure."""
    return len(text) <= 300 and _CAPTION.match(text) is not None


def is_table_caption(text: str) -> bool:
    """Whether ``text`` opens like the caption of a table."""
    return (
        is_caption(text)
        and re.match(r"(?:in-text |text )?table|[附续]?表", text, re.IGNORECASE) is not None
    )


def is_toc_entry(text: str) -> bool:
    """Whether ``text`` ends in dot leaders, with or without a page number."""
    return _TOC.match(text) is not None


def is_toc_title(text: str) -> bool:
    """Whether ``text`` is the title of a table of contents."""
    return _TOC_TITLE.fullmatch(text.strip()) is not None
