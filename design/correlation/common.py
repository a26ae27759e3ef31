"""What the calculators for correlation share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from design.conventions import sides_key
from design.errors import BadDesign
from design.wording import Wording

Coefficient = Annotated[float, Field(gt=-1, lt=1, description="Correlation coefficient. 相关系数")]
SampleSize = Annotated[float, Field(ge=1, le=1e7, description="Patients. 例数")]

_WORDING = Wording(Path(__file__).with_name("correlation.toml"))
_WIDEST = 0.025
_USUAL_POWER = 0.8


def refuse_few(n: float, least: float, name: str = "n") -> None:
    """Refuse a size for which the test does not exist.

    Raises:
        BadDesign: It is below ``least``.
    """
    if n < least:
        raise BadDesign(f"{name} must be at least {least:g}", name)


def alpha_phrase(alpha: float, sides: int) -> dict[str, str]:
    """Alpha with its sides, as template values ``alpha_zh`` and ``alpha_en``."""
    text = _WORDING.text("phrases", sides_key(sides), values={"alpha": alpha})
    return {"alpha_zh": text.zh, "alpha_en": text.en}


def warnings_for(level: float, power: float) -> tuple[str, ...]:
    """Keys of the warnings: a wide level (of one side), a low power."""
    found = ["wide_level"] if level > _WIDEST + 1e-12 else []
    return tuple(found + (["low_power"] if power < _USUAL_POWER - 1e-12 else []))
