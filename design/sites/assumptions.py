"""What is assumed of sites, reviewed in ``assumptions.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def assumptions() -> Mapping[str, float]:
    """What is assumed, by name."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
