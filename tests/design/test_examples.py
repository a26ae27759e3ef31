"""The commands in the documentation of these families work."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from design import calculate

DOCS = Path(__file__).parents[2] / "docs" / "design"
FAMILIES = [
    "correlation",
    "curves",
    "dose",
    "dropout",
    "means",
    "precision",
    "randomisation",
    "single_arm",
]


def commands(family: str) -> list[str]:
    text = (DOCS / f"{family}.md").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.startswith("xinglin design ")]


def value(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


@pytest.mark.parametrize("command", [line for family in FAMILIES for line in commands(family)])
def test_a_command_of_the_documentation(command: str) -> None:
    _, _, method, *options = shlex.split(command)
    names = [name.removeprefix("--").replace("-", "_") for name in options[::2]]
    result = calculate(method, dict(zip(names, map(value, options[1::2]), strict=True)))
    assert result.sentence.zh and result.sentence.en
    again = shlex.split(result.call)
    assert again[2] == method


@pytest.mark.parametrize("family", FAMILIES)
def test_every_method_has_a_command(family: str) -> None:
    from design import methods

    told = {line.split()[2].replace("-", "_") for line in commands(family)}
    assert {name for name, one in methods().items() if one.family == family} <= told
