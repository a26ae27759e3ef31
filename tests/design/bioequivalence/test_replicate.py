"""The joint distribution of the estimates against subjects simulated one by one."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from design.bioequivalence.replicate import SEQUENCES, Truth, simulate

Array = npt.NDArray[np.float64]


def subject_by_subject(
    design: str, sizes: tuple[int, ...], truth: Truth, studies: int
) -> tuple[Array, Array, int, Array, int]:
    """Estimate, its variance, df, s2wR, its df, by least squares on every single response.

    The model of EMA's method A: subjects, periods and treatments, all fixed; the reference alone
    with subjects and periods.
    """
    rows = [
        (subject, period, product)
        for subject, sequence in enumerate(
            sequence
            for sequence, size in zip(SEQUENCES[design], sizes, strict=True)
            for _ in range(size)
        )
        for period, product in enumerate(sequence)
    ]
    subject = np.array([row[0] for row in rows])
    period = np.array([row[1] for row in rows])
    test = np.array([row[2] == "T" for row in rows], dtype=float)
    random = np.random.default_rng(7)
    between = random.normal(size=(subject.max() + 1, studies))
    spread = np.where(test == 1, math.sqrt(truth.test), math.sqrt(truth.reference))
    y = (
        truth.difference * test[:, None]
        + between[subject]
        + spread[:, None] * random.normal(size=(len(rows), studies))
    )

    def dummies(codes: npt.NDArray[np.int_], from_: int) -> Array:
        kinds = np.unique(codes)[from_:]
        return np.asarray((codes[:, None] == kinds).astype(float))

    def residual(x: Array, z: Array) -> tuple[Array, int]:
        q, r = np.linalg.qr(x)
        q = q[:, np.abs(np.diag(r)) > 1e-9]
        return ((z - q @ (q.T @ z)) ** 2).sum(axis=0), len(z) - q.shape[1]

    model = np.column_stack([test, dummies(subject, 0), dummies(period, 1)])
    inverse = np.linalg.pinv(model.T @ model)
    estimate = (inverse @ model.T)[0] @ y
    left, df = residual(model, y)
    only = test == 0
    reduced = np.column_stack([dummies(subject[only], 0), dummies(period[only], 1)])
    reference, reference_df = residual(reduced, y[only])
    return estimate, left / df * inverse[0, 0], df, reference / reference_df, reference_df


@pytest.mark.parametrize(
    ("design", "sizes"),
    [("2x3x3", (4, 3, 5)), ("2x2x4", (6, 4)), ("2x2x3", (5, 7))],
)
def test_estimates_have_the_distribution_of_single_subjects(
    design: str, sizes: tuple[int, ...]
) -> None:
    truth = Truth(-0.1, 0.16, 0.25)
    studies = 20_000
    ours = simulate(design, sizes, truth, "anova", studies, 1)
    estimate, variance, df, reference, reference_df = subject_by_subject(
        design, sizes, truth, studies
    )
    assert (ours.df, ours.reference_df) == (df, reference_df)
    for mine, theirs in (
        (ours.estimate, estimate),
        (ours.variance, variance),
        (ours.reference, reference),
    ):
        error = math.hypot(mine.std(), theirs.std()) / math.sqrt(studies)
        assert abs(mine.mean() - theirs.mean()) < 4 * error
        assert mine.std() == pytest.approx(theirs.std(), rel=0.05)
    together = np.corrcoef(ours.variance, ours.reference)[0, 1]
    assert together == pytest.approx(np.corrcoef(variance, reference)[0, 1], abs=0.03)


@pytest.mark.parametrize(("design", "df"), [("2x2x4", 3 * 20 - 4), ("2x2x3", 37)])
def test_contrasts_have_fewer_degrees_of_freedom(design: str, df: int) -> None:
    truth = Truth(0.0, 0.1, 0.1)
    assert simulate(design, (10, 10), truth, "anova", 10, 1).df == df
    assert simulate(design, (10, 10), truth, "contrasts", 10, 1).df == 18
