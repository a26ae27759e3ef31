"""Follow-ups that change an input of what was computed."""

from __future__ import annotations

import pytest

from assistant.computing import computed, plan
from assistant.computing.answers import requested
from assistant.conversation import resolve
from assistant.question import read_question

RATES = "两组优效，有效率对照60%，试验组75%，双侧0.05，把握度80%，1:1，每组多少例？"
MEANS = (
    "Difference in means 5, SD 12, two-sided 0.05, 90% power, 1:1, how many patients do we need?"
)


def recomputed(first: str, follow: str) -> dict[str, object]:
    before = computed(read_question(first), "2026-11-22")
    assert before is not None and before.status == "answered"
    found = resolve(follow, [before])
    assert found is not None and found.kind == "completed", follow
    given = requested(read_question(found.question))
    assert given is not None, found.question
    return dict(plan(given)[0].inputs)


@pytest.mark.parametrize(
    ("first", "follow", "changed"),
    [
        (RATES, "再考虑10%脱落呢？", {"dropout": 0.1}),
        (RATES, "如果把握度改成90%呢", {"power": 0.9}),
        (RATES, "换成2:1", {"ratio": 2.0}),
        (RATES, "那单侧0.025呢？", {"alpha": 0.025, "sides": 1}),
        (RATES, "试验组80%呢", {"p1": 0.8, "p2": 0.6}),
        (RATES, "每组100例的话把握度有多少", {"n1": 100, "n2": 100}),
        (MEANS, "And with 80% power?", {"power": 0.8}),
        (MEANS, "What about a SD of 10?", {"sd": 10.0}),
        (MEANS, "Allow for 15% drop-out.", {"dropout": 0.15}),
    ],
)
def test_a_changed_input_is_computed_with(
    first: str, follow: str, changed: dict[str, object]
) -> None:
    inputs = recomputed(first, follow)
    assert {key: inputs.get(key) for key in changed} == changed
    kept = {"alpha": 0.05, "sides": 2} if "alpha" not in changed else {}
    assert {key: inputs[key] for key in kept} == kept


@pytest.mark.parametrize("follow", ["10%的脱落率合理吗？", "SAE要在24小时内报告吗？"])
def test_a_question_about_something_changes_nothing(follow: str) -> None:
    before = computed(read_question(RATES), "2026-11-22")
    assert before is not None
    found = resolve(follow, [before])
    assert found is None or "改为" not in found.question
