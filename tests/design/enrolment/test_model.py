"""The distribution of enrolment, against simulation and against what must hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from design.enrolment.exposure import exposures
from design.enrolment.model import Season, SiteGroup, enrolled, moments

GROUPS = [
    SiteGroup(8, 1.0, 0.2, 0.99, 0, 6),
    SiteGroup(5, 1.2, 0.4, 0.95, 0, 6),
    SiteGroup(6, 1.4, 0.8, 0.91, 0, 6),
    SiteGroup(1, 1.2, 0.6, 0.85, 0, 6),
]


def test_without_spread_or_windows_it_is_poisson() -> None:
    found = enrolled([SiteGroup(4, 2.5)], 6)
    assert found.probabilities[:120] == pytest.approx(
        stats.poisson.pmf(np.arange(120), 60), abs=1e-9
    )


def test_one_gamma_site_is_negative_binomial() -> None:
    found = enrolled([SiteGroup(1, 2.0, 1.0)], 10)
    expected = stats.nbinom.pmf(np.arange(100), 4, 4 / (4 + 20))
    assert found.probabilities[:100] == pytest.approx(expected, abs=1e-9)


def test_simulation_agrees_with_a_season_and_late_starts() -> None:
    draw = np.random.default_rng(20261122)
    multipliers = (1, 0.4, 1, 1.2, 1, 1, 1, 0.8, 1, 1, 1, 1)
    season, at, runs = Season(multipliers, 11), 9.5, 40_000
    days = np.array([multipliers[(10 + int(t)) % 12] for t in np.arange(0, at, 0.001)])
    cumulative = np.concatenate([[0], np.cumsum(days) * 0.001])
    total = np.zeros(runs)
    for group in GROUPS:
        for _ in range(group.sites):
            starts = draw.uniform(group.start_from, group.start_to, runs)
            months = cumulative[-1] - cumulative[(starts * 1000).astype(int)]
            shape = group.rate**2 / group.variance
            rates = draw.gamma(shape, group.rate / shape, runs) * group.kept
            total += draw.poisson(rates * months)
    found = enrolled(GROUPS, at, season)
    assert found.mean == pytest.approx(total.mean(), abs=5 * total.std() / runs**0.5 + 0.02)
    assert found.variance == pytest.approx(total.var(), rel=0.05)
    target = int(found.mean)
    assert found.at_least(target) == pytest.approx((total >= target).mean(), abs=0.012)


@given(
    at=st.floats(0.1, 40),
    start=st.floats(0, 20),
    width=st.floats(0, 20),
    month=st.integers(1, 12),
)
def test_exposures_are_a_distribution_within_what_is_possible(
    at: float, start: float, width: float, month: int
) -> None:
    season = [0.5, 1, 2, 1, 1, 1, 0, 1, 1, 1, 1, 1.5]
    for multipliers in ([], season):
        months, weights = exposures(at, start, start + width, multipliers, month)
        assert weights.sum() == pytest.approx(1)
        assert (weights >= 0).all() and (months >= -1e-12).all()
        assert months.max() <= at * (2 if multipliers else 1) + 1e-9


def test_the_mean_of_exposure_is_exact() -> None:
    months, weights = exposures(24, 0, 6)
    assert weights @ months == pytest.approx(21)
    assert weights @ months**2 == pytest.approx(21**2 + 36 / 12)


@given(at=st.floats(1, 30), more=st.floats(0.5, 10))
def test_more_time_never_enrols_fewer(at: float, more: float) -> None:
    assert moments(GROUPS, at + more, Season())[0] >= moments(GROUPS, at, Season())[0] - 1e-9
    assert enrolled(GROUPS, at + more).at_least(50) >= enrolled(GROUPS, at).at_least(50) - 1e-9


def test_what_is_left_out_of_the_transform_adds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = [SiteGroup(30, 1.0, 0.5, 0.8, 0.0, 6.0), SiteGroup(5, 4.0), SiteGroup(3, 0.1, 0.02)]
    quick = enrolled(groups, 12.0).probabilities
    monkeypatch.setattr("design.enrolment.model._NEGLIGIBLE", -1e9)
    assert abs(enrolled(groups, 12.0).probabilities - quick).max() < 1e-15
