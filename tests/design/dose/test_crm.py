"""CRM against a worked example, and by another integration."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

from design import BadDesign, calculate

# Cheung YK. Dose Finding by the Continual Reassessment Method, 2011, p. 21: five patients at doses
# 3, 5, 5, 3, 4, of whom the third had a DLT.
CHEUNG = {
    "target": 0.25,
    "skeleton": [0.05, 0.12, 0.25, 0.4, 0.55],
    "n": [0, 0, 2, 1, 2],
    "dlt": [0, 0, 0, 0, 1],
    "current": 4,
}


def test_the_example_of_cheung() -> None:
    found = calculate("crm_next_dose", CHEUNG | {"model": "logistic", "intercept": 3}).outputs
    assert found["next_dose"] == 4
    assert found["b_mean"] == pytest.approx(0.28, abs=0.005)
    assert [round(rate, 2) for rate in found["rates"]] == [0.01, 0.03, 0.08, 0.18, 0.33]


def test_the_power_model_by_adaptive_integration() -> None:
    found = calculate("crm_next_dose", CHEUNG).outputs

    def likelihood(b: float) -> float:
        p = np.array(CHEUNG["skeleton"]) ** np.exp(b)
        n, y = np.array(CHEUNG["n"]), np.array(CHEUNG["dlt"])
        return float(np.prod(p**y * (1 - p) ** (n - y)) * np.exp(-0.5 * b * b / 1.34))

    total = integrate.quad(likelihood, -8, 8, epsabs=1e-14)[0]
    mean = integrate.quad(lambda b: b * likelihood(b), -8, 8, epsabs=1e-14)[0] / total
    assert found["b_mean"] == pytest.approx(mean, abs=1e-7)


def test_no_dose_is_skipped_unless_allowed() -> None:
    given = {"target": 0.25, "skeleton": [0.02, 0.05, 0.1, 0.25], "n": [3, 0, 0, 0], "dlt": [0] * 4}
    careful = calculate("crm_next_dose", given).outputs
    assert careful["closest_dose"] > 2 and careful["next_dose"] == 2
    bold = calculate("crm_next_dose", given | {"skip": True}).outputs
    assert bold["next_dose"] == bold["closest_dose"]
    nobody = calculate("crm_next_dose", given | {"n": [0] * 4}).outputs
    assert nobody["next_dose"] == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"skeleton": [0.1, 0.1, 0.2, 0.3, 0.4]}, "skeleton"),
        ({"skeleton": [0.1, 0.2]}, "n"),
        ({"current": 6}, "current"),
        ({"model": "logistic", "intercept": -2}, "intercept"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, object], field: str) -> None:
    with pytest.raises(BadDesign) as told:
        calculate("crm_next_dose", CHEUNG | change)
    assert told.value.field == field


@settings(max_examples=40, deadline=None)
@given(
    data=st.lists(st.tuples(st.integers(0, 60), st.floats(0, 1)), min_size=1, max_size=6),
    model=st.sampled_from(["power", "logistic"]),
    sd=st.floats(0.01, 5),
    target=st.floats(0.05, 0.6),
)
def test_a_dose_or_a_reason(
    data: list[tuple[int, float]], model: str, sd: float, target: float
) -> None:
    n = [size for size, _ in data]
    given = {"n": n, "dlt": [round(size * share) for size, share in data], "model": model}
    given |= {"skeleton": [0.05 + 0.1 * i for i in range(len(n))], "prior_sd": sd, "target": target}
    found = calculate("crm_next_dose", given).outputs
    assert 1 <= found["next_dose"] <= len(n)
    assert all(0 <= rate <= 1 for rate in found["rates"])
    assert found["rates"] == sorted(found["rates"])
