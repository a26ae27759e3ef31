"""Expected events against numerical integration and published designs."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from design import BadDesign
from design.survival.events import (
    Accrual,
    Arm,
    arm_dropouts,
    arm_events,
    enrolled,
    expected_events,
    final_events,
    time_of_events,
)
from design.survival.hazards import Hazard, hazard_of_median, hazard_of_survival

MONTHLY = Accrual((5.0, 15.0), (4.0, 8.0))
ARMS = [
    Arm(0.5, Hazard.constant(hazard_of_median(8)), Hazard.constant(0.01)),
    Arm(0.5, Hazard.pieces((0.08, 0.03), (6,)), Hazard.pieces((0.02, 0.005), (10,))),
]


@pytest.mark.parametrize("time", [2, 5, 12, 20, 60])
def test_closed_form_equals_integration_over_entry_times(time: float) -> None:
    rate = {0: 5.0, 1: 15.0}
    total = 0.0
    for arm in ARMS:
        for period, (start, end) in enumerate([(0, 4), (4, 12)]):
            value, _ = integrate.quad(
                lambda entry, arm=arm: arm.event_probability(max(time - entry, 0.0)),
                start,
                end,
                points=[p for p in (time - 6, time - 10, time) if start < p < end] or None,
            )
            total += arm.share * rate[period] * value
    assert expected_events(MONTHLY, ARMS, time) == pytest.approx(total, rel=1e-8)


def test_sas_seqdesign_calendar_times() -> None:
    """SAS/STAT PROC SEQDESIGN example, uniform accrual of 15 for 18 units, hazards 0.03466 and
    half of it: 89.07847 events at 25.13323, 22.26962 at 11.2631 with 168.95 patients."""
    accrual = Accrual((15.0,), (18.0,))
    arms = [Arm(0.5, Hazard.constant(0.01733)), Arm(0.5, Hazard.constant(0.03466))]
    assert time_of_events(accrual, arms, 89.07847) == pytest.approx(25.13323, abs=2e-5)
    first = time_of_events(accrual, arms, 22.26962)
    assert first == pytest.approx(11.2631, abs=1e-4)
    assert enrolled(accrual, first) == pytest.approx(168.95, abs=5e-3)


def test_limited_followup_and_falling_accrual() -> None:
    limited = Arm(1.0, Hazard.constant(0.1), followup=6.0)
    late = arm_events(Accrual((10.0,), (12.0,)), limited, 100)
    assert late == pytest.approx(120 * -math.expm1(-0.6))
    falling = Accrual((10.0,), (12.0,), decay=0.3)
    assert falling.enrolled(12) == pytest.approx(120)
    assert falling.enrolled(6) == pytest.approx(120 * math.expm1(-1.8) / math.expm1(-3.6))
    density = 120 * 0.3 / -math.expm1(-3.6)
    exact, _ = integrate.quad(
        lambda entry: density * math.exp(-0.3 * entry) * -math.expm1(-0.1 * (20 - entry)), 0, 12
    )
    found = arm_events(falling, Arm(1.0, Hazard.constant(0.1)), 20)
    assert found == pytest.approx(exact, rel=1e-9)


def test_a_number_that_is_never_reached_is_refused() -> None:
    with pytest.raises(BadDesign, match="never reached"):
        time_of_events(MONTHLY, ARMS, 140)


def test_hazards_of_a_median_and_of_a_share() -> None:
    assert hazard_of_median(10) == pytest.approx(0.0693147, abs=1e-7)
    assert hazard_of_survival(0.95, 12) == pytest.approx(-math.log(0.95) / 12)
    assert Hazard.pieces((0.05, 0.01), (6,)).median() == pytest.approx(
        6 + (math.log(2) - 0.3) / 0.01
    )


_rate = st.floats(1e-6, 3)


@given(st.tuples(_rate, _rate), st.floats(0.1, 50), _rate, st.floats(0.5, 60), st.floats(0, 200))
def test_patients_are_conserved(
    rates: tuple[float, float], bend: float, loss: float, duration: float, time: float
) -> None:
    """Everyone enrolled has had the event, is lost, or is still followed."""
    accrual = Accrual((7.0,), (duration,))
    arm = Arm(1.0, Hazard.pieces(rates, (bend,)), Hazard.constant(loss))
    gone = arm_events(accrual, arm, time) + arm_dropouts(accrual, arm, time)
    left = accrual.weighted(arm.at_risk, time, [bend])
    assert gone + left == pytest.approx(enrolled(accrual, time), rel=1e-3, abs=1e-6)
    assert 0 <= arm_events(accrual, arm, time) <= final_events(accrual, [arm]) * (1 + 1e-12)
