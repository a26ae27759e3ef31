"""What is measured of each candidate passage; :mod:`retrieval.ranking` weighs it.

Every feature lies between 0 and about 1, so that its weight tells what it is worth. A feature that
is the same for all candidates of a question changes nothing; products of two features (named
``a*b`` in the weights) say when one counts more: words in common mean little across languages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retrieval.hashing import term_id
from retrieval.lexical import FieldStatistics
from retrieval.soft_match import SoftMatches

Floats = npt.NDArray[np.float32]

FEATURES: Mapping[str, str] = {
    "lexical": "BM25 over text and headings, as a share of the best candidate's",
    "dense": "cosine, from the lowest (0) to the highest (1) among the candidates",
    "soft": "how near the nearest word of the passage is to each of the question, on average",
    "coverage": "share of the question's terms that the text has, by how rare they are",
    "heading": "the same, only in title and headings",
    "adjacent": "share of neighbouring terms of the question that both stand in the text",
    "numbers": "share of the question's numbers and quantities that stand in the text",
    "length": "logarithm of the number of tokens, 0 for one token, 1 for 1000",
    "foreign": "how much was found in the other language; 0 where all or nothing was found",
    "figures": "share of tokens with digits: tables have many",
    "authority": "rank of the source, from single study to law",
    "draft": "1 for a text published for comment",
}
_LONG = np.log(1000)
_LEAST_SPREAD = 1e-3  # a smaller difference of cosines is rounding


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages to choose among; all arrays have one entry a candidate, shape ``(C, …)``.

    Attributes:
        lexical: BM25 over all fields.
        dense: Cosine with the question.
        in_text, in_head: Which terms of the question stand in the text and in the headings;
            shape ``(T, C)``, ``T`` as in ``Query.terms``.
        soft: Soft matches.
        authority, draft: Of the document.
    """

    lexical: Floats
    dense: Floats
    in_text: npt.NDArray[np.bool_]
    in_head: npt.NDArray[np.bool_]
    soft: SoftMatches
    authority: Floats
    draft: Floats


def measure(
    terms: Sequence[str], statistics: FieldStatistics, candidates: Candidates
) -> dict[str, Floats]:
    """Features by name, each of shape ``(C,)``.

    Args:
        terms: The question's terms.
        statistics: Of the text field, for how rare a term is.
        candidates: At least one.
    """
    rarity = np.array([statistics.rarity(term_id(term)) for term in terms], dtype=np.float32)
    numeric = np.array([any(c.isdigit() for c in term) for term in terms], dtype=bool)
    in_text = candidates.in_text.astype(np.float32)
    soft = candidates.soft
    return {
        "lexical": candidates.lexical / max(float(candidates.lexical.max()), 1e-9),
        "dense": _spread(candidates.dense),
        "soft": soft.soft,
        "coverage": _share(in_text, rarity[:, None]),
        "heading": _share(candidates.in_head.astype(np.float32), rarity[:, None]),
        "adjacent": _mean(in_text[:-1] * in_text[1:]),
        "numbers": _mean(in_text[numeric]),
        "length": (np.log(soft.length) / _LONG).astype(np.float32),
        "foreign": _foreign(soft),
        "figures": soft.figures,
        "authority": candidates.authority,
        "draft": candidates.draft,
    }


def _share(present: Floats, weights: Floats) -> Floats:
    """Weighted share of rows of ``present`` (shape ``(T, C)``) that are set; 0 without rows."""
    weighed = np.broadcast_to(weights, present.shape)
    total = weighed.sum(axis=0)
    share: Floats = (present * weighed).sum(axis=0) / np.maximum(total, np.float32(1e-9))
    return share


def _mean(present: Floats) -> Floats:
    if not len(present):
        return np.zeros(present.shape[1], dtype=np.float32)
    mean: Floats = present.mean(axis=0)
    return mean


def _foreign(soft: SoftMatches) -> Floats:
    """Most where half of the question was found, nothing where all of it was.

    Words meet less exactly across languages, so a middling match counts more there; but no
    foreign passage may outdo one that says the same in the question's language.
    """
    found: Floats = 4 * soft.foreign * soft.soft * (1 - soft.soft)
    return found


def _spread(values: Floats) -> Floats:
    """Values from 0 for the lowest to 1 for the highest: models differ in where cosines lie."""
    low, high = float(values.min()), float(values.max())
    spread: Floats = (values - np.float32(low)) / np.float32(max(high - low, _LEAST_SPREAD))
    return spread
