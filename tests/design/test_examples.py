"""The commands in the documentation of the families work."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from api.cli.design import read_value
from design import Result, calculate, methods

DOCS = Path(__file__).parents[2] / "docs" / "design"
NO_METHODS = {"list", "verify", "curve", "randomise"}
COMMAND = re.compile(r"(?:^ *|`)(xinglin design [^`\n]+)", re.M)


def commands(path: Path) -> list[str]:
    found = (shlex.split(text, comments=True) for text in COMMAND.findall(path.read_text("utf-8")))
    return [shlex.join(words) for words in found if words[2] not in NO_METHODS and len(words) > 3]


FAMILIES = sorted({method.family for method in methods().values()})
PAGES = [path for path in sorted(DOCS.glob("*.md")) if path.stem in FAMILIES]


def called(command: str) -> Result:
    _, _, name, *options = shlex.split(command)
    assert all(option.startswith("--") for option in options[::2]), command
    names = [option.removeprefix("--").replace("-", "_") for option in options[::2]]
    return calculate(name, dict(zip(names, map(read_value, options[1::2]), strict=True)))


@pytest.mark.parametrize("command", [line for page in PAGES for line in commands(page)])
def test_a_command_of_the_documentation_and_the_call_it_prints(command: str) -> None:
    result = called(command)
    assert result.sentence.zh and result.sentence.en
    assert called(result.call).outputs == result.outputs


@pytest.mark.parametrize("family", FAMILIES)
def test_every_method_is_documented(family: str) -> None:
    told = (DOCS / f"{family}.md").read_text("utf-8").replace("-", "_")
    assert [n for n, one in methods().items() if one.family == family and n not in told] == []
