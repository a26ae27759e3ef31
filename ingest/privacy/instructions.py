"""Hidden instructions: text in a document that speaks to a language model.

A marked block stays in the index and can be found and quoted; the flag tells the answerer never to
pass it to a model as anything but quoted data, and the curator to look at it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from ingest.flags import INSTRUCTION_LIKE
from ingest.model import Block
from ingest.privacy.folding import Folded, fold
from ingest.privacy.invisible import base64_texts, smuggled

_RULES = Path(__file__).with_name("instructions.toml")
_LONGEST_EXCERPT = 120
_FAINT_NEEDED = 2


@dataclass(frozen=True, slots=True)
class InstructionFinding:
    """Why a block was marked.

    Attributes:
        block: Number of the block, counted from 0.
        start: First character in the block's text.
        end: The character after the last one.
        rule: The rule that matched: ``override``, ``persona``, ``tag characters`` …
        excerpt: What it says, hidden characters made visible; at most 120 characters.
    """

    block: int
    start: int
    end: int
    rule: str
    excerpt: str


def flag_instructions(
    blocks: Sequence[Block],
) -> tuple[tuple[Block, ...], tuple[InstructionFinding, ...]]:
    """Mark the blocks that instruct a model with the flag ``instruction_like``.

    Give it the blocks as the loader returned them: tidying removes zero-width characters, and
    with them the trace of what was hidden. Text is not changed.
    """
    marked: list[Block] = []
    findings: list[InstructionFinding] = []
    for number, block in enumerate(blocks):
        found = [
            InstructionFinding(number, start, end, rule, excerpt[:_LONGEST_EXCERPT])
            for start, end, rule, excerpt in instructions_in(block.text)
        ]
        findings += found
        if found and INSTRUCTION_LIKE not in block.flags:
            block = replace(block, flags=(*block.flags, INSTRUCTION_LIKE))
        marked.append(block)
    return tuple(marked), tuple(findings)


def instructions_in(text: str) -> list[tuple[int, int, str, str]]:
    """Return ``(start, end, rule, excerpt)`` for each instruction in ``text``."""
    found = [
        (hidden.start, hidden.end, hidden.how, hidden.text or f"{hidden.end - hidden.start} marks")
        for hidden in smuggled(text)
    ]
    folded = fold(text, lookalikes=True)
    found += [_place(folded, *match) for match in _clear(folded.text)]
    faint = list(_faint(folded.text))
    if len({rule for _, _, rule in faint}) >= _FAINT_NEEDED:
        found += [_place(folded, *match) for match in faint]
    found += _encoded(folded)
    return sorted(found)


def _place(folded: Folded, start: int, end: int, rule: str) -> tuple[int, int, str, str]:
    return *folded.span(start, end), rule, folded.text[start:end].strip()


def _clear(text: str) -> Iterator[tuple[int, int, str]]:
    return _matches("clear", text)


def _faint(text: str) -> Iterator[tuple[int, int, str]]:
    return _matches("faint", text)


def _matches(strength: str, text: str) -> Iterator[tuple[int, int, str]]:
    for rule, pattern in _compiled(strength).items():
        for match in pattern.finditer(text):
            yield match.start(), match.end(), rule


def _encoded(folded: Folded) -> Iterator[tuple[int, int, str, str]]:
    """Base64 that reads as an instruction, or that the words before ask to have decoded."""
    rules = _rules()["encoded"]
    asks = _compiled("encoded")["imperative"]
    for hidden in base64_texts(folded.text, rules["shortest"]):
        said = fold(hidden.text, lookalikes=True).text
        before = folded.text[max(0, hidden.start - rules["reach"]) : hidden.start]
        if asks.search(before) or next(_clear(said), None):
            yield *folded.span(hidden.start, hidden.end), "base64", hidden.text


@cache
def _rules() -> dict[str, Any]:
    with _RULES.open("rb") as file:
        return tomllib.load(file)


@cache
def _compiled(section: str) -> dict[str, re.Pattern[str]]:
    return {
        rule: re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE)
        for rule, patterns in _rules()[section].items()
        if isinstance(patterns, list)
    }
