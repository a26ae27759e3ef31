"""Instructions: complete in both languages, their reasons kept back, data never among them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from assistant.llm import prompts
from assistant.llm.prompts import prompt, prompt_hash, reason, system_prompt
from assistant.llm.reply import read_reply

SECTIONS = ["system", "tools", "repair", "malformed", "reasons"]
FOLDER = Path(prompts.__file__).parent


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("section", SECTIONS)
def test_reasons_stay_in_the_file(language: str, section: str) -> None:
    text = prompt(language, section)
    assert text and "<!--" not in text and "-->" not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_has_its_reason(language: str) -> None:
    text = (FOLDER / f"{language}.md").read_text(encoding="utf-8")
    rules = re.findall(r"^\d+\. .+\n(.*)", text, re.M)
    assert len(rules) == 10
    assert all(line.startswith("<!--") for line in rules)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_example_in_the_instructions_is_what_is_read(language: str) -> None:
    example = prompt(language, "system").splitlines()[-1]
    reply = read_reply(example)
    assert reply is not None and reply.statements[0].citations
    assert set(json.loads(example)) == {"statements", "missing", "follow_up"}


def test_both_languages_name_the_same_reasons() -> None:
    names = [
        re.findall(r"^- (\w+):", prompt(language, "reasons"), re.M) for language in ("zh", "en")
    ]
    assert names[0] == names[1]


def test_an_unknown_failure_is_told_in_general() -> None:
    assert reason("zh", "something_new") == reason("zh", "other")
    assert reason("en", "unknown_key") != reason("en", "other")


def test_tools_are_spoken_of_only_when_there_are_any() -> None:
    assert prompt("zh", "tools") not in system_prompt("zh", tools=False)
    assert prompt("zh", "tools") in system_prompt("zh", tools=True)
    hashes = {prompt_hash(system_prompt(lang, tools=t)) for lang in ("zh", "en") for t in (0, 1)}
    assert len(hashes) == 4
