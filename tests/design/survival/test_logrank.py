"""Log-rank designs against gsDesign, SAS, East, lrstat, epiR and the books."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import BadDesign, calculate
from design.survival.events import Accrual, Arm
from design.survival.hazards import Hazard
from design.survival.score import score
from design.survival.two_looks import bounds, crossing


def logrank(**given: Any) -> dict[str, Any]:
    return dict(calculate("logrank", {"alpha": 0.025, "sides": 1, **given}).outputs)


def test_gsdesign_vignette_of_survival() -> None:
    """gsDesign, vignette SurvivalOverview: 422 patients and 330 events."""
    found = logrank(
        median_control=8,
        hr=0.7,
        dropout_hazard=0.001,
        accrual_duration=12,
        min_followup=16,
        power=0.9,
    )
    assert (found["n_total"], found["events"]) == (422, 330)


def test_gsdesign_vignette_with_piecewise_accrual() -> None:
    """gsDesign, vignette gsSurvBasicExamples: 775.0306 patients, 507.1519 events, the rates."""
    found = logrank(
        median_control=12,
        hr=0.75,
        dropout_hazard=0.001,
        accrual_periods=[1, 2, 3, 4],
        accrual_rate=[1, 1.5, 2.5, 4],
        study_duration=36,
        min_followup=12,
        power=0.9,
    )
    assert found["n_total_raw"] == pytest.approx(775.0306, abs=5e-5)
    assert found["events_raw"] == pytest.approx(507.1519, abs=5e-5)
    assert found["accrual_rates"] == pytest.approx([9.2818, 13.9227, 23.2045, 37.1272], abs=5e-5)


def test_sas_seqdesign_by_schoenfeld() -> None:
    """SAS 9.4 PROC SEQDESIGN in gsDesign's tests: 87.4793 events; 197.1152 patients with accrual
    of 24 and follow-up of 12, 182.1759 at 6 a month (SAS was given rounded hazards)."""
    given = {"median_control": 20, "hr": 0.5, "power": 0.9, "variance": "schoenfeld"}
    fixed = logrank(**given, study_duration=36, min_followup=12)
    assert fixed["events_raw"] == pytest.approx(87.4793, abs=1e-4)
    assert fixed["n_total_raw"] == pytest.approx(197.1152, abs=0.02)
    longer = logrank(**given, accrual_rate=6, min_followup=12)
    assert longer["n_total_raw"] == pytest.approx(182.1759, abs=0.02)
    assert longer["accrual_duration_rounded"] == pytest.approx(183 / 6)


def test_east_power() -> None:
    """East 6.5 in gsDesign's tests: power 0.58120457 with 39.02121789 events."""
    found = logrank(
        median_control=10,
        hr=0.5,
        accrual_rate=4,
        study_duration=42,
        min_followup=30,
        variance="schoenfeld",
    )
    assert found["power"] == pytest.approx(0.58120457, abs=1e-6)
    assert found["events_raw"] == pytest.approx(39.02121789, abs=1e-8)


DELAYED: dict[str, Any] = {
    "hazard_control": 0.0533,
    "hr": [1, 0.0309 / 0.0533],
    "hr_times": [6],
    "stratum_shares": [0.2, 0.8],
    "stratum_factors": [1, 1.5],
    "accrual_rate": [26 / 9 * month for month in range(1, 10)],
    "accrual_periods": [1] * 8,
    "dropout": 0.05,
    "interim": 0.8,
    "power": 0.8,
}


def test_lrstat_delayed_effect_with_an_interim_analysis() -> None:
    """R lrstat, test-f_lrsamplesize: accrual 23.58 with follow-up 18; follow-up 21.55 with accrual
    22 (whole patients, whole events), two strata, an effect from month 6."""
    accrual = logrank(**DELAYED, min_followup=18, solve="accrual")
    assert accrual["accrual_duration_rounded"] == pytest.approx(23.58, abs=0.005)
    followup = logrank(**DELAYED, accrual_duration=22)
    assert followup["min_followup_rounded"] == pytest.approx(21.55, abs=0.005)
    assert followup["n_total"] == 468


def test_one_interim_analysis_against_published_bounds() -> None:
    """gsDesign, rpact: 2.963 and 1.969 at 50%; lrstat: 2.250 and 2.025 at 80%."""
    assert bounds(0.025, 0.5) == pytest.approx((2.963, 1.969), abs=5e-4)
    assert bounds(0.025, 0.8) == pytest.approx((2.250, 2.025), abs=5e-4)
    assert crossing(bounds(0.025, 0.5), (0.0, 0.0), 0.5) == pytest.approx(0.025)


def test_score_against_simulated_log_rank_tests() -> None:
    """Mean and variance of the score of 400 patients with a delayed effect, 2000 trials, seed 7."""
    accrual = Accrual((20.0,), (20.0,))
    late = Hazard.pieces((0.08, 0.04), (5,))
    pair = (Arm(0.5, late), Arm(0.5, Hazard.constant(0.08)))
    mean, variance = score(accrual, [pair], 36)
    rng = np.random.default_rng(7)
    z = np.array([_simulated(rng, 36) for _ in range(2000)])
    assert float(np.mean(z)) == pytest.approx(mean / math.sqrt(variance), abs=0.09)


