"""The gate of a release: thresholds on the figures, each with its reason.

A threshold is held against the figure itself, not against an end of its interval: the gate must
say the same of the same answers however many questions there are, and a rule that nothing forged
may ever be shown has no tolerance. The intervals stand beside it in the report.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from eval.answers.metrics import BY_NAME
from ingest.errors import BadInput

THRESHOLDS = Path(__file__).parents[1] / "gate.toml"


class Threshold(BaseModel):
    """The least or the most that a figure may be.

    ``without_cases`` says that the threshold may be passed over when there is nothing to count:
    otherwise a set without a single injection would pass the threshold on injections.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: str
    least: float | None = None
    most: float | None = None
    reason: str = Field(min_length=1)
    without_cases: bool = False

    @model_validator(mode="after")
    def _one_bound(self) -> Threshold:
        if (self.least is None) == (self.most is None):
            raise ValueError("give either least or most")
        if self.metric not in BY_NAME:
            raise ValueError(f"there is no metric {self.metric!r}; one of {', '.join(BY_NAME)}")
        return self

    @property
    def bound(self) -> str:
        """The bound in words."""
        return f"at least {self.least:g}" if self.least is not None else f"at most {self.most:g}"

    def holds(self, value: float) -> bool:
        """Whether a figure passes."""
        return value >= self.least if self.least is not None else value <= (self.most or 0)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    threshold: list[Threshold] = Field(min_length=1)


def read_thresholds(path: Path = THRESHOLDS) -> list[Threshold]:
    """Read a file of thresholds.

    Raises:
        BadInput: It cannot be read, or a threshold in it cannot be held; the message says which.
    """
    try:
        with path.open("rb") as file:
            return _File.model_validate(tomllib.load(file)).threshold
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: not valid TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{path}, {place}: {first['msg']}") from None


def check(
    figures: Mapping[str, float | int | None], thresholds: Sequence[Threshold]
) -> dict[str, Any]:
    """Hold figures against thresholds.

    Returns:
        ``passed``; ``failures``, one sentence for each threshold that does not hold; ``skipped``,
        metrics without a case whose threshold allows that; ``checked``, all thresholds.
    """
    failures = list(_failures(figures, thresholds))
    return {
        "passed": not failures,
        "failures": failures,
        "skipped": [t.metric for t in thresholds if t.without_cases and figures[t.metric] is None],
        "checked": [
            {
                "metric": threshold.metric,
                "bound": threshold.bound,
                "value": figures[threshold.metric],
                "reason": threshold.reason,
            }
            for threshold in thresholds
        ],
    }


def _failures(
    figures: Mapping[str, float | int | None], thresholds: Sequence[Threshold]
) -> Iterator[str]:
    for threshold in thresholds:
        value = figures[threshold.metric]
        if value is None:
            if not threshold.without_cases:
                yield (
                    f"{threshold.metric}: the questions hold no case for it, so that it cannot be "
                    f"{threshold.bound}"
                )
        elif not threshold.holds(value):
            yield (
                f"{threshold.metric} is {value:g}, must be {threshold.bound}: {threshold.reason}"
            )
