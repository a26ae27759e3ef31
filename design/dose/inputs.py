"""Input types and checks that the dose-finding methods share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from design.errors import BadDesign

Target = Annotated[float, Field(ge=0.05, le=0.6, description="Target rate of DLT. 目标 DLT 率")]
Rate = Annotated[float, Field(gt=0, lt=1, description="A rate of DLT.")]
Design = Annotated[
    Literal["boin", "mtpi2", "keyboard", "i3+3"],
    Field(description="Interval design whose rules are used."),
]
NAMES = {"boin": "BOIN", "mtpi2": "mTPI-2", "keyboard": "keyboard", "i3+3": "i3+3"}
Half = Annotated[
    float,
    Field(ge=0.005, lt=0.3, description="Half-width of the interval that counts as on target."),
]
Cutoff = Annotated[
    float,
    Field(ge=0.5, lt=1, description="Eliminate when P(rate > target | data) is above this."),
]
From = Annotated[
    int, Field(ge=1, le=12, description="Patients at a dose before it can be eliminated.")
]
Patients = Annotated[int, Field(ge=1, le=500, description="Patients at the dose.")]
TableSize = Annotated[int, Field(ge=1, le=200, description="Patients at a dose, at most.")]
Cases = Annotated[int, Field(ge=0, le=500, description="Patients with DLT at the dose.")]
PerDose = Annotated[
    list[Annotated[int, Field(ge=0, le=500)]],
    Field(min_length=1, max_length=20, description="A number for each dose, lowest first."),
]
Rates = Annotated[
    list[Annotated[float, Field(gt=0, lt=1)]],
    Field(min_length=1, max_length=20, description="DLT rate of each dose, lowest first."),
]
Dose = Annotated[int, Field(ge=1, le=20, description="Dose level, 1 is the lowest.")]


def checked_limits(target: float, p_saf: float | None, p_tox: float | None) -> tuple[float, float]:
    """The rates of BOIN that call for escalation and de-escalation, 0.6 and 1.4 of the target.

    Raises:
        BadDesign: One of them is too close to the target for a phase I trial to tell them apart.
    """
    low = 0.6 * target if p_saf is None else p_saf
    high = 1.4 * target if p_tox is None else p_tox
    if target - low < 0.1 * target - 1e-12:
        raise BadDesign(
            f"p_saf = {low:g} must be at least a tenth of the target below it ({target:g}): a few "
            "patients cannot tell rates that are closer",
            "p_saf",
        )
    if high - target < 0.1 * target - 1e-12:
        raise BadDesign(
            f"p_tox = {high:g} must be at least a tenth of the target above it ({target:g}): a few "
            "patients cannot tell rates that are closer",
            "p_tox",
        )
    return low, high


def checked_interval(target: float, below: float, above: float) -> tuple[float, float]:
    """The interval of rates that counts as on target.

    Raises:
        BadDesign: It reaches 0 or 1.
    """
    if target - below <= 0:
        raise BadDesign(f"epsilon1 = {below:g} reaches down to 0 from {target:g}", "epsilon1")
    if target + above >= 1:
        raise BadDesign(f"epsilon2 = {above:g} reaches up to 1 from {target:g}", "epsilon2")
    return target - below, target + above


def checked_counts(patients: list[int], cases: list[int]) -> None:
    """Refuse lists of different length, and more cases than patients.

    Raises:
        BadDesign: They do not fit.
    """
    if len(patients) != len(cases):
        raise BadDesign(
            f"n has {len(patients)} doses and dlt {len(cases)}; give one number a dose in both",
            "dlt",
        )
    for dose, (n, y) in enumerate(zip(patients, cases, strict=True), start=1):
        if y > n:
            raise BadDesign(f"dose {dose} has {y} DLT in {n} patients", "dlt")