def _simulated(rng: np.random.Generator, study: float) -> float:
    n = 200
    follow = study - rng.uniform(0, 20, 2 * n)
    raw = rng.exponential(1, 2 * n)
    group = np.repeat([1, 0], n)
    time = raw / 0.08
    time = np.where((group == 1) & (raw > 0.4), 5 + (raw - 0.4) / 0.04, time)
    seen = time <= follow
    time = np.minimum(time, follow)
    order = np.argsort(time)
    group, seen = group[order], seen[order]
    risk1 = np.cumsum(group[::-1])[::-1]
    risk = np.arange(2 * n, 0, -1)
    share = (risk1 / risk)[seen]
    return float(np.sum(group[seen] - share) / math.sqrt(np.sum(share * (1 - share))))


def test_schoenfeld_and_its_neighbours() -> None:
    """gsDesign, vignette SurvivalOverview: events, power, z, hazard ratio and events for a z."""
    events = calculate("logrank_events", {"hr": 0.7, "power": 0.9}).outputs
    assert events["events_raw"] == pytest.approx(330.3779, abs=5e-5)
    power = calculate("logrank_events", {"hr": 0.7, "events": 100}).outputs["power"]
    assert power == pytest.approx(0.4299155, abs=5e-8)
    z = calculate("hazard_ratio_z", {"hr": 0.73, "events": 125}).outputs["z"]
    assert z == pytest.approx(math.log(0.73) * math.sqrt(125) / 2)
    bound = calculate("hazard_ratio_z", {"z": 1.959964, "events": 120}).outputs["hr"]
    assert bound == pytest.approx(0.6991858, abs=1e-6)
    for_z = calculate("hazard_ratio_z", {"hr": 0.8, "z": 1.959964, "ratio": 2}).outputs
    assert for_z["events_raw"] == pytest.approx(347.1683, abs=5e-5)


def test_therneau_and_grambsch() -> None:
    """Therneau & Grambsch 2000 p. 63 (epiR epi.sscomps): 250 events; hazard ratio 1.33 with 500."""
    given = {"survival_treatment": 0.45, "survival_control": 0.3, "power": 0.9}
    assert calculate("logrank_events", given).outputs["events_by_arm"] == 250
    found = calculate("logrank_events", {"events": 500, "power": 0.9}).outputs
    assert math.floor(found["hr_above"] * 100) / 100 == 1.33


def test_rosner_by_freedman() -> None:
    """Rosner 2006 example 14.42 (powerSurvEpi ssizeCT): 294 an arm; power 0.638 with 200 an arm."""
    given = {
        "hr": 0.7,
        "formula": "freedman",
        "event_probability_treatment": 0.3707,
        "event_probability_control": 0.4890,
        "power": 0.8,
    }
    assert calculate("logrank_events", given).outputs["n_per_arm"] == 294
    power = calculate(
        "logrank_events", {"hr": 0.7, "formula": "freedman", "events": 200 * (0.3707 + 0.489)}
    ).outputs["power"]
    assert power == pytest.approx(0.638, abs=5e-4)


def test_a_hazard_ratio_beyond_the_margin_is_refused() -> None:
    with pytest.raises(BadDesign, match="wrong side of the margin"):
        logrank(
            median_control=8, hr=1.4, null_hr=1.3, accrual_duration=12, min_followup=12, power=0.8
        )
    with pytest.raises(BadDesign, match="wrong side of the margin"):
        calculate("logrank_events", {"hr": 1.4, "null_hr": 1.3, "power": 0.8})


@settings(max_examples=40, deadline=None)
@given(
    hr=st.floats(0.3, 0.9),
    power=st.floats(0.55, 0.97),
    variance=st.sampled_from(["lachin_foulkes", "schoenfeld", "freedman", "score"]),
)
def test_patients_fall_with_the_effect_and_rise_with_power(
    hr: float, power: float, variance: str
) -> None:
    given = {"median_control": 10, "accrual_duration": 12, "min_followup": 12, "variance": variance}
    here = logrank(**given, hr=hr, power=power)["n_total_raw"]
    assert logrank(**given, hr=hr * 0.95, power=power)["n_total_raw"] < here
    assert logrank(**given, hr=hr, power=power + 0.02)["n_total_raw"] > here


@settings(max_examples=20, deadline=None)
@given(hr=st.floats(0.4, 0.8), power=st.floats(0.6, 0.95))
def test_what_is_solved_for_gives_the_power_back(hr: float, power: float) -> None:
    given = {"median_control": 10, "hr": hr, "accrual_rate": 20}
    accrual = logrank(**given, min_followup=6, power=power)["accrual_duration"]
    again = logrank(**given, min_followup=6, accrual_duration=accrual)["power"]
    assert again == pytest.approx(power, abs=1e-6)


def test_the_sentence_says_the_unit_of_its_times() -> None:
    given = {"hr": 0.7, "median_control": 2, "accrual_duration": 1, "min_followup": 3, "power": 0.8}
    said = calculate("logrank", given | {"time_unit": "year"}).sentence
    assert "中位时间 2 年" in said.zh and "入组 1 年、末例入组后随访 3 年" in said.zh
    assert said.en.startswith("Times in years:")
    assert "中位时间 2 个月" in calculate("logrank", given).sentence.zh
