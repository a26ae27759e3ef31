"""How well decisions agree with labels: accuracy, precision, recall, F1, intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from eval.ranking_metrics import bootstrap_intervals


def agreement(labels: Sequence[str], decisions: Sequence[str]) -> dict[str, Any]:
    """Accuracy with a 95 % bootstrap interval, the majority baseline and macro-averaged F1.

    Macro F1 is the mean over the labels that occur; a decision that is no label counts as wrong.

    Args:
        labels: What is right; at least one.
        decisions: What was decided, in the same order.
    """
    right = np.array([a == b for a, b in zip(labels, decisions, strict=True)], dtype=np.float64)
    [(low, high)] = bootstrap_intervals(right[:, None])
    known = sorted(set(labels))
    return {
        "n": len(labels),
        "accuracy": round(float(right.mean()), 4),
        "interval": [round(low, 4), round(high, 4)],
        "majority": round(max(Counter(labels).values()) / len(labels), 4),
        "macro_f1": round(sum(f1(labels, decisions, label) for label in known) / len(known), 4),
    }


def precision_recall(
    labels: Sequence[str], decisions: Sequence[str], positive: str
) -> dict[str, Any]:
    """Precision and recall of one label; ``None`` where there is no case."""
    decided = sum(decision == positive for decision in decisions)
    meant = sum(label == positive for label in labels)
    both = sum(a == b == positive for a, b in zip(labels, decisions, strict=True))
    return {
        "decided": decided,
        "precision": round(both / decided, 4) if decided else None,
        "recall": round(both / meant, 4) if meant else None,
    }


def f1(labels: Sequence[str], decisions: Sequence[str], positive: str) -> float:
    """Harmonic mean of precision and recall of one label; 0 without a right decision."""
    both = sum(a == b == positive for a, b in zip(labels, decisions, strict=True))
    total = sum(a == positive for a in labels) + sum(b == positive for b in decisions)
    return 2 * both / total if total else 0.0
