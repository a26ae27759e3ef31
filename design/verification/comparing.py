"""Compares what a row expects with what a calculator gives."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any


def parts(expected: str, words: Mapping[str, str]) -> list[str]:
    """What a row expects, one by one; texts of the file in our words."""
    texts = [part.strip() for part in expected.split(";")]
    return [words.get(text.lower(), text) for text in texts]


def _number(text: str) -> float | None:
    plain = text.strip().replace(",", "")
    try:
        return float(plain[:-1]) / 100 if plain.endswith("%") else float(plain)
    except ValueError:
        return None


def endless(text: str) -> bool:
    """Whether a text is an infinite number or none (``nan``)."""
    value = _number(text)
    return value is not None and not math.isfinite(value)


def difference_of(expected: Sequence[str], got: Sequence[Any]) -> float | None:
    """The largest absolute difference; ``None`` when texts differ or the lengths do."""
    if len(got) == 1 and isinstance(got[0], str):
        expected = [" ".join(expected)]
    if len(expected) != len(got):
        return None
    largest = 0.0
    for wanted, value in zip(expected, got, strict=True):
        number = _number(wanted)
        if number is not None and isinstance(value, (int, float)):
            largest = max(largest, abs(number - float(value)))
        elif _plain(wanted) != _plain(str(value)):
            return None
    return largest


def _plain(text: str) -> list[str]:
    return re.split(r"[\s,;]+", text.strip().lower())
