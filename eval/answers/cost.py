"""What the answers cost in time, tokens and money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant import Answer

_READ = ("input_tokens", "prompt_tokens")
_WRITTEN = ("output_tokens", "completion_tokens")


@dataclass(frozen=True, slots=True)
class Prices:
    """What a thousand tokens cost, in a currency of your choice."""

    read: float = 0.0
    written: float = 0.0
    currency: str = "CNY"

    def of(self, answer: Answer) -> float:
        """Cost of one answer; nothing without a language model."""
        read, written = tokens_of(answer)
        return round((read * self.read + written * self.written) / 1000, 6)


def tokens_of(answer: Answer) -> tuple[int, int]:
    """Tokens that the language model read and wrote for an answer."""
    usage: Mapping[str, int] = (answer.record.usage if answer.record else None) or {}
    return _first(usage, _READ), _first(usage, _WRITTEN)


def _first(usage: Mapping[str, int], names: Sequence[str]) -> int:
    return next((int(usage[name]) for name in names if usage.get(name)), 0)


def cost(answers: Sequence[Answer], prices: Prices) -> dict[str, Any]:
    """Tokens and money of a run."""
    tokens = [tokens_of(answer) for answer in answers]
    total = sum(prices.of(answer) for answer in answers)
    return {
        "input_tokens": sum(read for read, _ in tokens),
        "output_tokens": sum(written for _, written in tokens),
        "total": round(total, 4),
        "per_question": round(total / len(answers), 6) if answers else 0.0,
        "currency": prices.currency,
    }


def latency(milliseconds: Sequence[float]) -> dict[str, float] | None:
    """Time to an answer, in milliseconds."""
    if not milliseconds:
        return None
    middle, most = np.quantile(milliseconds, [0.5, 0.95])
    return {
        "p50": round(float(middle), 1),
        "p95": round(float(most), 1),
        "max": round(max(milliseconds), 1),
    }
