"""The commands in the documents of the calculators do what they say: they give a result."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from design import calculate

DOCS = Path(__file__).parents[2] / "docs" / "design"
COMMANDS = [
    line
    for name in ("survival", "counts", "vaccine")
    for line in (DOCS / f"{name}.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("xinglin design ")
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_documented_command_gives_a_result(command: str) -> None:
    _, _, method, *options = shlex.split(command)
    given = {
        name.removeprefix("--").replace("-", "_"): _value(value)
        for name, value in zip(options[::2], options[1::2], strict=True)
    }
    result = calculate(method, given)
    assert result.outputs
    # the printed call repeats the result
    again = shlex.split(result.call)[3:]
    repeated = {
        name.removeprefix("--").replace("-", "_"): _value(value)
        for name, value in zip(again[::2], again[1::2], strict=True)
    }
    assert calculate(method, repeated).outputs == result.outputs


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
