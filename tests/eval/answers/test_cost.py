"""Tokens, money and time."""

from __future__ import annotations

import pytest

from eval.answers.cost import Prices, cost, latency, tokens_of
from tests.eval.answers.conftest import make_answer


@pytest.mark.parametrize(
    "usage",
    [
        {"input_tokens": 2000, "output_tokens": 500, "total_tokens": 2500},
        {"prompt_tokens": 2000, "completion_tokens": 500},
    ],
)
def test_tokens_are_priced_by_the_thousand(usage: dict[str, int]) -> None:
    answer = make_answer(usage=usage)
    assert tokens_of(answer) == (2000, 500)
    prices = Prices(read=0.002, written=0.008)
    assert prices.of(answer) == pytest.approx(0.008)
    total = cost([answer, make_answer()], prices)
    assert total == {
        "input_tokens": 2000,
        "output_tokens": 500,
        "total": 0.008,
        "per_question": 0.004,
        "currency": "CNY",
    }


def test_without_a_language_model_nothing_is_paid() -> None:
    assert cost([make_answer()], Prices(1.0, 1.0))["total"] == 0


def test_times() -> None:
    assert latency([10.0, 20.0, 30.0]) == {"p50": 20.0, "p95": 29.0, "max": 30.0}
    assert latency([]) is None
