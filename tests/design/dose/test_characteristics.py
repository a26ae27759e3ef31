"""Operating characteristics: the simulation and the exact 3+3 against other routes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from design import BadDesign, calculate
from design.dose.isotonic import eliminated, select
from design.dose.rules import Settings, thresholds

TRIAL = {"target": 0.3, "rates": [0.1, 0.3, 0.5], "cohorts": 4}


def exact_shares() -> tuple[list[float], float]:
    """Selection of each dose and of none, by following every path of a BOIN trial."""
    rules = thresholds(Settings("boin", 0.3), 12)
    pmf = [[float(stats.binom.pmf(k, 3, p)) for k in range(4)] for p in TRIAL["rates"]]  # type: ignore[attr-defined]
    shares, none = [0.0, 0.0, 0.0], 0.0
    paths = [(1.0, (0, 0, 0), (0, 0, 0), 0, 3)]
    for _ in range(4):
        onward = []
        for chance, n, y, at, ceiling in paths:
            for cases in range(4):
                n2 = tuple(v + 3 * (i == at) for i, v in enumerate(n))
                y2 = tuple(v + cases * (i == at) for i, v in enumerate(y))
                decision = rules[n2[at] - 1].decision(y2[at])
                share = chance * pmf[at][cases]
                top = min(ceiling, at) if decision == "eliminate" else ceiling
                if top == 0:
                    none += share
                    continue
                step = {"escalate": 1, "stay": 0}.get(decision, -1)
                onward.append((share, n2, y2, min(max(at + step, 0), top - 1), top))
        paths = onward
    for share, n, y, _, _ in paths:
        patients, cases_ = np.array(n), np.array(y)
        out = eliminated(patients, cases_, 0.3, 0.95, 3)
        chosen = int(select(patients, cases_, 0.3, out))
        if chosen < 0:
            none += share
        else:
            shares[chosen] += share
    return shares, none


def test_simulated_shares_are_those_of_all_paths() -> None:
    shares, none = exact_shares()
    assert sum(shares) + none == pytest.approx(1)
    found = calculate("dose_finding_characteristics", TRIAL | {"trials": 20_000}).outputs
    assert found["selected"] == pytest.approx(shares, abs=4 * 0.5 / 20_000**0.5)
    assert found["selected_none"] == pytest.approx(none, abs=4 * 0.5 / 20_000**0.5)


def test_the_same_seed_gives_the_same_trials() -> None:
    first = calculate("dose_finding_characteristics", TRIAL | {"seed": 7}).outputs
    assert calculate("dose_finding_characteristics", TRIAL | {"seed": 7}).outputs == first
    assert calculate("dose_finding_characteristics", TRIAL | {"seed": 8}).outputs != first


def test_stopping_at_a_number_saves_patients() -> None:
    long = calculate("dose_finding_characteristics", TRIAL | {"cohorts": 12}).outputs
    short = calculate("dose_finding_characteristics", TRIAL | {"cohorts": 12, "stop_at": 9}).outputs
    assert short["expected_n"] < long["expected_n"] == pytest.approx(36, abs=1)


def test_no_rate_near_the_target_is_told() -> None:
    result = calculate("dose_finding_characteristics", TRIAL | {"rates": [0.01, 0.02]})
    assert result.warnings
    with pytest.raises(BadDesign, match="there are 3 doses"):
        calculate("dose_finding_characteristics", TRIAL | {"start": 4})
    with pytest.raises(BadDesign, match="300 patients"):
        calculate("dose_finding_characteristics", TRIAL | {"cohorts": 100, "cohort": 12})


@settings(max_examples=20, deadline=None)
@given(
    rates=st.lists(st.floats(0.001, 0.999), min_size=1, max_size=6),
    design=st.sampled_from(["boin", "mtpi2", "keyboard", "i3+3"]),
    start=st.integers(1, 6),
    cohort=st.integers(1, 5),
    stop_at=st.integers(1, 20),
)
def test_shares_add_up(
    rates: list[float], design: str, start: int, cohort: int, stop_at: int
) -> None:
    given = {"target": 0.3, "rates": rates, "design": design, "start": start, "cohort": cohort}
    given |= {"stop_at": stop_at, "trials": 200, "cohorts": 6}
    try:
        found = calculate("dose_finding_characteristics", given).outputs
    except BadDesign:
        assert start > len(rates)
        return
    assert sum(found["selected"]) + found["selected_none"] == pytest.approx(1)
    assert found["expected_n"] == pytest.approx(sum(found["patients"]))
    assert found["expected_n"] <= 6 * cohort


def simulate_three_plus_three(rates: list[float], six: bool, trials: int) -> list[float]:
    """One trial after another, as an investigator would run them; share of each MTD, 0 for none."""
    random = np.random.default_rng(5)
    found = np.zeros(len(rates) + 1)
    for _ in range(trials):
        had: dict[int, int] = {}
        at = 0
        while at < len(rates):
            cases = random.binomial(3, rates[at])
            had[at] = 3
            if cases == 1:
                cases += random.binomial(3, rates[at])
                had[at] = 6
            if cases > 1:
                break
            at += 1
        mtd = at - 1
        while six and mtd >= 0 and had[mtd] == 3:
            had[mtd] = 6
            if random.binomial(3, rates[mtd]) <= 1:
                break
            mtd -= 1
        found[mtd + 1] += 1
    return list(found / trials)


@pytest.mark.parametrize("six", [True, False])
def test_three_plus_three_against_a_simulation(six: bool) -> None:
    rates = [0.05, 0.2, 0.4]
    found = calculate("three_plus_three", {"rates": rates, "six_at_mtd": six}).outputs
    exact = [found["probability_none"], *found["probability_mtd"]]
    shares = simulate_three_plus_three(rates, six, 20_000)
    assert shares == pytest.approx(exact, abs=4 * 0.5 / 20_000**0.5)


@settings(max_examples=40, deadline=None)
@given(rates=st.lists(st.floats(0.0001, 0.9999), min_size=1, max_size=20), six=st.booleans())
def test_three_plus_three_adds_up(rates: list[float], six: bool) -> None:
    found = calculate("three_plus_three", {"rates": rates, "six_at_mtd": six}).outputs
    assert found["probability_none"] + sum(found["probability_mtd"]) == pytest.approx(1)
    assert 3 - 1e-9 <= found["expected_n"] <= 6 * len(rates) + 1e-9
    assert all(0 <= n <= 6 + 1e-9 for n in found["expected_patients"])
