"""The assistant's own words: complete in both languages, with the same blanks."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import assistant
from assistant.messages import message, phrases
from assistant.needs import _GIVEN

ROOM = Path(assistant.__file__).parent
TABLE = tomllib.loads((ROOM / "messages.toml").read_text(encoding="utf-8"))
TABLES = sorted(key for key, value in TABLE["zh"].items() if isinstance(value, dict))
KEYS = sorted(set(TABLE["zh"]) - set(TABLES))


def blanks(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", text))


def test_both_languages_have_the_same_phrases() -> None:
    assert set(TABLE["zh"]) == set(TABLE["en"])
    for name in TABLES:
        assert set(TABLE["zh"][name]) == set(TABLE["en"][name])
        for key, text in TABLE["zh"][name].items():
            assert blanks(text) == blanks(TABLE["en"][name][key]), key


@pytest.mark.parametrize("key", KEYS)
def test_both_languages_fill_the_same_blanks(key: str) -> None:
    assert blanks(TABLE["zh"][key]) == blanks(TABLE["en"][key])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("key", KEYS)
def test_no_blank_is_left_open(language: str, key: str) -> None:
    values = {name: f"<{name}>" for name in blanks(TABLE[language][key])}
    text = message(language, key, **values)
    assert "{" not in text
    assert all(value in text for value in values.values())


def test_phrases_are_in_their_language() -> None:
    for key in KEYS:
        only_a_blank = not re.search(r"\w", re.sub(r"\{\w+\}", "", TABLE["zh"][key]))
        assert only_a_blank or re.search("[\u4e00-\u9fff]", TABLE["zh"][key]), key
        assert not re.search("[\u4e00-\u9fff]", TABLE["en"][key]), key


def test_every_boundary_has_its_reply() -> None:
    rules = tomllib.loads((ROOM / "boundaries.toml").read_text(encoding="utf-8"))
    for boundary in rules["boundary"]:
        assert message("zh", boundary["reply"]), boundary["name"]
        assert boundary["status"] in {"refused", "needs_clarification"}
        assert set(boundary.get("needs", ())) <= set(phrases("zh", "inputs"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_input_that_may_be_asked_for_has_a_name(language: str) -> None:
    needs = tomllib.loads((ROOM / "needs.toml").read_text(encoding="utf-8"))["needs"]
    asked = {key for name, keys in needs.items() if isinstance(keys, list) for key in keys}
    asked |= {key for keys in needs["also"].values() for key in keys}
    asked |= set(_GIVEN) | set(needs["defaults"]["keys"])
    assert asked <= set(phrases(language, "inputs"))
    assert asked <= set(_GIVEN)


def test_a_value_that_holds_braces_is_shown_as_it_is() -> None:
    assert "{x}" in message("zh", "no_document", title="{x}")
