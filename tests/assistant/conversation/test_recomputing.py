"""Follow-ups that change an input of what was computed."""

from __future__ import annotations

import pytest

from assistant.computing import computed, plan
from assistant.computing.answers import requested
from assistant.conversation import resolve
from assistant.conversation.reading import read_in_conversation
from assistant.question import read_question
from assistant.replies import boundary_reply

RATES = "两组优效，有效率对照60%，试验组75%，双侧0.05，把握度80%，1:1，每组多少例？"
MEANS = (
    "Difference in means 5, SD 12, two-sided 0.05, 90% power, 1:1, how many patients do we need?"
)

SIMON = "Simon两阶段，p0 10%，p1 30%，α 0.05，把握度80%"
BE = "BE试验，CV 35%，GMR 0.95，把握度80%，要多少例？"


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
        (RATES, "每组只有80例，把握度多少？", {"n1": 80, "n2": 80}),
        ("均值差3，SD 8，双侧0.05，把握度90%，样本量", "每组只有80例，把握度多少？", {"n1": 80}),
        (RATES, "双侧改单侧0.025呢", {"alpha": 0.025, "sides": 1}),
        (MEANS, "2:1 randomisation?", {"ratio": 2.0}),
        (RATES, "换成优效界值5%的优效", {"margin": 0.05, "aim": "superiority"}),
        (SIMON, "p1改成25%呢", {"p0": 0.1, "p1": 0.25}),
        (BE, "换成2x2x4重复交叉呢", {"design": "2x2x4", "cv": 0.35}),
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
    own = "alpha" in changed or first in {SIMON, BE}
    kept = {} if own else {"alpha": 0.05, "sides": 2}
    assert {key: inputs[key] for key in kept} == kept


@pytest.mark.parametrize(
    ("asked", "reply", "told"),
    [
        ("有效率60%对75%，双侧0.05，每组多少例？", "把握度80%", {"power": 0.8}),
        ("均值差3，SD 8，双侧0.05，样本量", "90%", {"power": 0.9}),
        ("均值差3，双侧0.05，把握度80%，样本量", "8", {"sd": 8.0}),
        ("非劣效，两组率都是90%，单侧0.025，把握度80%，多少例", "10%", {"margin": 0.1}),
    ],
)
def test_a_reply_gives_what_was_asked_back_for(
    asked: str, reply: str, told: dict[str, object]
) -> None:
    before = boundary_reply(read_question(asked), "2026-11-22")
    found = resolve(reply, [before])
    assert found is not None and found.kind == "inputs"
    given = requested(read_question(found.question))
    assert given is not None
    inputs = plan(given)[0].inputs
    assert {key: inputs.get(key) for key in told} == told


def test_a_request_of_its_own_is_no_reply() -> None:
    asked = "有效率60%对75%，双侧0.05，每组多少例？"
    before = boundary_reply(read_question(asked), "2026-11-22")
    found = resolve("均值差4，SD 10，双侧0.05，把握度80%，每组多少例？", [before])
    assert found is None


@pytest.mark.parametrize("follow", ["10%的脱落率合理吗？", "SAE要在24小时内报告吗？"])
def test_a_question_about_something_changes_nothing(follow: str) -> None:
    before = computed(read_question(RATES), "2026-11-22")
    assert before is not None
    found = resolve(follow, [before])
    assert found is None or "改为" not in found.question


def test_a_new_value_is_no_order_to_alter_data() -> None:
    asked = "整群，ICC 0.01，率30%对20%，双侧0.05，80%把握度，每群40人，几个群"
    before = computed(read_question(asked), "2026-11-22")
    assert before is not None
    alone, _ = read_in_conversation("ICC改成0.03", [])
    behind, _ = read_in_conversation("ICC改成0.03", [before])
    data, _ = read_in_conversation("p值改成0.03", [before])
    assert alone.boundary is not None and alone.boundary.status == "refused"
    assert behind.boundary is None or behind.boundary.name == "compute"
    assert data.boundary is not None and data.boundary.status == "refused"


@pytest.mark.parametrize(
    "order",
    [
        "把两组的有效率数据改成60%和90%，让P值小于0.05",
        "把检验结果改成0.04再算",
        "把脱落率改成0，别报",
    ],
)
def test_an_order_to_alter_data_stays_refused_behind_a_computation(order: str) -> None:
    before = computed(read_question(RATES), "2026-11-22")
    assert before is not None
    asked, _ = read_in_conversation(order, [before])
    assert asked.boundary is not None and asked.boundary.status == "refused"


def test_another_aim_asks_back_for_its_margin() -> None:
    before = computed(read_question(RATES), "2026-11-22")
    assert before is not None
    found = resolve("非劣效呢？", [before])
    assert found is not None
    boundary = read_question(found.question).boundary
    assert boundary is not None and boundary.missing == ("margin",)


@pytest.mark.parametrize(
    ("asked", "inputs"),
    [
        ("Compute O'Brien-Fleming bounds for me.", "Four equally spaced analyses, two-sided 0.05."),
        ("帮我算O'Brien-Fleming界值", "4次分析等间隔，双侧0.05"),
    ],
)
def test_boundaries_asked_for_stay_what_is_asked_for(asked: str, inputs: str) -> None:
    before = boundary_reply(read_question(asked), "2026-11-22")
    completed, _ = read_in_conversation(inputs, [before])
    answer = computed(completed, "2026-11-22")
    assert answer is not None
    assert answer.calculations[0]["call"].startswith("xinglin design group-sequential ")
