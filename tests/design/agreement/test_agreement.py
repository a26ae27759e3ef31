"""Agreement against irr, lrstat, kappaSize, presize and Bonett; by simulation and exact power."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from design import BadDesign, calculate


def test_goodness_of_fit_of_kappasize() -> None:
    """kappaSize 1.2 PowerBinary: 0.4 and 0.7, prevalence 0.5: 73.26, so 74; prevalence 0.2: 107."""
    inputs = {"kappa0": 0.4, "kappa1": 0.7, "power": 0.8, "method": "goodness_of_fit"}
    half = calculate("kappa_test", inputs | {"shares": [0.5]}).outputs
    assert half["n_raw"] == pytest.approx(73.26, abs=0.01)
    assert half["n"] == 74
    assert calculate("kappa_test", inputs | {"shares": [0.2]}).outputs["n"] == 107


def test_cantor_of_irr() -> None:
    """N.cohen.kappa(0.5, 0.5, 0.7, 0.85) prints 96 and has k1 before k0, unlike its comment."""
    inputs = {"shares": [0.5], "power": 0.8, "sides": 1}
    printed = calculate("kappa_test", inputs | {"kappa0": 0.85, "kappa1": 0.7}).outputs["n"]
    assert printed == 96
    meant = calculate("kappa_test", inputs | {"kappa0": 0.7, "kappa1": 0.85}).outputs["n"]
    assert meant == 117


def test_cantor_two_sided() -> None:
    """irr N.cohen.kappa, two-sided, 0.7 against 0.4 at 50%: 64."""
    inputs = {"kappa0": 0.4, "kappa1": 0.7, "shares": [0.5], "power": 0.8}
    assert calculate("kappa_test", inputs).outputs["n"] == 64


def test_four_categories_of_lrstat() -> None:
    """Regression test of lrstat getDesignAgreement: 82 subjects, power 0.8006."""
    inputs = {
        "kappa0": 0.4,
        "kappa1": 0.6,
        "shares": [0.1, 0.2, 0.3, 0.4],
        "shares2": [0.15, 0.2, 0.24, 0.41],
        "sides": 1,
    }
    assert calculate("kappa_test", inputs | {"power": 0.8}).outputs["n"] == 82
    power = calculate("kappa_test", inputs | {"n": 82}).outputs["power"]
    assert power == pytest.approx(0.8006, abs=5e-5)


def test_the_variance_of_weighted_kappa_by_simulation() -> None:
    """2000 tables of 1500 subjects, seed 3: the spread of kappa has 1.6% of error."""
    table = [[0.3, 0.05, 0.02], [0.06, 0.2, 0.07], [0.01, 0.05, 0.24]]
    n = 1500
    for weights, lag in (("none", None), ("linear", 1), ("quadratic", 2)):
        width = calculate("kappa_precision", {"table": table, "weights": weights, "n": n}).outputs[
            "ci_width"
        ]
        draws = np.random.default_rng(3).multinomial(n, np.ravel(table), 2000) / n
        cells = draws.reshape(-1, 3, 3)
        apart = np.abs(np.subtract.outer(np.arange(3), np.arange(3))) / 2
        w = (apart == 0) * 1.0 if lag is None else 1 - apart**lag
        observed = (cells * w).sum(axis=(1, 2))
        chance = np.einsum("ni,ij,nj->n", cells.sum(axis=2), w, cells.sum(axis=1))
        kappas = (observed - chance) / (1 - chance)
        assert width == pytest.approx(2 * 1.959964 * kappas.std(), rel=0.07)


def test_bonett_and_presize() -> None:
    """Bonett 2002: 19.2 for ICC 0.85, 4 raters, width 0.2; presize: 0.3233102 for 50, 3, 0.5."""
    outputs = calculate("icc_precision", {"icc": 0.85, "raters": 4, "ci_width": 0.2}).outputs
    assert outputs["n_raw"] == pytest.approx(19.2, abs=0.05)
    assert outputs["n"] == 20
    width = calculate("icc_precision", {"icc": 0.5, "raters": 3, "n": 50}).outputs["ci_width"]
    assert width == pytest.approx(0.3233102, abs=5e-8)


@pytest.mark.parametrize(
    ("icc0", "icc1", "raters"), [(0.6, 0.8, 2), (0.6, 0.8, 3), (0.2, 0.6, 2), (0.7, 0.85, 3)]
)
def test_reliability_by_the_exact_f_test(icc0: float, icc1: float, raters: int) -> None:
    """The approximation of Walter and others against the exact power of the one-way F test."""
    n = calculate("icc_test", {"icc0": icc0, "icc1": icc1, "raters": raters, "power": 0.8}).outputs[
        "n"
    ]
    null, own = (1 + raters * r / (1 - r) for r in (icc0, icc1))
    df = (n - 1, n * (raters - 1))
    exact = stats.f.sf(null / own * stats.f.isf(0.05, *df), *df)
    assert exact == pytest.approx(0.8, abs=0.025)


def test_limits_of_agreement_by_simulation() -> None:
    """20000 studies of 40 pairs, seed 5, each with its own intervals of both limits."""
    inputs = {"mean": 0.3, "sd": 1.0, "allowed": 3.2, "n": 40}
    z, n = 1.959963985, 40
    draws = np.random.default_rng(5).normal(0.3, 1.0, (20_000, n))
    mean, sd = draws.mean(axis=1), draws.std(axis=1, ddof=1)
    t = stats.t.isf(0.025, n - 1)
    reach = z * sd + t * sd * math.sqrt(1 / n + z * z / (2 * (n - 1)))
    passed = (mean + reach < 3.2) & (mean - reach > -3.2)
    found = calculate("limits_of_agreement", inputs).outputs["power"]
    assert found == pytest.approx(passed.mean(), abs=4 * math.sqrt(0.1 / 20_000))


def test_limits_of_agreement_of_lu() -> None:
    """SimplyAgree, blandPowerCurve and find_n: SD 3.3, 8 allowed, 145 pairs."""
    inputs = {"sd": 3.3, "allowed": 8, "power": 0.8, "method": "lu"}
    assert calculate("limits_of_agreement", inputs).outputs["n"] == 145


def test_precision_of_limits_of_bland_and_altman() -> None:
    """presize: 17 pairs have a width of 2 * 1.96 * sqrt(3/17) SD."""
    width = calculate("limits_of_agreement_precision", {"n": 17}).outputs["ci_width"]
    assert width == pytest.approx(2 * 1.96 * math.sqrt(3 / 17), abs=1e-4)
    assert calculate("limits_of_agreement_precision", {"ci_width": width}).outputs["n"] == 17


def test_concordance_by_simulation() -> None:
    """4000 studies, seed 9: the power at the number found."""
    inputs = {"ccc0": 0.8, "correlation": 0.93, "shift": 0.2, "scale": 1.1}
    n = calculate("ccc_test", inputs | {"power": 0.8}).outputs["n"]
    random = np.random.default_rng(9)
    x = random.normal(size=(4000, n))
    noise = random.normal(size=(4000, n))
    first = math.sqrt(1.1) * x
    second = (0.93 * x + math.sqrt(1 - 0.93**2) * noise) / math.sqrt(1.1) + 0.2
    covariance = ((first - first.mean(1, keepdims=True)) * second).mean(axis=1)
    apart = (first.mean(axis=1) - second.mean(axis=1)) ** 2
    found = 2 * covariance / (first.var(axis=1) + second.var(axis=1) + apart)
    expected = calculate("ccc_test", inputs | {"n": n}).outputs
    spread = (math.atanh(expected["ccc"]) - math.atanh(0.8)) / (
        stats.norm.isf(0.05) + stats.norm.ppf(expected["power"])
    )
    passed = np.arctanh(found) - stats.norm.isf(0.05) * spread > math.atanh(0.8)
    assert passed.mean() == pytest.approx(0.8, abs=0.06)


def test_what_cannot_agree_is_refused() -> None:
    with pytest.raises(BadDesign, match="no pair of raters"):
        calculate(
            "kappa_test",
            {"kappa0": 0.4, "kappa1": 0.9, "shares": [0.5], "shares2": [0.2], "power": 0.8},
        )
    with pytest.raises(BadDesign, match="agreement would be false"):
        calculate("limits_of_agreement", {"sd": 2.0, "allowed": 3.0, "power": 0.8})
    with pytest.raises(BadDesign, match="does not exceed"):
        calculate("icc_test", {"icc0": 0.8, "icc1": 0.7, "power": 0.8})
    with pytest.raises(BadDesign, match="not above ccc0"):
        calculate("ccc_test", {"ccc0": 0.95, "correlation": 0.9, "power": 0.8})


@settings(max_examples=60, deadline=None)
@given(
    st.floats(-0.99, 0.99),
    st.floats(-0.99, 0.99),
    st.lists(st.floats(0.01, 0.99), min_size=1, max_size=4),
    st.floats(0.05, 0.99),
    st.sampled_from(["variance", "goodness_of_fit"]),
)
def test_a_kappa_or_a_reason(
    kappa0: float, kappa1: float, parts: list[float], power: float, method: str
) -> None:
    shares = parts if len(parts) == 1 else [part / sum(parts) for part in parts]
    inputs = {"kappa0": kappa0, "kappa1": kappa1, "shares": shares, "power": power}
    try:
        outputs = calculate("kappa_test", inputs | {"method": method}).outputs
    except BadDesign:
        return
    assert outputs["n"] >= 0


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0, 0.999),
    st.floats(0, 0.999),
    st.integers(2, 1000),
    st.floats(0.01, 0.999),
    st.floats(0, 3),
    st.floats(0.1, 10),
)
def test_subjects_or_a_reason(
    a: float, b: float, raters: int, power: float, shift: float, scale: float
) -> None:
    for method, inputs in (
        ("icc_test", {"icc0": a, "icc1": b, "raters": raters, "power": power}),
        ("icc_precision", {"icc": a, "raters": raters, "ci_width": max(b, 1e-6)}),
        (
            "ccc_test",
            {
                "ccc0": a,
                "correlation": max(b, 1e-6),
                "shift": shift,
                "scale": scale,
                "power": power,
            },
        ),
        ("limits_of_agreement", {"mean": a, "sd": scale, "allowed": shift + 0.01, "power": power}),
    ):
        try:
            outputs = calculate(method, inputs).outputs
        except BadDesign:
            continue
        assert outputs["n"] >= 1
