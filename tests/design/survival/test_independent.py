"""Lachin and Foulkes' number of patients by integrating the chance of an event over the entries."""

from __future__ import annotations

import math

import pytest
from scipy import integrate
from scipy.stats import norm

from design import calculate


def _event(hazard: float, loss: float, rates: list[float], spans: list[float], end: float) -> float:
    """The chance that a patient who enters at piecewise constant rates has the event by the end."""

    def seen(entry: float) -> float:
        return hazard / (hazard + loss) * (1 - math.exp(-(hazard + loss) * (end - entry)))

    events, start = 0.0, 0.0
    for rate, span in zip(rates, spans, strict=True):
        events += rate * integrate.quad(seen, start, start + span)[0]
        start += span
    return events / sum(rate * span for rate, span in zip(rates, spans, strict=True))


@pytest.mark.parametrize(
    ("median", "hr", "null", "loss", "rates", "spans", "end", "ratio", "alpha", "power"),
    [
        (12, 0.75, 1.0, 0.005, [1, 2, 3], [3, 3, 6], 36, 1.0, 0.025, 0.9),
        (6, 0.6, 1.0, 0.02, [1, 1.5], [2, 8], 24, 2.0, 0.025, 0.8),
        (20, 0.8, 1.0, 0.001, [1], [12], 60, 0.5, 0.05, 0.85),
        (15, 1.0, 1.3, 0.01, [1, 4], [6, 12], 40, 1.0, 0.025, 0.9),
    ],
)
def test_patients_and_events(
    median: float,
    hr: float,
    null: float,
    loss: float,
    rates: list[float],
    spans: list[float],
    end: float,
    ratio: float,
    alpha: float,
    power: float,
) -> None:
    control = math.log(2) / median
    share = ratio / (1 + ratio)

    def events(treated: float, untreated: float) -> tuple[float, float]:
        first, second = (_event(each, loss, rates, spans, end) for each in (treated, untreated))
        return share * first, (1 - share) * second

    expected = events(control * hr, control)
    mean = control * (1 + ratio * hr) / (1 + ratio * null)
    error = math.sqrt(sum(1 / each for each in expected))
    null_error = math.sqrt(sum(1 / each for each in events(mean * null, mean)))
    needed = (-norm.ppf(alpha) * null_error + norm.ppf(power) * error) / math.log(hr / null)
    found = calculate(
        "logrank",
        {
            "median_control": median,
            "hr": hr,
            "null_hr": null,
            "dropout_hazard": loss,
            "accrual_rate": rates,
            "accrual_periods": spans,
            "study_duration": end,
            "min_followup": end - sum(spans),
            "ratio": ratio,
            "alpha": alpha,
            "sides": 1,
            "power": power,
        },
    ).outputs
    assert found["n_total_raw"] == pytest.approx(needed**2, rel=1e-9)
    assert found["events_raw"] == pytest.approx(needed**2 * sum(expected), rel=1e-9)
