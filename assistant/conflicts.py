"""Sources that say the same thing with different numbers: shown side by side, with their dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from assistant.evidence import Sentence
from assistant.verification import quantities
from ingest.metadata import base_title
from retrieval.normalise import compare_form, fold

_ALIKE = 0.5
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")
_LABEL = re.compile(r"[(（][^()（）]*[)）]|《[^《》]*》")
# Units of limits. Counts of patients, years of birth and doses differ between sources for good
# reasons; a limit for the same act does not.
_LIMITS = frozenset(
    {"工作日", "日", "小时", "周", "月", "年", "hour", "day", "working day", "month"}
)


def conflicting(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, Sentence]]:
    """Pairs of sentences of different documents that set different limits for the same thing."""
    for first, second in combinations(sentences, 2):
        if _differ(first, second):
            yield first, second


def _differ(first: Sentence, second: Sentence) -> bool:
    if first.outdated or second.outdated or _same_text(first, second):
        return False
    limits, others = _limits(first.text), _limits(second.text)
    shared = limits.keys() & others.keys()
    if not shared or any(limits[unit] & others[unit] for unit in shared):
        return False
    return _alike(first.text, second.text)


def _same_text(first: Sentence, second: Sentence) -> bool:
    """The same document, or another copy of it: two rules of one text are no conflict."""
    a, b = first.hit.document, second.hit.document
    return a.id == b.id or base_title(a.title) == base_title(b.title)


def _limits(text: str) -> dict[str, set[str]]:
    """Numbers by unit of limit; what only names a rule (2022年第28号) is left out."""
    found: dict[str, set[str]] = {}
    for number, unit in quantities(_LABEL.sub("", text)):
        if unit in _LIMITS and not (unit == "年" and len(number) == 4):
            found.setdefault(unit, set()).add(number)
    return found


def _alike(first: str, second: str) -> bool:
    """Share of character pairs in common, numbers aside."""
    a, b = (
        _pairs(_NUMBERS.sub("", compare_form(fold(_LABEL.sub("", t))))) for t in (first, second)
    )
    smaller = min(len(a), len(b))
    return smaller > 0 and len(a & b) / smaller >= _ALIKE


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}
