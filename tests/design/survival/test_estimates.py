"""A single arm, survival at a time, RMST and the event timeline."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import integrate

from design import BadDesign, calculate
from design.survival.curves import Curve
from design.survival.estimates import followed, kinks, mean_variance, survival_variance
from design.survival.events import Accrual
from design.survival.hazards import Hazard
from design.survival.two_looks import bounds, crossing


def outputs(name: str, **given: Any) -> dict[str, Any]:
    return dict(calculate(name, given).outputs)


WU: dict[str, Any] = {
    "median0": 9,
    "hr": 1 / 1.75,
    "shape": 1.22,
    "accrual_duration": 5,
    "min_followup": 3,
    "alpha": 0.05,
}


@pytest.mark.parametrize(("power", "n"), [(0.8, 88), (0.85, 100), (0.9, 117)])
def test_wu_one_sample_log_rank(power: float, n: int) -> None:
    """Wu 2015, the example of R logRank1s: 88, 100 and 117 patients; power 0.803 with 88."""
    assert outputs("one_arm_survival", **WU, power=power)["n"] == n
    assert outputs("one_arm_survival", **WU, n=88)["power"] == pytest.approx(0.803, abs=5e-4)


@pytest.mark.parametrize(("ratio", "events"), [(1.5, 67), (2, 23), (3, 10)])
def test_life_test_plans(ratio: float, events: int) -> None:
    """Epstein & Sobel's plans as in MIL-HDBK-H108, alpha and beta 0.05: 67, 23 and 10 events."""
    found = outputs(
        "one_arm_survival",
        median0=1,
        hr=1 / ratio,
        accrual_duration=1,
        min_followup=100,
        alpha=0.05,
        power=0.95,
        test="exponential",
    )
    assert found["events"] == events


def test_lrstat_survival_and_rmst_at_18_months() -> None:
    """R lrstat tests, two looks at 0.8 and 1: kmpower 0.7634, kmpower1s 0.9557, rmpower 0.30423,
    rmpower1s 0.755621; two strata, an effect from month 6, drop-out of 5% a year."""
    accrual = Accrual(tuple(26 / 9 * k for k in range(1, 10)), (1.0,) * 9).until(22)
    loss = Hazard.constant(-math.log(0.95) / 12)
    share, bends = followed(accrual, loss, 40), kinks(accrual, loss, 40)
    limits = bounds(0.025, 0.8)
    expected = {"survival": (0.7634, 0.9557, 5e-5), "rmst": (0.30423, 0.755621, 5e-7)}
    for measure, (two_arms, one_arm, tolerance) in expected.items():
        estimate = survival_variance if measure == "survival" else mean_variance
        gain = spread = level = own = 0.0
        for weight, factor in ((0.2, 1.0), (0.8, 1.5)):
            control = Curve(Hazard.constant(0.0533 * factor))
            treated = Curve(Hazard.pieces((0.0533 * factor, 0.0309 * factor), (6,)))
            values = [_value(curve, measure) for curve in (treated, control)]
            gain += weight * (values[0] - values[1])
            level += weight * values[0]
            n = accrual.patients * weight
            variances = [estimate(curve, share, 18, bends) for curve in (treated, control)]
            spread += weight**2 * sum(variances) / (n / 2)
            own += weight**2 * variances[0] / n
        z = gain / math.sqrt(spread)
        power = crossing(limits, (z * math.sqrt(0.8), z), 0.8)
        assert power == pytest.approx(two_arms, abs=max(tolerance, 5e-6))
        z = (level - (0.30 if measure == "survival" else 10)) / math.sqrt(own)
        assert crossing(limits, (z * math.sqrt(0.8), z), 0.8) == pytest.approx(
            one_arm, abs=tolerance
        )


def _value(curve: Curve, measure: str) -> float:
    if measure == "survival":
        return curve.survival(18)
    return float(curve.restricted_mean(np.array([18.0]))[0])


@pytest.mark.parametrize("shape", [0.7, 1.0, 2.5])
def test_without_censoring_the_variances_are_those_of_the_values(shape: float) -> None:
    """Var(min(T, tau)) by integration, and S(1 - S): what both estimates have if all are seen."""
    curve = Curve.weibull(10, shape)
    share, bends = followed(Accrual((1.0,), (1e-3,)), Hazard.constant(0), 100), [0.0]
    first, _ = integrate.quad(curve.survival, 0, 18)
    second, _ = integrate.quad(lambda t: 2 * t * curve.survival(t), 0, 18)
    assert curve.restricted_mean(np.array([18.0]))[0] == pytest.approx(first, rel=1e-8)
    assert mean_variance(curve, share, 18, bends) == pytest.approx(second - first**2, rel=1e-7)
    left = curve.survival(18)
    assert survival_variance(curve, share, 18, bends) == pytest.approx(left * (1 - left), rel=1e-7)


def test_rmst_size_gives_the_power_back() -> None:
    given = {
        "measure": "rmst",
        "time": 18,
        "median_control": 10,
        "hr": 0.6,
        "accrual_duration": 12,
        "min_followup": 12,
        "dropout": 0.05,
    }
    size = outputs("survival_difference", **given, power=0.9)
    power = outputs("survival_difference", **given, n_total=size["n_total"])["power"]
    assert 0.9 <= power < 0.905
    with pytest.raises(BadDesign, match="nobody is followed"):
        outputs("survival_difference", **given | {"time": 30}, power=0.9)


def test_sas_event_timeline() -> None:
    """SAS PROC SEQDESIGN (gsDesign vignette SeqDesignSurvival): the calendar times of the looks."""
    found = outputs(
        "event_timeline",
        hr=0.5,
        hazard_control=0.03466,
        accrual_duration=18,
        accrual_rate=15,
        events=[22.26962, 44.53924, 66.80886, 89.07847],
    )
    assert found["time"] == pytest.approx([11.2631, 16.2875, 20.4926, 25.13323], abs=1e-4)
    assert found["enrolled"] == pytest.approx([168.95, 244.31, 270, 270], abs=5e-3)


def test_hazards_in_each_others_terms() -> None:
    found = outputs("hazard_rate", survival=0.95, time=12)
    assert found["hazard"] == pytest.approx(0.0042744, abs=5e-8)
    assert outputs("hazard_rate", hazard=found["hazard"])["survival"] == pytest.approx(0.95)


def test_a_worse_curve_is_refused() -> None:
    with pytest.raises(BadDesign, match="not better than the historical"):
        outputs("one_arm_survival", **WU | {"hr": 1.2}, power=0.8)
