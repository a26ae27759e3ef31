"""Bring text to the form in which it is compared: width, case, script, numerals.

Two levels. :func:`fold` is for search and lossy on purpose: traditional becomes simplified,
六十个工作日 becomes 60个工作日, and 10⁹ becomes 109, so that what a PDF wrote without raising it is
found too. :func:`compare_form` is for checking a quote: it only removes differences that a reader
would not call differences (width, white space); raised digits are such a difference.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

from ingest.numerals import NUMERAL, chinese_to_int
from ingest.text import CJK

_HAS_CJK = re.compile(f"[{CJK}]")
# A Chinese numeral is rewritten only before a measure word or in 第…条: 一般, 三甲, 十分 stay, and
# so does one that continues Arabic digits (3百例).
_COUNTED = re.compile(
    rf"(?<![\d.{NUMERAL}])([{NUMERAL}]+)(?=\s*(?:个?工作日|个?自然日|个?小时|个?月|日|天|年|周|例|人|岁|次|倍|万元|元|名|种|类|级|项|期|章|节|条|款|号|分之))"
)
_ORDINAL = re.compile(rf"第([{NUMERAL}]+)(?=[条章节款项部编号届次])")
_REVISION = re.compile(r"\b([eqsm])\s?(\d{1,2})\s?(\(r\d\))")  # E 6 (R3) is E6(R3)
# NFKC would make 10⁹ into 109, m² into m2 and 2½ into 21⁄2.
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
_RAISED_RUN = re.compile(f"[{''.join(_RAISED)}]+")
_LOWERED_RUN = re.compile("(?<=[0-9])[₀₁₂₃₄₅₆₇₈₉]+")
_VULGAR = re.compile("[¼-¾⅐-⅞↉]")
_SPACE_IN_QUANTITY = re.compile(
    r"(?<=\d)\s+(?=个?(?:工作日|自然日|小时|日|天|年|月|周|例|人|岁|%))"
)


@cache
def _converter() -> Any:
    """OpenCC's traditional-to-simplified converter, loaded when first needed."""
    from opencc import OpenCC

    return OpenCC("t2s")


def simplified(text: str) -> str:
    """Traditional Chinese characters as simplified ones."""
    converted: str = _converter().convert(text)
    return converted


def fold(text: str) -> str:
    """Search form: NFKC, lower case, simplified characters, Arabic numerals before measures.

    >>> fold("ＳＡＥ應在六十個工作日内")
    'sae应在60个工作日内'
    """
    text = unicodedata.normalize("NFKC", text).lower()
    if _HAS_CJK.search(text):
        text = simplified(text)
    text = _ORDINAL.sub(lambda m: f"第{_arabic(m.group(1))}", text)
    text = _COUNTED.sub(lambda m: _arabic(m.group(1)), text)
    text = _REVISION.sub(r"\1\2\3", text)
    return _SPACE_IN_QUANTITY.sub("", text)


def _arabic(numeral: str) -> str:
    value = chinese_to_int(numeral)
    return numeral if value is None else str(value)


def marked_scripts(text: str) -> str:
    """Raised digits behind ``^``, lowered ones after a digit behind ``_``, ½ as `` 1⁄2``.

    >>> marked_scripts("2×10⁹/m²，2½")
    '2×10^9/m^2，2 1⁄2'
    """
    text = _RAISED_RUN.sub(lambda m: "^" + "".join(_RAISED[c] for c in m.group(0)), text)
    text = _LOWERED_RUN.sub(lambda m: f"_{unicodedata.normalize('NFKC', m.group(0))}", text)
    return _VULGAR.sub(lambda m: f" {unicodedata.normalize('NFKC', m.group(0))}", text)


def compare_form(text: str) -> str:
    """Quote-checking form: NFKC without white space; raised digits stay apart from others.

    >>> compare_form("第十九条　开展药物 临床试验") == compare_form("第十九条开展药物临床试验")
    True
    >>> compare_form("10⁹") == compare_form("109")
    False
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", _kept_apart(text)))


def _kept_apart(text: str) -> str:
    """Vulgar fractions too: white space goes later, so they need a mark of their own."""
    return marked_scripts(_VULGAR.sub(lambda m: f"_{m.group(0)}_", text))
