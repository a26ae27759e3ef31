"""The states of a condition, and why one is not known."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from design.wording import Text

States = NDArray[np.int8]
NOT_MET, UNKNOWN, MET = 0, 1, 2
ALWAYS = 10_000_000  # days: a window without a beginning
REASONS = (
    "", "not_recorded", "value_missing", "unit", "no_reference_range", "date_missing", "conflict",
    "not_evaluable",
)  # fmt: skip


@dataclass(slots=True)
class Judged:
    """One condition for all persons: states, reasons of unknown states, records that count."""

    states: States
    reasons: NDArray[np.int8]
    records: int
    unusable: Text | None = None
    remarks: list[Text] = field(default_factory=list)

    @classmethod
    def of(
        cls, fits: NDArray[np.bool_], known: NDArray[np.bool_], reason: str, records: int
    ) -> Judged:
        """Met where it fits and is known; not known, for one reason, elsewhere."""
        states = np.where(known, np.where(fits, MET, NOT_MET), UNKNOWN).astype(np.int8)
        reasons = np.where(known, 0, REASONS.index(reason)).astype(np.int8)
        return cls(states, reasons, records)

    @classmethod
    def unusable_for(cls, count: int, why: Text) -> Judged:
        """Not known for anyone, since the source cannot tell."""
        reason = REASONS.index("not_evaluable")
        return cls(
            np.full(count, UNKNOWN, np.int8), np.full(count, reason, np.int8), 0, unusable=why
        )
