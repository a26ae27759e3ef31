"""The gate every statement passes before it is shown, whoever wrote it.

A statement is verified when its quote stands verbatim at its locator in the stored document, every
number in the statement stands in the quote with the same unit, and the source is in force on the
day asked about (or the reader is told that it is not).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ingest.model import Block
from ingest.numerals import NUMERAL, chinese_to_int
from retrieval.normalise import compare_form, fold

Failure = Literal["quote_not_found", "number_not_in_quote", "superseded_silently"]

# A number with the unit that follows it: 60个工作日 and 60日 are different quantities.
_QUANTITY = re.compile(
    r"(\d+(?:[.,]\d+)*)\s*([万亿])?\s*个?(%|‰|工作日|自然日|小时|分钟|日|天|周|月|年|岁|例|人|名|次|倍|元|"
    r"mg|kg|ml|working days?|calendar days?|days?|hours?|weeks?|months?|years?)?"
)
_PER_HUNDRED = re.compile(rf"百分之([{NUMERAL}]+|\d+(?:\.\d+)?)")
_SAME_UNIT = {"天": "日", "自然日": "日", "calendar day": "day", "名": "人"}
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
    folded = fold(_PER_HUNDRED.sub(_percent, text))
    found = set()
    for number, myriad, unit in _QUANTITY.findall(folded):
        singular = unit[:-1] if unit.endswith("s") else unit
        found.add((_value(number, myriad), _SAME_UNIT.get(singular, singular)))
    return found


def _percent(match: re.Match[str]) -> str:
    value = chinese_to_int(match.group(1))
    return f"{match.group(1) if value is None else value}%"


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
