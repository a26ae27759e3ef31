"""Why a calculator refused, in the language of the asker."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from design import BadDesign

_FILE = Path(__file__).with_name("refusals.toml")


def reason(error: BadDesign, language: str) -> str:
    """What a refusal says, without its last full stop.

    In Chinese by the reviewed wordings; one that has none names the input at fault and quotes the
    calculator.

    Example:
        >>> from design import BadDesign
        >>> reason(BadDesign("icc1 0.5 does not exceed icc0 0.6", "icc1"), "zh")
        '预期ICC 0.5不高于零假设下的ICC 0.6'
    """
    said = str(error).rstrip(". ")
    if language != "zh":
        return said
    table = _table()
    field = (error.field or "").split(".")[0]
    label = table["labels"].get(field, field)
    for pattern, wording in _wordings():
        found = pattern.fullmatch(said)
        if found:
            return wording.format(label=label, **found.groupdict())
    return f"{label or '这组参数'}不能这样取（计算器的说明：{said}）"


@cache
def _table() -> dict[str, Any]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


@cache
def _wordings() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = _table()["refusal"]
    return tuple((re.compile(row["match"], re.DOTALL), row["zh"]) for row in rows)
