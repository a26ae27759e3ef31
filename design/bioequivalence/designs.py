"""Designs of bioequivalence studies: sequences, degrees of freedom, variance of the difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from design.errors import BadDesign

DesignName = Annotated[
    Literal[
        "parallel",
        "paired",
        "2x2",
        "2x2x3",
        "2x2x4",
        "2x3x3",
        "2x4x4",
        "2x4x2",
        "2x2x2r",
        "3x3",
        "3x6x3",
        "4x4",
    ],
    Field(
        description="Treatments x sequences x periods; 2x2: TR|RT, 2x2x3: TRT|RTR, 2x2x4: "
        "TRTR|RTRT, 2x3x3: TRR|RTR|RRT, 2x4x2: Balaam, 2x2x2r: Liu, 3x6x3: Williams. 试验设计"
    ),
]


@dataclass(frozen=True, slots=True)
class StudyDesign:
    """What power needs to know of a design.

    The variance of the estimated difference is ``mse * constant * sum(1 / n_i)`` over the
    sequences (groups); the residual of the linear model with subjects, periods and treatments
    has ``slope * n - used`` degrees of freedom.

    Attributes:
        zh: Name in Chinese.
        groups: Number of sequences, or of parallel groups.
        constant: Design constant in terms of the subjects per sequence.
        slope: Degrees of freedom a subject.
        used: Degrees of freedom the model uses.
    """

    name: str
    zh: str
    groups: int
    constant: float
    slope: int
    used: int

    def df(self, n: int, robust: bool = False) -> int:
        """Degrees of freedom of the residual; ``robust``: of an analysis of contrasts."""
        return n - self.groups if robust else self.slope * n - self.used

    def factor(self, sizes: tuple[int, ...]) -> float:
        """Variance of the difference over the mean squared error."""
        return self.constant * sum(1 / size for size in sizes)

    @property
    def smallest(self) -> int:
        """The fewest subjects that are considered: balanced, four at least, two a sequence of 2."""
        least = -(-4 // self.groups) * self.groups
        return least if self.df(least) >= 1 and self.df(least, robust=True) >= 1 else 2 * least


_TABLE = (
    StudyDesign("parallel", "两组平行", 2, 1.0, 1, 2),
    StudyDesign("paired", "自身配对", 1, 2.0, 1, 1),
    StudyDesign("2x2", "两制剂两序列两周期交叉（2x2）", 2, 1 / 2, 1, 2),
    StudyDesign("2x2x3", "三周期重复交叉（2x2x3）", 2, 3 / 8, 2, 3),
    StudyDesign("2x2x4", "四周期完全重复交叉（2x2x4）", 2, 1 / 4, 3, 4),
    StudyDesign("2x3x3", "三周期部分重复交叉（2x3x3）", 3, 1 / 6, 2, 3),
    StudyDesign("2x4x4", "四序列四周期重复交叉（2x4x4）", 4, 1 / 16, 3, 4),
    StudyDesign("2x4x2", "Balaam（2x4x2）", 4, 1 / 2, 1, 2),
    StudyDesign("2x2x2r", "重复两周期交叉（2x2x2r）", 2, 1 / 4, 3, 2),
    StudyDesign("3x3", "三制剂拉丁方交叉（3x3）", 3, 2 / 9, 2, 4),
    StudyDesign("3x6x3", "三制剂 Williams 交叉（3x6x3）", 6, 1 / 18, 2, 4),
    StudyDesign("4x4", "四制剂 Williams 交叉（4x4）", 4, 1 / 8, 3, 6),
)
DESIGNS = {design.name: design for design in _TABLE}


def split(n: int, groups: int) -> tuple[int, ...]:
    """Subjects a sequence, as even as they can be, the larger ones first."""
    base, more = divmod(n, groups)
    return tuple(base + (1 if i < more else 0) for i in range(groups))


def given_sizes(
    design: StudyDesign, n: int | None, n_sequences: list[int] | None, robust: bool = False
) -> tuple[int, ...]:
    """Subjects a sequence from a total or from the list of them.

    Raises:
        BadDesign: Both or neither are given, the list has the wrong length, or a sequence has no
            subject or the residual no degree of freedom.
    """
    if (n is None) == (n_sequences is None):
        raise BadDesign("give either n (all subjects) or n_sequences (of each sequence)", "n")
    if n_sequences is not None:
        if len(n_sequences) != design.groups:
            raise BadDesign(
                f"design {design.name} has {design.groups} sequences or groups, n_sequences has "
                f"{len(n_sequences)} numbers",
                "n_sequences",
            )
        sizes = tuple(n_sequences)
    else:
        assert n is not None
        sizes = split(n, design.groups)
    if min(sizes) < 1:
        raise BadDesign(f"{n} subjects leave a sequence of {design.name} empty", "n")
    if design.df(sum(sizes), robust) < 1:
        raise BadDesign(
            f"{sum(sizes)} subjects leave no degree of freedom in design {design.name}", "n"
        )
    return sizes
