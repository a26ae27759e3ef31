"""Numbers of a text with their units, in one form."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from ingest.numerals import NUMERAL, chinese_to_int
from retrieval.normalise import fold

# A number with the unit that follows it: 60个工作日 and 60日 are different quantities.
_QUANTITY = re.compile(
    r"((?<![\d\w])-)?(\d+(?:,\d{3})*(?:\.\d+)*)\s*([万亿])?\s*个?(%|‰|工作日|自然日|小时|分钟|日|天|周|月|年|"
    r"岁|例|人|名|位|次|倍|元|级|期|mmhg|mg|kg|ml|μg|ug|mcg|g\b|h\b|min\b|"
    r"working days?|calendar days?|days?|hours?|weeks?|months?|years?)?"
)
_PER_HUNDRED = re.compile(rf"百分之([{NUMERAL}]+|\d+(?:\.\d+)?)")
_FRACTION = re.compile(rf"([{NUMERAL}]+)分之([{NUMERAL}]+)")
_COUNTED = re.compile(rf"([{NUMERAL}]+)(?=[位级期])")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_ROMAN = re.compile(r"\b(iii|ii|iv|i|v)(?=\s*期)|(?<=phase )(iii|ii|iv|i)\b", re.I)
_ROMAN_VALUES = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_ENGLISH = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "fifteen": "15",
    "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60",
    "seventy": "70", "eighty": "80", "ninety": "90",
}  # fmt: skip
_ENGLISH_WORD = re.compile(rf"\b({'|'.join(_ENGLISH)})\b", re.I)
_SAME_UNIT = {
    "天": "日",
    "自然日": "日",
    "calendar day": "day",
    "名": "人",
    "位": "人",
    "ug": "μg",
    "mcg": "μg",
    "h": "hour",
    "min": "分钟",
}
_MYRIADS = {"": 1, "万": 10_000, "亿": 100_000_000}


def quantities(text: str) -> set[tuple[str, str]]:
    """Numbers of a text with their units, in one form: Arabic digits, no thousands separators.

    >>> sorted(quantities("应当在六十个工作日内，即1,200例，罚款50万元，占百分之十"))
    [('10', '%'), ('1200', '例'), ('500000', '元'), ('60', '工作日')]
    """
    found = set()
    for sign, number, myriad, unit in _QUANTITY.findall(_arabic(text)):
        singular = unit[:-1] if unit.endswith("s") else unit
        found.add((sign + _value(number, myriad), _SAME_UNIT.get(singular, singular)))
    return found


def _arabic(text: str) -> str:
    """Folded text with every numeral written in Arabic digits and every date in one form."""
    text = _PER_HUNDRED.sub(_percent, text)
    text = _FRACTION.sub(lambda m: f"{_whole(m.group(2))}/{_whole(m.group(1))}", text)
    text = _COUNTED.sub(lambda m: _whole(m.group(1)), text)
    text = _ISO_DATE.sub(lambda m: "{}年{}月{}日".format(*map(int, m.groups())), text)
    text = _ROMAN.sub(
        lambda m: _ROMAN_VALUES[m.group(0).lower()], unicodedata.normalize("NFKC", text)
    )
    return fold(_ENGLISH_WORD.sub(lambda m: _ENGLISH[m.group(1).lower()], text))


def _whole(numeral: str) -> str:
    value = chinese_to_int(numeral)
    return numeral if value is None else str(value)


def _percent(match: re.Match[str]) -> str:
    return f"{_whole(match.group(1))}%"


def _value(number: str, myriad: str) -> str:
    """A number without separators, trailing zeros or exponent; 1.2.3 is a name and stays."""
    bare = number.replace(",", "")
    if bare.count(".") > 1:
        return bare
    text = f"{Decimal(bare) * _MYRIADS[myriad]:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
