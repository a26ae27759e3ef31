"""The same question in Chinese and in English: does the language decide how good the answer is?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from eval.answers.bootstrap import draws, percentiles
from eval.answers.score import Scored

_POINTS = "key_point_recall"


def parity(results: Sequence[Scored]) -> dict[str, Any] | None:
    """Compare the two languages over pairs; ``None`` when no pair has both.

    Returns:
        ``pairs``; ``key_point_recall`` in each language and their ``difference`` (zh - en) with a
        95 % ``interval`` over pairs, ``None`` when no pair has key points; ``same_status``, the
        share of pairs with the same status; and the pairs that ``disagree``.
    """
    by_pair: dict[str, dict[str, Scored]] = {}
    for one in results:
        if one.question.pair:
            by_pair.setdefault(one.question.pair, {})[one.question.lang] = one
    pairs = {name: both for name, both in by_pair.items() if {"zh", "en"} <= both.keys()}
    if not pairs:
        return None
    same = [both["zh"].answer.status == both["en"].answer.status for both in pairs.values()]
    return {
        "pairs": len(pairs),
        **_recalls(list(pairs.values())),
        "same_status": round(float(np.mean(same)), 4),
        "disagree": [
            {"pair": name, **{lang: _told(both[lang]) for lang in ("zh", "en")}}
            for name, both in pairs.items()
            if _told(both["zh"])[1:] != _told(both["en"])[1:]
        ],
    }


def _told(one: Scored) -> list[Any]:
    return [one.question.id, one.answer.status, one.score]


def _recalls(pairs: Sequence[Mapping[str, Scored]]) -> dict[str, Any]:
    counts = np.array(
        [[both[lang].counts.get(_POINTS, (0, 0)) for lang in ("zh", "en")] for both in pairs],
        dtype=np.float64,
    )  # (pairs, languages, hits and cases)
    hits, cases = counts[..., 0], counts[..., 1]
    if not cases.sum(axis=0).all():
        return {_POINTS: None, "difference": None, "interval": None}
    zh, en = hits.sum(axis=0) / cases.sum(axis=0)
    weights = draws(len(pairs))
    with np.errstate(invalid="ignore"):
        resampled = (weights @ hits) / (weights @ cases)
    return {
        _POINTS: {"zh": round(float(zh), 4), "en": round(float(en), 4)},
        "difference": round(float(zh - en), 4),
        "interval": percentiles(resampled[:, 0] - resampled[:, 1]),
    }
