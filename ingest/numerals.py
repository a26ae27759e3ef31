"""Chinese numerals and integers.

Source: the positional rules of GB/T 15835 (numbers in publications) for 十, 百, 千, 万, 亿.
"""

from __future__ import annotations

import re

_DIGITS = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10_000, "亿": 100_000_000}
NUMERAL = "〇零一二两三四五六七八九十百千万亿"
_LONGEST = 18  # digits; nothing people count in a trial or a statute is longer


def chinese_to_int(text: str) -> int | None:
    """Value of a Chinese or Arabic whole number, ``None`` when it is not one.

    >>> chinese_to_int("一百零三"), chinese_to_int("六十"), chinese_to_int("二〇二五")
    (103, 60, 2025)
    """
    text = text.strip()
    if not text or len(text) > 2 * _LONGEST:
        return None
    if re.fullmatch(rf"\d{{1,{_LONGEST}}}", text):
        return int(text)
    if any(character not in NUMERAL for character in text):
        return None
    if all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    return _positional(text)


def _positional(text: str) -> int | None:
    total = section = 0
    digit: int | None = None
    for character in text:
        if character in _DIGITS:
            if digit:
                return None  # 二三十 is 「twenty or thirty」, not a number
            digit = _DIGITS[character]
        elif character in _UNITS:
            # 十五 has no leading 一.
            section += (1 if digit is None else digit) * _UNITS[character]
            digit = None
        else:
            section += digit or 0
            if section == 0 and (total == 0 or character == "万"):
                return None
            if character == "亿":
                total = (total + section) * _GROUPS[character]
            else:
                total += section * _GROUPS[character]
            section, digit = 0, None
    return total + section + (digit or 0)
