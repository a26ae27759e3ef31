"""Wordings of requests to compute, and the calls they come to."""

from __future__ import annotations

import pytest

from assistant.computing import plan
from assistant.inputs import parse_inputs
from design import methods
from tests.assistant.computing.utterances import HERE, Utterance, come_of, read

FILES = sorted(path.name for path in HERE.glob("utterances_*.txt"))
ALL = [one for name in FILES for one in read(name)]


@pytest.mark.parametrize("utterance", ALL, ids=[one.text for one in ALL])
def test_a_wording_comes_to_its_call(utterance: Utterance) -> None:
    assert utterance.fault() is None


def test_there_are_many_wordings_and_their_methods_exist() -> None:
    assert len(ALL) >= 150
    outcomes = {one.outcome for one in ALL} - {"ask", "refused", "none"}
    assert outcomes <= set(methods())


@pytest.mark.parametrize("utterance", ALL, ids=[one.text for one in ALL])
def test_every_planned_call_takes_its_inputs(utterance: Utterance) -> None:
    for call in plan(parse_inputs(utterance.text)):
        assert set(call.inputs) <= set(methods()[call.method].inputs.model_fields)


# A wrong reading is worse than a question back.
@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("预期两组有效率分别为75%和60%，双侧0.05，把握度80%，每组多少例", (0.75, 0.6)),
        ("有效率对照组比试验组低15个百分点，对照组60%，双侧0.05，80%把握度，多少例", (0.75, 0.6)),
        ("对照组3年复发率20%，试验组12%，双侧0.05，把握度80%，每组多少例", (0.12, 0.2)),
        ("12个月复发率对照组20%，试验组12%，双侧0.05，把握度80%，每组多少例", (0.12, 0.2)),
    ],
)
def test_rates_belong_to_their_arms(text: str, outcome: tuple[float, float]) -> None:
    method, inputs = come_of(text)
    assert method == "two_proportions"
    assert (inputs["p1"], inputs["p2"]) == outcome


@pytest.mark.parametrize(
    "text",
    [
        "AUC 0.85，对照AUC 0.75，双侧0.05，把握度80%，需要多少例",
        "kappa预期0.8，零假设0.6，双侧0.05，把握度80%，多少例",
        "三臂，有效率50%、60%、70%，Bonferroni校正，双侧0.05，把握度80%，每组多少例",
        "均值差5，标准差10，双侧0.05，把握度80%，3:1:1随机，总例数",
        "配对设计，两种方法阳性率80%和70%，双侧0.05，把握度80%，多少对",
        "疫苗保护效力80%，对照组发病率2%，双侧0.05，把握度90%，需要多少例",
    ],
)
def test_designs_of_their_own_are_not_taken_for_others(text: str) -> None:
    outcome, missing = come_of(text)
    assert outcome == "ask" and "elsewhere_values" in missing


def test_a_number_gives_one_input_only() -> None:
    given = parse_inputs("双侧0.025，把握度0.8，脱落0.1，算样本量")
    assert (given.alpha, given.power, given.dropout) == (0.025, 0.8, 0.1)
    assert given.treatment_rate is None and given.control_rate is None
