"""Stepping down: what is tried when an endpoint refuses, and when nothing is."""

from __future__ import annotations

import pytest

from assistant.llm.dialect import Dialect
from assistant.llm.settings import LlmSettings

FULL = Dialect(openai=True, output="json_schema", tools=True)
AUTO = LlmSettings()


class Refusal(Exception):
    def __init__(self, text: str, status_code: int = 400) -> None:
        super().__init__(text)
        self.status_code = status_code


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("maximum context length is 4096 tokens", 400),
        ("the prompt is too long", 400),
        ("The model `x` does not exist", 404),
        ("response_format is overloaded", 503),
        ("invalid key", 401),
        ("tools", 429),
    ],
)
def test_what_is_no_refusal_of_a_feature_changes_nothing(text: str, status: int) -> None:
    assert FULL.simpler(Refusal(text, status), offered=False, fixed=AUTO) is None


@pytest.mark.parametrize("offered", [True, False])
def test_stepping_down_ends(offered: bool) -> None:
    dialect: Dialect | None = FULL
    steps = []
    while dialect is not None:
        steps.append(dialect)
        dialect = dialect.simpler(Refusal("bad request"), offered, AUTO)
    assert len(steps) == len(set(steps)) <= 5
    last = steps[-1]
    assert (last.output, last.usage) == ("text", False)
    assert last.tools is not offered


def test_what_the_settings_fix_stays() -> None:
    fixed = LlmSettings(output="json_schema", tools="on")
    first = FULL.simpler(Refusal("bad request"), offered=True, fixed=fixed)
    assert first is not None and (first.output, first.tools) == ("json_schema", True)
    assert first.simpler(Refusal("bad request"), offered=True, fixed=fixed) is None


def test_a_missing_page_counts_when_it_names_the_feature() -> None:
    refusal = Refusal("No endpoints found that support tool use", 404)
    simpler = FULL.simpler(refusal, offered=True, fixed=AUTO)
    assert simpler is not None and not simpler.tools
    assert FULL.simpler(Refusal("not found", 404), offered=True, fixed=AUTO) is None


def test_other_clients_are_left_as_they_are() -> None:
    other = Dialect(openai=False, output="text", tools=True)
    assert other.simpler(Refusal("bad request"), offered=False, fixed=AUTO) is None
