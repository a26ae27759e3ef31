"""Clustered studies against epiR, clusterPower (with NIH and PASS), SWSamp and Hooper."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from design import BadDesign, calculate


def test_inflation_of_epir() -> None:
    """epi.sssimpleestb: 1168 cattle, ICC 0.09, 20 a herd, 3166."""
    outputs = calculate("cluster_design_effect", {"m": 20, "icc": 0.09, "n_srs": 1168}).outputs
    assert outputs["n"] == 3166
    assert outputs["design_effect"] == pytest.approx(2.71)
    worth = calculate("cluster_design_effect", {"m": 20, "icc": 0.09, "n": 2.71e3}).outputs
    assert worth["n_effective"] == pytest.approx(1000)


@pytest.mark.parametrize(
    ("inputs", "clusters"),
    [
        # epi.ssclus2estb, 1estb (three), 1estc, 2estc
        ({"p": 0.2, "abs_error": 0.05, "icc": 0.02, "m": 20}, 17),
        ({"p": 0.46, "rel_error": 0.1, "icc": 0.2, "m": 75, "level": 0.9}, 67),
        (
            {
                "p": 0.46,
                "rel_error": 0.1,
                "icc": 0.2,
                "m": 75,
                "size_cv": 35 / 75,
                "level": 0.9,
            },
            81,
        ),
        (
            {
                "p": 0.46,
                "rel_error": 0.1,
                "icc": 0.2,
                "m": 75,
                "size_cv": 35 / 75,
                "level": 0.9,
                "population": 220,
            },
            60,
        ),
        ({"mean": 34, "sd": 5.5, "rel_error": 0.1, "icc": 0.1, "m": 25}, 2),
        (
            {
                "mean": 28,
                "sd": 160**0.5,
                "rel_error": 0.3,
                "icc": 0.02,
                "m": 2,
                "population": 5,
            },
            3,
        ),
    ],
)
def test_surveys_of_epir(inputs: dict[str, object], clusters: int) -> None:
    assert calculate("cluster_survey", inputs).outputs["clusters"] == clusters


def test_two_means_of_the_nih_calculator_and_pass() -> None:
    """Tests of clusterPower: 5 clusters an arm (NIH), 150 persons a cluster (PASS 11)."""
    inputs = {"difference": 0.4804988, "sd": 1, "icc": 0.05, "power": 0.8}
    assert calculate("cluster_means", inputs | {"m": 150}).outputs["clusters_per_arm"] == 5
    assert calculate("cluster_means", inputs | {"clusters": 5}).outputs["m"] == 150


def test_two_proportions_of_the_nih_calculator_and_pass() -> None:
    """Tests of clusterPower: 12.1 clusters by t (NIH 12), power 0.860 at 13 by z (PASS 11)."""
    inputs = {"p1": 0.1, "p2": 0.2, "icc": 0.05, "m": 150}
    raw = calculate("cluster_proportions", inputs | {"power": 0.8}).outputs["clusters_per_arm_raw"]
    assert round(raw) == 12
    normal = calculate("cluster_proportions", inputs | {"clusters": 13, "correction": "none"})
    assert round(normal.outputs["power"], 3) == 0.860


@pytest.mark.parametrize("correction", ["t", "plus_one"])
def test_two_rates_of_hayes_and_bennett(correction: str) -> None:
    """Example of clusterPower crtpwr.2rate: more than 24, so 25 clusters an arm."""
    inputs = {"rate1": 0.1, "rate2": 0.2, "k": 0.1, "person_time": 10, "power": 0.8}
    outputs = calculate("cluster_rates", inputs | {"correction": correction}).outputs
    assert 24 < outputs["clusters_per_arm_raw"] < outputs["clusters_per_arm"] == 25


def test_matching_costs_a_pair_more_at_the_same_spread() -> None:
    inputs = {"rate1": 0.1, "rate2": 0.2, "k": 0.1, "person_time": 10, "power": 0.8}
    alone = calculate("cluster_rates", inputs).outputs["clusters_per_arm"]
    paired = calculate("cluster_rates", inputs | {"matched": True}).outputs["clusters_per_arm"]
    assert paired == alone + 1


def test_stepped_wedge_of_swsamp() -> None:
    """SWSamp HH.count in the tests of clusterPower: 0.806856 for 21 clusters in 6 steps."""
    sd = (math.sqrt(1.75) + math.sqrt(1.575)) / 2
    inputs = {
        "difference": 0.175,
        "sd": sd / math.sqrt(0.99),
        "icc": 0.01,
        "m": 30,
        "steps": 6,
        "clusters": 21,
    }
    power = calculate("stepped_wedge", inputs).outputs["power"]
    assert power == pytest.approx(0.806856, abs=5e-7)


def test_stepped_wedge_of_hooper() -> None:
    """Example of clusterPower cpa.sw.normal: 1.288772 clusters a step, 10 in all."""
    inputs = {
        "difference": 1.5,
        "sd": 4,
        "icc": 0.2,
        "cac": 0.8,
        "m": 50,
        "steps": 5,
        "power": 0.8,
    }
    outputs = calculate("stepped_wedge", inputs).outputs
    assert outputs["clusters_raw"] == pytest.approx(5 * 1.288772, abs=2e-3)
    assert outputs["clusters"] == 10


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 8), st.integers(1, 4), st.integers(1, 60), st.floats(0.0, 0.9))
def test_hussey_and_hughes_closed_form(steps: int, each: int, m: int, icc: float) -> None:
    clusters = steps * each
    outputs = calculate(
        "stepped_wedge",
        {"difference": 0.3, "sd": 1, "icc": icc, "m": m, "steps": steps, "clusters": clusters},
    ).outputs
    x = np.repeat([[float(t > s) for t in range(steps + 1)] for s in range(steps)], each, axis=0)
    within, between, periods = (1 - icc) / m, icc, steps + 1
    u, w, v = x.sum(), (x.sum(axis=0) ** 2).sum(), (x.sum(axis=1) ** 2).sum()
    numerator = clusters * within * (within + periods * between)
    denominator = (clusters * u - w) * within + (
        u**2 + clusters * periods * u - periods * w - clusters * v
    ) * between
    assert outputs["standard_error"] == pytest.approx(math.sqrt(numerator / denominator), rel=1e-6)


def test_one_period_is_a_parallel_trial() -> None:
    inputs = {"icc": 0.05, "m": 150, "clusters": 26}
    over = calculate(
        "stepped_wedge", inputs | {"difference": 0.2, "sd": 1, "layout": "parallel"}
    ).outputs
    variance = 2 * (1 + 149 * 0.05) / 150 / 13
    assert over["power"] == pytest.approx(
        float(special.ndtr(0.2 / math.sqrt(variance) - 1.959963985)), abs=1e-8
    )


def test_decay_lies_between_none_and_constant_correlation() -> None:
    inputs = {"difference": 0.3, "sd": 1, "icc": 0.1, "m": 20, "steps": 5, "clusters": 20}
    nested = calculate("stepped_wedge", inputs | {"cac": 0.8}).outputs["standard_error"]
    decay = calculate("stepped_wedge", inputs | {"cac": 0.8, "correlation": "decay"}).outputs
    one = calculate("stepped_wedge", inputs).outputs["standard_error"]
    assert one < nested
    assert decay["standard_error"] != pytest.approx(nested)


def test_unequal_sizes_need_more_clusters() -> None:
    inputs = {"p1": 0.1, "p2": 0.2, "icc": 0.05, "m": 50, "power": 0.8}
    sizes = [
        calculate("cluster_proportions", inputs | {"size_cv": cv}).outputs["clusters_per_arm_raw"]
        for cv in (0, 0.3, 0.6, 1.0)
    ]
    assert sizes == sorted(sizes)


def test_too_few_clusters_are_told() -> None:
    inputs = {"p1": 0.1, "p2": 0.12, "icc": 0.05, "clusters": 5, "power": 0.8}
    with pytest.raises(BadDesign, match="at least"):
        calculate("cluster_proportions", inputs)
    with pytest.raises(BadDesign, match="told apart"):
        calculate(
            "stepped_wedge",
            {
                "difference": 1,
                "sd": 1,
                "icc": 0.1,
                "m": 5,
                "layout_rows": [[0, 1]],
                "clusters": 4,
            },
        )


def test_icc_conversions_turn_back() -> None:
    icc = calculate("cluster_icc", {"k": 0.25, "p": 0.1}).outputs["icc"]
    assert icc == pytest.approx(0.0625 * 0.1 / 0.9)
    assert calculate("cluster_icc", {"effect": 2, "m": 21}).outputs["icc"] == pytest.approx(0.05)
    parts = calculate("cluster_icc", {"between": icc, "within": 1 - icc, "p": 0.1}).outputs
    assert parts["k"] == pytest.approx(0.25)
    assert calculate("cluster_icc", {"between": 0.3}).outputs["icc"] == pytest.approx(
        0.3 / (0.3 + math.pi**2 / 3)
    )


@settings(max_examples=80, deadline=None)
@given(
    st.floats(0.001, 0.999),
    st.floats(0.001, 0.999),
    st.floats(0, 0.99),
    st.floats(0, 3),
    st.one_of(st.none(), st.floats(1, 1e5)),
    st.one_of(st.none(), st.integers(1, 2000)),
    st.one_of(st.none(), st.floats(0.01, 0.999)),
    st.sampled_from(["t", "plus_one", "none"]),
    st.booleans(),
    st.sampled_from(["cluster_proportions", "cluster_means", "cluster_rates"]),
)
def test_clusters_or_a_reason(
    a: float,
    b: float,
    icc: float,
    size_cv: float,
    m: float | None,
    clusters: int | None,
    power: float | None,
    correction: str,
    matched: bool,
    method: str,
) -> None:
    inputs = {
        "clusters": clusters,
        "power": power,
        "correction": correction,
        "matched": matched,
    }
    own: dict[str, object] = {
        "cluster_proportions": {"p1": a, "p2": b, "icc": icc, "size_cv": size_cv, "m": m},
        "cluster_means": {"difference": a - b, "sd": b, "icc": icc, "size_cv": size_cv, "m": m},
        "cluster_rates": {"rate1": a, "rate2": b, "k": size_cv, "person_time": m},
    }[method]
    try:
        outputs = calculate(method, inputs | own).outputs  # type: ignore[operator]
    except BadDesign:
        return
    if power is None:
        assert 0 <= outputs["power"] <= 1
    else:
        assert power - 1e-6 <= outputs["power_achieved"] <= 1


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.01, 0.99),
    st.floats(0.01, 0.99),
    st.floats(0, 0.99),
    st.floats(1, 1e5),
    st.integers(1, 20),
    st.floats(0, 1),
    st.sampled_from(["nested", "decay"]),
    st.sampled_from(["stepped_wedge", "crossover", "parallel_baseline", "parallel"]),
    st.floats(0.05, 0.99),
)
def test_periods_or_a_reason(
    p1: float,
    p2: float,
    icc: float,
    m: float,
    steps: int,
    cac: float,
    correlation: str,
    layout: str,
    power: float,
) -> None:
    inputs = {
        "p1": p1,
        "p2": p2,
        "icc": icc,
        "m": m,
        "steps": steps,
        "cac": cac,
        "correlation": correlation,
        "layout": layout,
        "power": power,
    }
    try:
        outputs = calculate("stepped_wedge", inputs).outputs
    except BadDesign:
        return
    assert outputs["power_achieved"] >= power - 1e-9
