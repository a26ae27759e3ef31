"""Numbers written in words, in Chinese or raised above the line, rewritten in Arabic digits.

What a search form may blur must not be blurred here: NFKC alone makes 10⁹ into 109 and 2½ into
21⁄2, so raised digits become ``10^9`` and vulgar fractions decimals or ``1/2`` before it runs.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from ingest.numerals import NUMERAL, chinese_to_int
from retrieval.normalise import marked_scripts, simplified

_CHINESE = rf"[{NUMERAL}]+(?:点[{NUMERAL}]+)?"
_PER_HUNDRED = re.compile(rf"百分之({_CHINESE}|\d+(?:\.\d+)?)")
_PER_THOUSAND = re.compile(rf"千分之({_CHINESE}|\d+(?:\.\d+)?)")
_FRACTION = re.compile(rf"([{NUMERAL}]+)分之([{NUMERAL}]+)")
_HALF = re.compile(r"(?<![\d一])一半|\b(?:one[- ])?half\b(?![- ]?(?:life|lives|time))")
# 一 is a number only before a measure that counts; 一个研究 is 「a study」.
_MEASURES = (
    r"个?工作日|个?自然日|个?日历日|个?小时|个?星期|个?月(?!经)|个季度|个?周期|分钟|日|天|周|年|岁|周岁|例|人|次|倍|万元|"
    r"元|名|位|种|类|级|项|期|章|节|条|款|号|份|家|所|台|页|版|片|粒|剂"
)
_COUNTED = re.compile(rf"(?<![\d.{NUMERAL}])({_CHINESE})(?=\s*(?:{_MEASURES}))")
_SEVERAL = re.compile(rf"(?<![\d.{NUMERAL}])(?!一)([{NUMERAL}]+)(?=\s*[个组臂])")
_ORDINAL = re.compile(rf"第([{NUMERAL}]+)")
_HAZARD_RATIO = re.compile(r"\bHR\b")  # not 0.001 hours, once case is gone
_MIXED = re.compile(r"(?<!\d)(\d+)\s*(1/2|1/4|3/4)(?!\d)")
_POWER = re.compile(r"(?:(\d+(?:\.\d+)?)\s*[×x*·]\s*)?(?<![\d.])10\s*\^\s*([-+]?\d+)")
_EXPONENT = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)e([-+]\d{1,2}|\d{1,2})(?![\w.])")
_LARGE_EXPONENT = 30
_ROMAN = re.compile(r"\b(iii|ii|iv|i|v)([ab]?)(?=\s*[期级])|(?<=phase )(iii|ii|iv|i)([ab]?)\b")
_ROMAN_VALUES = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}

_ONES = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_WORD = "|".join([*_TENS, *sorted(_ONES, key=len, reverse=True)])
_ENGLISH = re.compile(
    # two-sided is a word, not an amount
    rf"\b(?:{_WORD})\b(?!-(?:sided|tailed|arm|armed|stage|part|way|group|sample|party|line))(?:(?:[ -]|\s+and\s+)(?:{_WORD}|hundred|thousand|million|billion)\b)*"
)
_DIGITS_AND_SCALE = re.compile(r"(?<![\d.,])(\d+(?:\.\d+)?)\s+(thousand|million|billion)\b")
_PARTS = {"third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5}
_ENGLISH_FRACTION = re.compile(
    r"\b(a|one|two|three|four)[- ](thirds?|quarters?|fifths?)\b(?![- ]?(?:line|party|phase))"
)
# "one" mostly stands for a thing, "no one", "one of them": only before a unit it is a number.
_LONE_ONE = re.compile(
    r"\bone\b(?!\s+(?:hundred|thousand|million|day|week|month|year|hour|minute|patient|subject|"
    r"participant|dose|cycle|percent|site|event|arm|group|working))"
)
_ONE = "\x00"


def plain_numbers(text: str) -> str:
    """Lower-case NFKC text in simplified characters with every number in Arabic digits.

    >>> plain_numbers("六十个工作日，２×10⁹，twenty-four hours，百分之十，III期")
    '60个工作日,2000000000,24 hours,10%,3期'
    """
    text = unicodedata.normalize("NFKC", marked_scripts(text))
    text = _HAZARD_RATIO.sub("hazard ratio", text).lower()
    text = simplified(text.replace("−", "-").replace("⁄", "/"))
    text = _MIXED.sub(_mixed, text)
    text = _PER_HUNDRED.sub(lambda m: f"{_value(m.group(1))}%", text)
    text = _PER_THOUSAND.sub(lambda m: f"{_value(m.group(1))}‰", text)
    text = _FRACTION.sub(lambda m: f"{_value(m.group(2))}/{_value(m.group(1))}", text)
    text = _HALF.sub("1/2", text)
    text = _ORDINAL.sub(lambda m: f"第{_value(m.group(1))}", text)
    text = _COUNTED.sub(lambda m: _value(m.group(1)), text)
    text = _SEVERAL.sub(lambda m: _value(m.group(1)), text)
    text = _ROMAN.sub(_roman, text)
    text = _in_english(text)
    return _EXPONENT.sub(_power, _POWER.sub(_power, text))


def _mixed(match: re.Match[str]) -> str:
    whole, part = match.groups()
    above, below = part.split("/")
    return f"{Decimal(whole) + Decimal(above) / Decimal(below)}"


def _value(numeral: str) -> str:
    """Digits of a Chinese numeral, with a decimal part after 点; itself when it is none."""
    whole, point, decimals = numeral.partition("点")
    value = chinese_to_int(whole)
    if value is None:
        return numeral
    if not point:
        return str(value)
    digits = [chinese_to_int(digit) for digit in decimals]
    return f"{value}.{''.join(map(str, digits))}" if None not in digits else numeral


def _roman(match: re.Match[str]) -> str:
    number, letter = match.group(1) or match.group(3), match.group(2) or match.group(4) or ""
    return _ROMAN_VALUES[number] + letter


def _power(match: re.Match[str]) -> str:
    factor, exponent = Decimal(match.group(1) or 1), int(match.group(2))
    if abs(exponent) > _LARGE_EXPONENT:
        return match.group(0)
    return f"{factor.scaleb(exponent):f}"


def _in_english(text: str) -> str:
    text = _ENGLISH_FRACTION.sub(
        lambda m: f"{1 if m.group(1) == 'a' else _ONES[m.group(1)]}/{_PARTS[m.group(2)]}", text
    )
    text = _LONE_ONE.sub(_ONE, text)
    text = _ENGLISH.sub(lambda m: str(_spelled(m.group(0))), text)
    text = re.sub(r"\bonce(?=\s+(?:a|per|every|daily|weekly|monthly)\b)", "1 once", text)
    text = re.sub(r"\btwice\b", "2 twice", text)
    return _DIGITS_AND_SCALE.sub(_scaled, text).replace(_ONE, "one")


def _scaled(match: re.Match[str]) -> str:
    return f"{Decimal(match.group(1)) * _SCALES[match.group(2)]:f}".removesuffix(".0")


def _spelled(words: str) -> int:
    """Value of an English number: ``one hundred and twenty-four`` is 124."""
    total = section = 0
    for word in re.findall(r"[a-z]+", words):
        if word == "and":
            continue
        scale = _SCALES.get(word)
        if scale is None:
            section += _ONES.get(word, _TENS.get(word, 0))
        elif scale == 100:
            section = (section or 1) * scale
        else:
            total, section = total + (section or 1) * scale, 0
    return total + section
