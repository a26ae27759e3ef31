"""The bench of the calculators: what it measures and how it tells a missed target."""

from __future__ import annotations

from eval.bench_design import _CALLS, Timed, _first_call, page


def test_every_design_of_the_bench_is_calculated() -> None:
    from design import calculate

    for what, method, inputs, _ in _CALLS:
        assert calculate(method, inputs).outputs, what


def test_a_missed_target_is_told() -> None:
    found = [Timed("quick", 0.1, 0.3), Timed("slow", 0.4, 0.3), Timed("free", 9.0)]
    text = page(found)
    assert [each.met for each in found] == [True, False, True]
    assert "| quick | 0.100 | ≤ 0.3 |" in text and "≤ 0.3, missed" in text


def test_a_first_call_is_timed_in_a_process_of_its_own() -> None:
    assert 0 < _first_call("hazard_rate", {"median": 10}) < 5
