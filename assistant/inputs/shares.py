"""Shares and rates written another way than per cent: 「5‰」, 「万分之八」, ``2.5/100人年``."""

from __future__ import annotations

import re

from ingest.numerals import chinese_to_int

_NUMBER = r"\d+(?:\.\d+)?"
_NUMERAL = r"[零〇一二三四五六七八九十百点\d.]+"
_MANY = {"百": 100, "千": 1000, "万": 10_000, "百万": 1_000_000}
_OF = r"(?:100万|10万|百万|百|千|万|1000000|100000|10000|1000|100)"
_PERSON_TIME = r"(?:人年|人-年|患者年|(?:person|patient|subject)[- ]?years?|py\b)"
_EVENTS = r"(?:例次|例|次|人次|个|人|events?|cases?)"

_PER_MILLE = re.compile(rf"({_NUMBER})\s*‰")
_PARTS = re.compile(rf"({_OF}|100000|10000|1000|100)分之({_NUMERAL})")
_RATE_BEHIND = re.compile(
    rf"({_NUMBER})\s*{_EVENTS}?\s*(?:/|per )\s*(?:每)?({_OF})\s*{_PERSON_TIME}"
)
_RATE_BEFORE = re.compile(
    rf"(?:每|per )({_OF})\s*{_PERSON_TIME}([^\d,;]{{0,6}})({_NUMBER})\s*{_EVENTS}?"
)
_OUT_OF = re.compile(rf"(?<![\d./])({_NUMBER})\s*{_EVENTS}?\s*/\s*({_OF})(?:人|例)?(?![\d年人月])")
_EVERY = re.compile(
    rf"(?:每|per )({_OF})\s*(?:人|例|名|个|people|persons|patients|subjects)(?![年月-])"
    rf"([^\d,;]{{0,6}}?)({_NUMBER})\s*(?:例次|例|人次|次|events?|cases?)"
)


def in_per_cent(text: str) -> str:
    """A surfaced text with such shares in per cent, and such rates as events a person-year.

    Example:
        >>> in_per_cent("对照组万分之二十,试验组8‰")
        '对照组0.2%,试验组0.8%'
        >>> in_per_cent("发病率2.5/100人年")
        '发病率0.025次/人年'
    """
    text = _PER_MILLE.sub(lambda m: _share(m[1], 1000, m[0]), text)
    text = _PARTS.sub(lambda m: _share(m[2], _many(m[1]), m[0]), text)
    text = _RATE_BEHIND.sub(lambda m: f"{_over(m[1], m[2])}次/人年", text)
    text = _RATE_BEFORE.sub(lambda m: f"{m[2]}{_over(m[3], m[1])}次/人年", text)
    text = _OUT_OF.sub(lambda m: _share(m[1], _many(m[2]), m[0]), text)
    return _EVERY.sub(lambda m: m[2] + _share(m[3], _many(m[1]), m[0]), text)


def _share(written: str, parts: int, whole: str) -> str:
    value = _value(written)
    return whole if value is None or value > parts else f"{_plain(100 * value / parts)}%"


def _over(written: str, parts: str) -> str:
    return _plain(float(written) / _many(parts))


def _many(written: str) -> int:
    digits = re.match(r"\d*", written)
    first = int(digits[0]) if digits and digits[0] else 1
    return first * _MANY.get(written.lstrip("0123456789"), 1)


def _value(written: str) -> float | None:
    if re.fullmatch(_NUMBER, written):
        return float(written)
    whole, _, rest = written.partition("点")
    number = chinese_to_int(whole)
    if number is None or not rest:
        return number
    digits = [chinese_to_int(digit) for digit in rest]
    return None if None in digits else float(f"{number}.{''.join(map(str, digits))}")


def _plain(value: float) -> str:
    return f"{value:.10f}".rstrip("0").rstrip(".")
