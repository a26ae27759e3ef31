"""The gate every statement passes before it is shown, whoever wrote it.

A statement is verified when its quote stands verbatim at its locator in the stored document, every
number in the statement stands in the quote with the same unit, and the source is in force on the
day asked about (or the reader is told that it is not).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ingest.model import Block
from ingest.numerals import NUMERAL, chinese_to_int
from retrieval.normalise import compare_form, fold

Failure = Literal["quote_not_found", "number_not_in_quote", "superseded_silently"]

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


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a statement may be shown as verified, and if not, why not."""

    ok: bool
    failures: tuple[Failure, ...] = ()


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


def quote_stands(quote: str, block: Block, start: int, end: int) -> bool:
    """Whether the quote is exactly what stands at this place, apart from width and white space."""
    wanted = compare_form(quote)
    return bool(wanted) and compare_form(block.text[start:end]) == wanted


def numbers_stand(statement: str, *quotes: str) -> bool:
    """Whether every number of the statement stands in one of the quotes with the same unit."""
    offered: set[tuple[str, str]] = set()
    for quote in quotes:
        offered |= quantities(quote)
    bare = {number for number, _ in offered}
    return all(
        (number, unit) in offered or (unit == "" and number in bare)
        for number, unit in quantities(statement)
    )


def verify(
    statement: str,
    quote: str,
    block: Block,
    start: int,
    end: int,
    status: str,
    disclosed: bool,
    context: str = "",
) -> Verdict:
    """Check one statement against its quote.

    Args:
        statement: What would be shown.
        quote: The quoted text.
        block: The block it is said to stand in, read from the store anew.
        start: Offset of the quote in the block's text.
        end: Its end.
        status: Status of the source on the day asked about.
        disclosed: The answer tells the reader when the source is not in force.
        context: Further text of the same block whose numbers may be used, such as the header row
            of a quoted table row.
    """
    failures: list[Failure] = []
    if not quote_stands(quote, block, start, end):
        failures.append("quote_not_found")
    if not numbers_stand(statement, quote, context):
        failures.append("number_not_in_quote")
    if status in {"superseded", "draft", "not_yet_effective"} and not disclosed:
        failures.append("superseded_silently")
    return Verdict(not failures, tuple(failures))
