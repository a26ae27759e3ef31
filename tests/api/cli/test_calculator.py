"""Every calculator as a command: its help, the call it prints, and what is said of bad input."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from api.cli.calculator import command_of, read_input
from design import BadDesign, Method, methods
from tests.api.cli.conftest import Run
from tests.design.drawn_inputs import inputs_near

ALL = pytest.mark.parametrize("method", methods().values(), ids=lambda method: method.name)
TWO = ["design", "two-proportions", "--p1", "0.65", "--p2", "0.85"]
RANDOMISE = ["design", "randomise", "--arms", "A,B", "--n", "8", "--out", "l.csv"]
CURVE = ["design", "curve", "two-proportions", "--set", "p1=0.65", "--output", "power"]


def typed(command: str) -> dict[str, Any]:
    """What a command line prints as JSON, read by the parser of the command itself."""
    words = shlex.split(command)
    assert words[:2] == ["xinglin", "design"]
    method = methods()[words[2].replace("-", "_")]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        command_of(method)([*words[3:], "--json"], standalone_mode=False)
    found: dict[str, Any] = json.loads(out.getvalue(), parse_constant=pytest.fail)
    return found


@ALL
def test_the_call_of_the_example_gives_it_again(method: Method) -> None:
    result = method(**method.example)
    assert typed(result.call) == json.loads(json.dumps(result.to_json()))


def drawn_calls(method: Method, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(inputs_near(method, dict(method.example)))
    def check(inputs: dict[str, Any]) -> None:
        try:
            result = method(**inputs)
        except BadDesign:
            return
        # A command line cannot hold the character that ends its words.
        if "\0" not in result.call:
            assert typed(result.call)["outputs"] == json.loads(json.dumps(dict(result.outputs)))

    check()


@ALL
def test_calls_of_drawn_inputs_give_them_again(method: Method) -> None:
    drawn_calls(method, examples=3)


@pytest.mark.slow
@ALL
def test_many_calls_of_drawn_inputs_give_them_again(method: Method) -> None:
    drawn_calls(method, examples=50)


@ALL
def test_help_tells_every_input_those_that_are_needed_first(method: Method) -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        command_of(method)(["--help"], standalone_mode=False, prog_name="xinglin")
    told = " ".join(out.getvalue().split())
    assert told.startswith(f"Usage: xinglin [OPTIONS] {method.title.zh} ")
    assert f"Example: xinglin design {method.name.replace('_', '-')}" in told
    options = told.split("Options: ")[1]
    place = {
        name: options.index(f"--{name.replace('_', '-')} VALUE")
        for name in method.inputs.model_fields
    }
    needed = [name for name, info in method.inputs.model_fields.items() if info.is_required()]
    assert sorted(place, key=place.__getitem__)[: len(needed)] == needed
    assert options.count("(needed)") == len(needed)


def test_options_are_read_as_their_inputs_take_them() -> None:
    assert read_input("12e3", {int, str}) == "12e3"
    assert read_input("A,B", {list}) == ["A", "B"]
    assert read_input("试验组，对照组", {list}) == ["试验组", "对照组"]
    assert read_input("2.29", {list}) == [2.29]
    assert read_input("0.3", {float, list}) == 0.3
    assert read_input("0.5,1", {float, list}) == [0.5, 1]


@pytest.mark.parametrize(
    "words",
    [
        ["design", "two-proportion"],
        ["design", "两组率"],
        ["design", "list", "--family", "astrology"],
        ["design", "--unknown"],
        [*TWO, "--power"],
        [*TWO, "--power", "80"],
        [*TWO, "--power", "eighty"],
        [*TWO, "--power", "NaN"],
        [*TWO, "--power", "Infinity"],
        [*TWO, "--power", ""],
        [*TWO, "--power", "9" * 5000],
        [*TWO, "--power", "[" * 5000],
        [*TWO, "--power", "0.8", "--n1", "50"],
        [*TWO],
        [*TWO, "--power", "0.8", "--sides", "3"],
        [*TWO, "--power", "0.8", "--test", "magic"],
        [*TWO, "--power", "0.8", "--lang", "fr"],
        [*TWO, "--power", "0.8", "--inputs", "{"],
        [*TWO, "--power", "0.8", "--inputs", "[1]"],
        [*TWO, "--power", "0.8", "--inputs", '{"moon": 1}'],
        [*TWO, "--power", "0.8", "--moon", "1"],
        [*TWO, "--power", "0.8", "stray"],
        ["design", "verify", "absent.csv"],
        ["design", "curve"],
        ["design", "curve", "astrology", "--vary", "x", "--values", "1,2", "--output", "y"],
        [*CURVE, "--vary", "n1", "--values", "90..40", "--set", "p2=0.85"],
        [*CURVE, "--vary", "n1", "--values", "40..90/1000", "--set", "p2=0.85"],
        [*CURVE, "--vary", "n1", "--values", "many", "--set", "p2=0.85"],
        [*CURVE, "--vary", "moon", "--values", "1,2", "--set", "p2=0.85"],
        [*CURVE, "--vary", "n1", "--values", "40,50", "--by", "p2"],
        [*CURVE, "--vary", "n1", "--values", "40,50", "--set", "p2=0.85", "--svg", "no/such/c.svg"],
        ["design", "randomise", "--arms", "A", "--n", "8", "--out", "list.csv"],
        ["design", "randomise", "--arms", "A,B", "--n", "0", "--out", "list.csv"],
        ["design", "randomise", "--arms", "A,B", "--n", "8", "--out", "no/such/list.csv"],
        [*RANDOMISE, "--scheme", "dice"],
        [*RANDOMISE, "--strata", "[1]"],
        [*RANDOMISE, "--ratio", "x"],
        [*RANDOMISE, "--block-sizes", "0"],
        [*RANDOMISE, "--strata", '{"a":1}'],
        ["design", "randomise", "--arms", "A,B", "--n", "99999999", "--out", "l.csv"],
        [*RANDOMISE, "--block-sizes", "3"],
    ],
    ids=lambda words: " ".join(words)[:60],
)
def test_bad_input_is_told_in_one_sentence(
    run: Run, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run(*words)
    assert ended.status == 2 and ended.out == ""
    assert 10 < len(ended.sentence) < 600
    assert not list(tmp_path.iterdir())
