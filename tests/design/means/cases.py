"""One valid set of inputs for each way of calling the calculators for means."""

from __future__ import annotations

from typing import Any

CASES: list[tuple[str, dict[str, Any]]] = [
    ("two_means", {"mean1": 5, "mean2": 10, "sd": 10, "power": 0.8}),
    ("two_means", {"difference": 1, "sd1": 2, "sd2": 1, "test": "welch", "n1": 64, "n2": 30}),
    ("two_means", {"difference": 1, "sd": 2, "aim": "equivalence", "margin": 3, "power": 0.9}),
    ("two_means", {"difference": 1, "sd": 2, "aim": "noninferiority", "margin": 2, "n_total": 90}),
    ("one_mean", {"mean": 115, "mean0": 120, "sd": 24, "power": 0.8}),
    ("one_mean", {"difference": 3, "sd": 5, "aim": "superiority", "margin": 1, "n": 50}),
    ("paired_means", {"difference": 0.32, "sd_difference": 1, "power": 0.8}),
    ("paired_means", {"difference": 2, "sd": 5, "correlation": 0.6, "n_pairs": 40}),
    ("crossover_means", {"difference": 1, "sd_within": 2, "power": 0.8}),
    (
        "crossover_means",
        {"difference": 0, "sd_within": 2, "aim": "equivalence", "margin": 1, "n_total": 60},
    ),
    ("pairwise_means", {"difference": 5, "sd": 10, "groups": 3, "power": 0.8}),
    ("pairwise_means", {"difference": 5, "sd": 10, "comparisons": 2, "n1": 80}),
    ("anova", {"groups": 4, "f": 0.25, "power": 0.8}),
    ("anova", {"means": [120, 130, 140], "sd": 22, "n_per_group": 20}),
    ("baseline_adjusted_means", {"difference": 5, "sd": 10, "correlation": 0.5, "power": 0.9}),
    (
        "baseline_adjusted_means",
        {
            "difference": 5,
            "sd": 10,
            "correlation": 0.7,
            "n1": 40,
            "analysis": "change",
            "followup_measures": 3,
        },
    ),
    (
        "difference_of_slopes",
        {"difference": 0.5, "sd": 10, "correlation": 0.5, "times": [0, 2, 5], "power": 0.8},
    ),
    ("ratio_of_means", {"means_ratio": 1.2, "cv": 0.5, "power": 0.8}),
    (
        "ratio_of_means",
        {
            "means_ratio": 0.95,
            "cv": 0.3,
            "aim": "equivalence",
            "margin_ratio": 1.25,
            "n_total": 120,
        },
    ),
    ("detectable_difference", {"sd": 10, "n1": 64}),
    ("detectable_difference", {"sd": 10, "n1": 30, "groups": "one", "test": "z"}),
    ("rank_sum", {"p1": 0.7, "power": 0.9}),
    ("rank_sum", {"p1": 0.7, "p2": 0.6, "p3": 0.55, "n1": 50}),
    ("rank_sum", {"difference": 5, "sd": 10, "power": 0.8}),
    ("signed_rank", {"difference": 5, "sd": 10, "power": 0.8}),
    ("signed_rank", {"p_sum": 0.7, "n": 40}),
    ("signed_rank", {"p2": 0.3, "p3": 0.4, "p4": 0.05, "power": 0.8}),
]
