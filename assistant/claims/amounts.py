"""What a phrase says of a count: how many, which share, more or fewer than."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from assistant.verification.quantities import NAME, Quantity, find_quantities

_SHARES: tuple[tuple[re.Pattern[str], Callable[[Fraction], bool]], ...] = (
    (re.compile(r"\b(?:most|majority|more than half|over half)\b"), lambda x: x > Fraction(1, 2)),
    (re.compile(r"\b(?:minority|less than half|under half|fewer than half)\b"), lambda x: x < Fraction(1, 2)),
    (re.compile(r"\bunder a quat?r?ter\b"), lambda x: x < Fraction(1, 4)),
    (re.compile(r"\ball (?:of )?(?:the )?(?:patients|participants|subjects)\b"), lambda x: x == 1),
)
_COUNTS: tuple[tuple[re.Pattern[str], Callable[[int], bool]], ...] = (
    (re.compile(r"\b(?:multiple|several|some cases)\b"), lambda n: n > 1),
    (re.compile(r"\b(?:no|none|zero|0|neither|not any|never)\b"), lambda n: n == 0),
    (re.compile(r"\b(?:a|one|1|single|only one)\s+(?:single\s+)?(?:case|patient|participant|subject|recorded)"), lambda n: n == 1),
)
_COHORT_NUMBERS = re.compile(r"\b(?:cohort|arm|group)s?\s+\d(?:\s*(?:and|,|&|or)\s*(?:cohort\s+)?\d)?\b")


def without_cohorts(phrase: str) -> str:
    """The phrase without the numbers of cohorts, which are no amounts."""
    return _COHORT_NUMBERS.sub("cohort", phrase)


def share_holds(phrase: str, found: Fraction) -> bool | None:
    """Whether a share is as a phrase says (most, under a quarter, less than 5%), if it says."""
    phrase = without_cohorts(phrase.lower())
    for pattern, holds in _SHARES:
        if pattern.search(phrase):
            return holds(found)
    for quantity in find_quantities(phrase):
        if quantity.unit == "%":
            return _compare(Fraction(quantity.value) / 100, found, quantity, Fraction(6, 10000))
        if "/" in quantity.value and quantity.value.count("/") == 1:
            return _compare(Fraction(quantity.value), found, quantity, Fraction(0))
    return None


def count_holds(phrase: str, found: int) -> bool | None:
    """Whether a count is as a phrase says (no cases, 16 patients, multiple), if it says."""
    phrase = without_cohorts(phrase.lower())
    for quantity in find_quantities(phrase):
        if quantity.unit in {"", "例", "次", "事件"} and re.fullmatch(r"\d+", quantity.value):
            return _compare(Fraction(quantity.value), Fraction(found), quantity, Fraction(0))
    for pattern, holds in _COUNTS:
        if pattern.search(phrase):
            return holds(found)
    return None


def amounts_in(phrase: str) -> list[Quantity]:
    """The amounts of a phrase, without names and cohort numbers."""
    return [q for q in find_quantities(without_cohorts(phrase.lower())) if q.unit != NAME]


def _compare(said: Fraction, found: Fraction, quantity: Quantity, tolerance: Fraction) -> bool:
    side = quantity.bound.side
    if side == "gt":
        return found > said
    if side == "lt":
        return found < said
    if side in {"ge", "from"}:
        return found >= said
    if side in {"le", "to"}:
        return found <= said
    return abs(found - said) <= max(tolerance, said / 10 if side == "about" else Fraction(0))
