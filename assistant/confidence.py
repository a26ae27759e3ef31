"""How likely it is that what was found answers a part of a question.

A logistic model over what was measured of the best sentences. Its weights are a reviewed text
file, fitted by ``python -m eval.tune_answers`` on questions that the corpus answers and questions
that it does not; docs/answering.md has the risk–coverage curve.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from assistant.features import Asked
from assistant.scoring import Scored, read_weights
from assistant.units import Passage
from retrieval import Hit
from retrieval.normalise import fold

WEIGHTS = Path(__file__).with_name("confidence.toml")
FEATURES: Mapping[str, str] = {
    "bias": "always 1",
    "score": "score of the best sentence, a tenth",
    "headed": "share of the question's words in the headings of the best sentence",
    "agreeing": "of the best five sentences, the share that stands in the best one's document",
    "open": "share of the words' weight that the best passage does not cover",
    "unknown": "share of the words' weight that the index holds nowhere",
    "focus": "how far the best three sentences or their headings have what is asked for",
    "measure": "1 when one of the best three has a number of what is to be counted, or none is",
    "named_open": "for a question that names a trial or the like, how far the focus is missing",
    "asked": "share of the words but names, in the best of three with its headings",
    "whole": "share of the whole question's words in the best with what stands above and around it",
    "wanted": "1 when the best sentence is of a kind that was asked for, or none was",
    "local": "1 when facts of one place or day are asked for",
}
_FOR, _AGAINST = (0.0, None), (None, 0.0)
# What speaks for an answer may not count against it, nor the reverse: without this, features that
# go together share out their weight so that either sign may come out.
SIGNS: Mapping[str, tuple[float | None, float | None]] = {
    **dict.fromkeys(FEATURES, _FOR),
    **dict.fromkeys(("open", "unknown", "named_open", "local"), _AGAINST),
    "bias": (None, None),
}
_TOP = 3
_NEAR = 5


@lru_cache(maxsize=4)
def confidence_weights(path: Path = WEIGHTS) -> Mapping[str, float]:
    """Weights of the model, read once a process."""
    return read_weights(path, FEATURES)


@cache
def _local() -> tuple[re.Pattern[str], ...]:
    with WEIGHTS.open("rb") as file:
        return tuple(re.compile(p) for p in tomllib.load(file)["local"]["asks"])


def confidence(asked: Asked, ranked: Sequence[Scored]) -> float:
    """Likelihood from 0 to 1 that the best of ``ranked`` answers; 0 when there is none.

    Of a sentence that reports a result, what it says of outcome and treatment decides.
    """
    if not ranked:
        return 0.0
    if ranked[0].told is not None:
        return ranked[0].told
    weights = confidence_weights()
    features = evidence_features(asked, ranked)
    return 1 / (1 + math.exp(-sum(w * features[name] for name, w in weights.items())))


def evidence_features(asked: Asked, ranked: Sequence[Scored]) -> dict[str, float]:
    """What is measured of the best sentences, by the names of :data:`FEATURES`.

    Args:
        asked: The part of the question.
        ranked: Sentences that may answer it, best first; at least one.
    """
    best, top, near = ranked[0], ranked[:_TOP], ranked[:_NEAR]
    passage = _with_headings(best.sentence.hit)
    total = sum(unit.weight for unit in asked.units) or 1.0
    wants = asked.part.wants
    return {
        "bias": 1.0,
        "score": best.score / 10,
        "headed": best.features["headed"],
        "agreeing": sum(_document(s) == _document(best) for s in near) / len(near),
        "open": sum(u.weight * (1 - u.match(passage)) for u in asked.units) / total,
        "unknown": sum(u.weight for u in asked.units if u.unknown) / total,
        "focus": _most("focus", top),
        "measure": _most("measure", top),
        "named_open": float(any(u.code for u in (*asked.units, *asked.named)))
        * (1 - best.features["focus"]),
        "asked": _most("asked", top),
        "whole": best.features["whole"],
        "wanted": float(not wants or best.features["wants"] > 0),
        "local": float(any(ask.search(fold(asked.part.text)) for ask in _local())),
    }


def _most(name: str, scored: Sequence[Scored]) -> float:
    return max(s.features[name] for s in scored)


def _document(scored: Scored) -> str:
    return scored.sentence.hit.document.id


def _with_headings(hit: Hit) -> Passage:
    names, path = hit.document.metadata.names, " ".join(hit.chunk.heading_path)
    return Passage(f"{hit.chunk.text}\n{names}\n{path}")
