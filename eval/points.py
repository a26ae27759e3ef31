"""When an accepted form of a key point occurs in an answer.

Both are brought to one form first: width, case, white space, Chinese numerals (六十日 is 60日),
百分之五 (5%), dates (2026-03-31 is 2026年3月31日), 万 and thousands separators, the units of time
in both languages (24 hours is 24小时), dashes. A number is met only whole: 10 does not occur in
2010, in 10.5 or in E10, and neither does 7日 in 17日.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from ingest.numerals import NUMERAL, chinese_to_int
from retrieval.normalise import fold

REGULAR_EXPRESSION = "re:"
_SHORT = re.compile(r"[a-z]{1,4}")  # SAP stands for itself, not inside of another word
_THOUSANDS = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])")
_NUMERAL = rf"(?:[{NUMERAL}]+|\d+(?:\.\d+)?)"
_PER_HUNDRED = re.compile(rf"百分之({_NUMERAL})(?:点([{NUMERAL}]+))?")
_FRACTION = re.compile(rf"({_NUMERAL})分之({_NUMERAL})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_WRITTEN = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "fifteen": "15",
    "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60",
    "seventy": "70", "eighty": "80", "ninety": "90",
}  # fmt: skip
_TIME = r"(?:(?:working|business|calendar)\s+)?(?:hour|day|week|month|year|minute)s?\b"
_MORE_MEASURES = "个家位份组对台只轮部篇张页层"

# Applied in order to folded text.
_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"[‐‑‒–—―−~〜]+", "-"),
        (r"(?<!\d)(\d{4})[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12]\d|3[01])(?!\d)", r"\1年\2月\3日"),
        (r"(?<=\d年)0(?=\d月)|(?<=\d月)0(?=\d[日号])", ""),
        (r"(?<=月)(\d{1,2})号", r"\1日"),
        (r"自然日|日历[日天]|天", "日"),
        (r"(?<=\d)\s*个\s*(?=工作日|日|小时)", ""),
        (r"(?<=\d)[\s-]*(?:working|business)\s+days?\b", "工作日"),
        (r"(?<=\d)[\s-]*(?:calendar\s+)?days?\b", "日"),
        (r"(?<=\d)[\s-]*(?:hours?|hrs?|h)\b", "小时"),
        (r"(?<=\d)[\s-]*(?:minutes?|mins?)\b", "分钟"),
        (r"(?<=\d)[\s-]*weeks?\b", "周"),
        (r"(?<=\d)[\s-]*months?\b", "个月"),
        (r"(?<=\d)[\s-]*years?\b", "年"),
        (r"(?<=\d)\s*(?:percent|per cent)\b", "%"),
        (r"\bphase\s+([1-4])(?!\d)", r"\1期"),
        (r"(?<=\d)\s*毫克", "mg"),
        (r"(?<=\d)\s*(?:微克|ug\b|mcg\b)", "μg"),
        (r"(?<=\d)\s*(?:千克|公斤)", "kg"),
        (r"(?<=\d)\s*毫升", "ml"),
        (r"(?<=\d)\s*[名位](?![字称单数])", "人"),
        (r"(?<=[\d%日月年周例元人])\s*(?:[至到]|to\b)\s*(?=\d)", "-"),
        (r"(?<=[a-z])\s?-\s?(?=[a-z])", " "),
        (r"\s+", " "),
    )
)
_ROMAN = re.compile(r"(?<![a-z])(iii|ii|iv|i|v)(?=\s*[期类级型])|(?<=phase )(iii|ii|iv|i)\b")
_ROMAN_VALUES = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_WRITTEN_TIME = re.compile(rf"\b({'|'.join(_WRITTEN)})(?=[\s-]+{_TIME})")
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})\s+{_MONTH},?\s+(\d{{4}})\b")
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}}),?\s+(\d{{4}})\b")
_COUNTED = re.compile(rf"(?<![\d.{NUMERAL}])([{NUMERAL}]+)(?=[{_MORE_MEASURES}]|[至到-]\d)")
_MYRIAD_RANGE = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)([万亿])")
_MYRIAD = re.compile(r"(\d+(?:\.\d+)?)\s*([万亿]|[百千](?=[元例人名]))")
_TIMES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


def point_met(forms: Iterable[str], answer: str) -> bool:
    """Whether any accepted form occurs in an answer, after normalisation.

    >>> point_met(["60日"], "应当在六十日内"), point_met(["10"], "2010年")
    (True, False)
    """
    return form_met(forms, answer) is not None


def form_met(forms: Iterable[str], answer: str) -> str | None:
    """The first accepted form that occurs in an answer, ``None`` when none does.

    Args:
        forms: Texts, or regular expressions behind ``re:``; these are searched without regard to
            case in the answer as it stands, in its one form, and in that without white space.
        answer: The answer's text.
    """
    plain = one_form(answer)
    for form in forms:
        if form.startswith(REGULAR_EXPRESSION):
            pattern = re.compile(form[len(REGULAR_EXPRESSION) :], re.I)
            if any(pattern.search(text) for text in (answer, plain, plain.replace(" ", ""))):
                return form
        elif _pattern(form).search(plain):
            return form
    return None


@lru_cache(maxsize=4096)
def one_form(text: str) -> str:
    """Text in the form in which points are compared; single spaces stay.

    >>> one_form("自２０２６-０３-３１起 ７ 天内，百分之八十五点五")
    '自2026年3月31日起 7日内,85.5%'
    """
    text = _THOUSANDS.sub(lambda match: match.group().replace(",", ""), text)
    text = _PER_HUNDRED.sub(_percent, text)
    text = _FRACTION.sub(lambda m: f"{_arabic(m.group(2))}/{_arabic(m.group(1))}", text)
    text = fold(text)
    text = _ROMAN.sub(lambda match: _ROMAN_VALUES[match.group()], text)
    text = _WRITTEN_TIME.sub(lambda match: _WRITTEN[match.group(1)], text)
    text = _DAY_MONTH.sub(lambda m: _date(m.group(3), m.group(2), m.group(1)), text)
    text = _MONTH_DAY.sub(lambda m: _date(m.group(3), m.group(1), m.group(2)), text)
    text = _COUNTED.sub(lambda match: _arabic(match.group(1)), text)
    for pattern, replacement in _REWRITES:
        text = pattern.sub(replacement, text)
    text = _MYRIAD_RANGE.sub(r"\1\3-\2\3", text)
    return _MYRIAD.sub(_multiplied, text).strip()


def _arabic(numeral: str) -> str:
    value = chinese_to_int(numeral)
    return numeral if value is None else str(value)


def _percent(match: re.Match[str]) -> str:
    whole, decimals = match.groups()
    places = "".join(_arabic(digit) for digit in decimals or "")
    return f"{_arabic(whole)}{'.' if places else ''}{places}%"


def _date(year: str, month: str, day: str) -> str:
    return f"{year}年{_MONTHS.index(month) + 1}月{int(day)}日"


def _multiplied(match: re.Match[str]) -> str:
    number, times = match.groups()
    value = f"{Decimal(number) * _TIMES[times]:f}"
    return value.rstrip("0").rstrip(".") if "." in value else value


@lru_cache(maxsize=4096)
def _pattern(form: str) -> re.Pattern[str]:
    """A form as a pattern for :func:`one_form`: white space is free except inside of a number."""
    plain = one_form(form)
    if not plain:
        raise ValueError(f"the form {form!r} holds nothing to look for")
    pieces = [piece for piece in plain.split(" ") if piece]
    body = "".join(_spaced(piece) for piece in pieces[:1])
    for before, piece in pairwise(pieces):
        apart = before[-1].isdigit() and piece[0].isdigit()
        body += (" " if apart else " ?") + _spaced(piece)
    return re.compile(f"{_left(plain)}{body}{_right(plain)}")


def _spaced(piece: str) -> str:
    """A piece of a form, with a space allowed everywhere but inside of a number."""
    return re.escape(piece[0]) + "".join(
        ("" if before.isdigit() and after.isdigit() else " ?") + re.escape(after)
        for before, after in pairwise(piece)
    )


def _left(plain: str) -> str:
    """What may not stand before a form."""
    if _SHORT.fullmatch(plain):
        return "(?<![a-z])"
    if not plain[0].isdigit():
        return ""
    ratio = r"(?<!\d:)" if ":" in plain else ""
    name = "(?<![a-z])" if plain.isdigit() else ""  # the 10 of E10 is no number
    return rf"(?<!\d)(?<!\d\.){ratio}{name}"


def _right(plain: str) -> str:
    """What may not stand behind a form."""
    if _SHORT.fullmatch(plain):
        return "(?!s?[a-z])" if plain.endswith("s") else "(?!(?!s(?![a-z]))[a-z])"
    if not plain[-1].isdigit():
        return ""
    return r"(?!\d)(?!\.\d)" + (r"(?!:\d)" if ":" in plain else "")
