"""What a replicate crossover study estimates, simulated without simulating its subjects.

Within a subject, the responses split into independent contrasts: mean test minus mean reference,
test against test, and reference against reference. Their sums of squares within the sequences
are multiples of chi-squared variables, and their sequence means are normal, so that the estimate,
its residual variance and the within-subject variances have their exact joint distribution, with
unequal sequences and unequal variances too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

SEQUENCES = {
    "2x2x3": ("TRT", "RTR"),
    "2x2x4": ("TRTR", "RTRT"),
    "2x3x3": ("TRR", "RTR", "RRT"),
}


@dataclass(frozen=True, slots=True)
class _Contrast:
    """A contrast of unit length over the periods of one sequence.

    Attributes:
        kind: ``TR``, ``TT`` or ``RR``.
        sequence: Which sequence.
        weights: Over the periods.
        test: Share of its variance that is of the test product.
    """

    kind: str
    sequence: int
    weights: tuple[float, ...]
    test: float


@dataclass(frozen=True, slots=True)
class Simulated:
    """Estimates of simulated studies, arrays of one length.

    Attributes:
        estimate: Difference of the logs.
        variance: Estimated variance of it.
        df: Degrees of freedom of the residual, a number.
        reference: Estimated within-subject variance of the reference.
        reference_df: Its degrees of freedom.
        test: Estimated within-subject variance of the test, where the design has one.
        test_df: Its degrees of freedom, 0 where it has none.
    """

    estimate: Array
    variance: Array
    df: int
    reference: Array
    reference_df: int
    test: Array
    test_df: int


@dataclass(frozen=True, slots=True)
class Truth:
    """What the studies are simulated from: difference of logs and within-subject variances."""

    difference: float
    test: float
    reference: float


def simulate(
    design: str, sizes: tuple[int, ...], truth: Truth, analysis: str, studies: int, seed: int
) -> Simulated:
    """Estimates of a number of studies.

    Args:
        design: A key of :data:`SEQUENCES`.
        sizes: Subjects of each sequence, two or more.
        truth: True difference and variances.
        analysis: ``anova`` (subjects, periods and treatments fixed; EMA, method A) or
            ``contrasts`` (within subjects, by sequence; FDA).
        studies: How many.
        seed: Of the random numbers.
    """
    random = np.random.default_rng(seed)
    contrasts = _contrasts(SEQUENCES[design])
    variances = np.array([c.test * truth.test + (1 - c.test) * truth.reference for c in contrasts])
    roots = np.sqrt([sizes[c.sequence] for c in contrasts])
    effect = np.array(
        [
            sum(w for w, product in zip(c.weights, SEQUENCES[design][c.sequence], strict=True)
                if product == "T")
            for c in contrasts
        ]
    )  # fmt: skip
    means = (roots * effect * truth.difference)[:, None] + np.sqrt(variances)[
        :, None
    ] * random.standard_normal((len(contrasts), studies))
    squares = np.stack(
        [
            variance * random.chisquare(sizes[c.sequence] - 1, studies)
            for c, variance in zip(contrasts, variances, strict=True)
        ]
    )
    if analysis == "contrasts":
        return _by_contrasts(contrasts, sizes, effect, roots, means, squares)
    return _by_anova(contrasts, sizes, effect, roots, means, squares)


def _by_contrasts(
    contrasts: list[_Contrast],
    sizes: tuple[int, ...],
    effect: Array,
    roots: Array,
    means: Array,
    squares: Array,
) -> Simulated:
    """Sequences have equal weight; residuals are pooled within them."""
    main = [i for i, c in enumerate(contrasts) if c.kind == "TR"]
    scale = (1 / effect[main])[:, None]
    estimate = (means[main] * scale / roots[main][:, None]).mean(axis=0)
    df = sum(sizes) - len(sizes)
    residual = (squares[main] * scale**2).sum(axis=0) / df
    factor = sum(1 / size for size in sizes) / len(sizes) ** 2
    reference, reference_df = _pooled(contrasts, sizes, squares, "RR")
    test, test_df = _pooled(contrasts, sizes, squares, "TT")
    return Simulated(estimate, residual * factor, df, reference, reference_df, test, test_df)


def _pooled(
    contrasts: list[_Contrast], sizes: tuple[int, ...], squares: Array, kind: str
) -> tuple[Array, int]:
    rows = [i for i, c in enumerate(contrasts) if c.kind == kind]
    df = sum(sizes[contrasts[i].sequence] - 1 for i in rows)
    return squares[rows].sum(axis=0) / max(df, 1), df


def _by_anova(
    contrasts: list[_Contrast],
    sizes: tuple[int, ...],
    effect: Array,
    roots: Array,
    means: Array,
    squares: Array,
) -> Simulated:
    """Least squares with periods and the treatment; what the sequence means leave is residual."""
    periods = np.array([c.weights[1:] for c in contrasts])
    model = roots[:, None] * np.column_stack([effect, periods])
    inverse = np.linalg.pinv(model.T @ model)
    estimate = (inverse @ model.T)[0] @ means
    left, left_df = _left(model, means)
    df = sum(sizes[c.sequence] - 1 for c in contrasts) + left_df
    residual = (squares.sum(axis=0) + left) / df
    same = [i for i, c in enumerate(contrasts) if c.kind == "RR"]
    left, left_df = _left(roots[same][:, None] * periods[same], means[same])
    reference_df = sum(sizes[contrasts[i].sequence] - 1 for i in same) + left_df
    reference = (squares[same].sum(axis=0) + left) / reference_df
    test, test_df = _pooled(contrasts, sizes, squares, "TT")
    return Simulated(estimate, residual * inverse[0, 0], df, reference, reference_df, test, test_df)


def _left(model: Array, means: Array) -> tuple[Array, int]:
    """Sum of squares of the means about the model, and its degrees of freedom."""
    off = np.eye(len(model)) - model @ np.linalg.pinv(model)
    values, vectors = np.linalg.eigh(off)
    kept = vectors[:, values > 0.5]
    return ((kept.T @ means) ** 2).sum(axis=0), kept.shape[1]


def _contrasts(sequences: tuple[str, ...]) -> list[_Contrast]:
    found = []
    for index, sequence in enumerate(sequences):
        places = {p: [i for i, product in enumerate(sequence) if product == p] for p in "TR"}
        length = math.sqrt(sum(1 / len(places[p]) for p in "TR"))
        weights = [
            (1 if product == "T" else -1) / len(places[product]) / length for product in sequence
        ]
        share = 1 / len(places["T"]) / length**2
        found.append(_Contrast("TR", index, tuple(weights), share))
        for product in "TR":
            if len(places[product]) == 2:
                first, second = places[product]
                pair = [0.0] * len(sequence)
                pair[first], pair[second] = math.sqrt(0.5), -math.sqrt(0.5)
                found.append(
                    _Contrast(2 * product, index, tuple(pair), 1.0 if product == "T" else 0.0)
                )
    return found
