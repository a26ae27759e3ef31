"""Rules of the interval designs against published tables."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import BadDesign, calculate

DESIGNS = ["boin", "mtpi2", "keyboard", "i3+3"]


@pytest.mark.parametrize(
    ("target", "lambda_e", "lambda_d"),
    [
        # Liu S, Yuan Y. J R Stat Soc C 2015;64:507-523, table 1
        (0.15, 0.118, 0.179),
        (0.2, 0.157, 0.238),
        (0.25, 0.197, 0.298),
        (0.3, 0.236, 0.359),
        (0.35, 0.276, 0.419),
        (0.4, 0.316, 0.480),
    ],
)
def test_boundaries_of_boin(target: float, lambda_e: float, lambda_d: float) -> None:
    found = calculate("boin_boundaries", {"target": target}).outputs
    assert round(found["lambda_e"], 3) == lambda_e
    assert round(found["lambda_d"], 3) == lambda_d


def test_table_of_the_boin_package() -> None:
    """get.boundary(target = 0.3, ncohort = 10, cohortsize = 3) of the R package BOIN."""
    found = calculate("boin_boundaries", {"target": 0.3}).outputs
    assert found["n"] == [3, 6, 9, 12, 15, 18, 21, 24, 27, 30]
    assert found["escalate_at_most"] == [0, 1, 2, 2, 3, 4, 4, 5, 6, 7]
    assert found["deescalate_at_least"] == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert found["eliminate_at_least"] == [3, 4, 5, 7, 8, 9, 10, 11, 12, 14]


def test_table_with_limits_of_ones_own() -> None:
    """get.boundary(0.1, cohortsize = 4, p.saf = 0.06, p.tox = 0.145), printed with its lambdas."""
    given = {"target": 0.1, "p_saf": 0.06, "p_tox": 0.145, "cohort": 4, "max_n": 12}
    found = calculate("boin_boundaries", given).outputs
    assert found["lambda_e"] == pytest.approx(0.07844898, abs=1e-8)
    assert found["lambda_d"] == pytest.approx(0.1213018, abs=1e-7)
    assert found["escalate_at_most"] == [0, 0, 0]
    assert found["deescalate_at_least"] == [1, 1, 2]
    assert found["eliminate_at_least"] == [2, 3, 3]


def test_decisions() -> None:
    """lrstat's tests of BOINTable and mTPI2Table: S, DU and DU."""
    said = calculate("dose_decision", {"target": 0.3, "n": 3, "dlt": 1})
    assert said.outputs["decision"] == "stay" and "维持" in said.sentence.zh
    said = calculate("dose_decision", {"target": 0.3, "n": 3, "dlt": 3})
    assert said.outputs["decision"] == "eliminate"
    given = {"target": 0.3, "n": 2, "dlt": 2, "design": "mtpi2", "eliminate_from": 1}
    assert calculate("dose_decision", given).outputs["decision"] == "eliminate"


@pytest.mark.parametrize("design", ["mtpi2", "keyboard"])
def test_three_of_six_deescalates(design: str) -> None:
    """Guo et al. 2017: at target 0.3 mTPI stays after 3 of 6; mTPI-2 was made not to."""
    given = {"target": 0.3, "n": 6, "dlt": 3, "design": design}
    assert calculate("dose_decision", given).outputs["decision"] == "de-escalate"


def test_i3_stays_where_one_patient_decides() -> None:
    """Liu, Wang and Ji 2020: 1 of 3 at target 0.3 stays, since 0 of 3 would be below."""
    table = calculate("dose_decision_table", {"target": 0.3, "design": "i3+3", "max_n": 6}).outputs
    assert table["deescalate_at_least"][2] == 2
    assert table["deescalate_at_least"][0] is None  # 1 of 1 stays, and 1 patient eliminates nothing
    assert table["escalate_at_most"] == [0, 0, 0, 0, 1, 1]


def test_mtpi2_counts_the_short_ends_and_keyboard_does_not() -> None:
    """Target 0.2, key 0.15 to 0.25: 0 to 0.05 is short of a key.

    After 0 of 4 the density is highest next to 0, in the short end or in the key above it: both
    escalate. Where no whole key is left below the target, keyboard could never escalate.
    """
    given = {"target": 0.2, "n": 4, "dlt": 0}
    for design in ("mtpi2", "keyboard"):
        found = calculate("dose_decision", given | {"design": design}).outputs
        assert found["decision"] == "escalate"
    given = {"target": 0.1, "n": 4, "dlt": 0}
    found = calculate("dose_decision", given | {"design": "mtpi2"}).outputs
    assert found["decision"] == "escalate"
    with pytest.raises(BadDesign, match="never move both ways"):
        calculate("dose_decision", given | {"design": "keyboard"})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"dlt": 4}, "dlt"),
        ({"p_saf": 0.29}, "p_saf"),
        ({"p_tox": 0.31}, "p_tox"),
        ({"target": 0.03}, "target"),
        ({"design": "mtpi2", "target": 0.05, "epsilon1": 0.06}, "epsilon1"),
    ],
)
def test_what_is_no_design_is_refused(change: dict[str, float], field: str) -> None:
    with pytest.raises(BadDesign) as told:
        calculate("dose_decision", {"target": 0.3, "n": 3, "dlt": 1} | change)
    assert told.value.field == field


def test_a_cohort_larger_than_the_table_is_refused() -> None:
    with pytest.raises(BadDesign, match="larger than max_n"):
        calculate("dose_decision_table", {"target": 0.3, "max_n": 2, "cohort": 3})


@settings(max_examples=60, deadline=None)
@given(
    design=st.sampled_from(DESIGNS),
    target=st.floats(0.05, 0.6),
    below=st.floats(0.005, 0.2),
    above=st.floats(0.005, 0.2),
)
def test_more_toxicity_never_means_a_bolder_step(
    design: str, target: float, below: float, above: float
) -> None:
    given = {"target": target, "design": design, "epsilon1": below, "epsilon2": above}
    bold = ["escalate", "stay", "de-escalate", "eliminate"]
    try:
        steps = [
            bold.index(calculate("dose_decision", given | {"n": 9, "dlt": y}).outputs["decision"])
            for y in range(10)
        ]
    except BadDesign:
        return
    assert steps == sorted(steps)
