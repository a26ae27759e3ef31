"""Least sizes that a guidance sets: a table of facts, not a formula."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from design.errors import BadDesign
from design.registry import calculator
from design.result import Outcome

_TABLE = Path(__file__).with_name("minimums.toml")
_SIZES = ("min_FIM", "min_randomised_pairs", "min_single_arm", "min_total")


@calculator(
    reference="The guidance named in the result, as published by NMPA (国家药品监督管理局)",
    formula="none: numbers stated by the guidance",
)
def nmpa_minimum(
    *,
    device: Annotated[str, Field(max_length=100, description="Device, by its key or name. 器械")],
) -> Outcome:
    """Least numbers of patients that a device guidance states."""
    key = device.strip().lower().replace("-", "_").replace(" ", "_")
    table = _read()
    found = table.get(key) or next(
        (row for row in table.values() if device.strip() in (row["zh"], row["en"])), None
    )
    if found is None:
        known = "; ".join(f"{name} ({row['zh']})" for name, row in table.items())
        raise BadDesign(f"no least size is on record for {device[:40]!r}; known: {known}", "device")
    outputs: dict[str, Any] = {name: found[name] for name in _SIZES} | {"source": found["source"]}
    return Outcome(
        outputs, "minimum", ("stated_size",), ("check_current",),
        values={"device_zh": found["zh"], "device_en": found["en"]},
    )  # fmt: skip


@cache
def _read() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))
