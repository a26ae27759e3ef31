"""One valid set of inputs for each way of calling the calculators of precision."""

from __future__ import annotations

from typing import Any

CASES: list[tuple[str, dict[str, Any]]] = [
    ("mean_precision", {"sd": 1, "ci_width": 0.2}),
    ("mean_precision", {"sd": 2, "mean": 10, "n": 100}),
    ("mean_difference_precision", {"sd": 3, "ci_width": 0.5}),
    ("mean_difference_precision", {"sd1": 3, "sd2": 2, "difference": 1, "n1": 40}),
    ("proportion_precision", {"p": 0.15, "abs_error": 0.03}),
    ("proportion_precision", {"p": 0.15, "ci_width": 0.1, "interval": "exact"}),
    ("proportion_precision", {"p": 0.4, "n": 100, "interval": "wilson"}),
    ("proportion_difference_precision", {"p1": 0.3, "p2": 0.1, "ci_width": 0.2}),
    ("proportion_difference_precision", {"p1": 0.3, "p2": 0.1, "n1": 150}),
    ("ratio_precision", {"p1": 0.3, "p2": 0.1, "fold": 3}),
    ("ratio_precision", {"p1": 0.3, "p2": 0.1, "measure": "odds_ratio", "n1": 150}),
    ("rate_precision", {"rate": 0.2, "ci_width": 0.2}),
    ("rate_precision", {"events": 10, "person_time": 50}),
    ("rate_ratio_precision", {"rate1": 1, "rate2": 0.5, "fold": 3}),
    ("rate_ratio_precision", {"rate1": 1, "rate2": 0.5, "person_time1": 40}),
    ("correlation_precision", {"r": 0.5, "ci_width": 0.3}),
    ("correlation_precision", {"r": 0.5, "n": 60, "coefficient": "spearman"}),
    ("median_survival_precision", {"median": 12, "fold": 2, "event_share": 0.7}),
    ("median_survival_precision", {"median": 12, "events": 30, "interval": "log"}),
    ("rare_event", {"p": 0.01}),
    ("rare_event", {"n": 300}),
]
