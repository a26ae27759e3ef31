"""Hidden instructions: text in a document that speaks to a language model.

A marked block stays in the index and can be found and quoted; the flag tells the answerer never to
pass it to a model as anything but quoted data, and the curator to look at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.flags import INSTRUCTION_LIKE
from ingest.model import Block
from ingest.privacy import triggers
from ingest.privacy.folding import Folded, fold
from ingest.privacy.invisible import base64_texts, smuggled
from ingest.privacy.rules import imperative, rarest_words, rule_file, rules

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
    folded = fold(text, lookalikes=True)
    found: list[tuple[int, int, str, str]] = []
    if folded.origins is not None:  # something invisible was folded away
        found += _smuggled(text)
    plain = triggers.plain(folded.text)
    found += [_place(folded, *match) for match in _matches("clear", folded.text, plain)]
    faint = list(_matches("faint", folded.text, plain))
    if len({rule for _, _, rule in faint}) >= _FAINT_NEEDED:
        found += [_place(folded, *match) for match in faint]
    found += _encoded(folded)
    return sorted(found)


def _smuggled(text: str) -> Iterator[tuple[int, int, str, str]]:
    for hidden in smuggled(text):
        marks = f"{hidden.end - hidden.start} marks"
        yield hidden.start, hidden.end, hidden.how, hidden.text or marks


def _place(folded: Folded, start: int, end: int, rule: str) -> tuple[int, int, str, str]:
    return *folded.span(start, end), rule, folded.text[start:end].strip()


def _matches(strength: str, text: str, plain: str) -> Iterator[tuple[int, int, str]]:
    if not rarest_words(strength).stand_in(plain):
        return
    for rule in rules(strength):
        if rule.may_match(plain):
            for match in rule.find.finditer(text):
                yield match.start(), match.end(), rule.name


def _encoded(folded: Folded) -> Iterator[tuple[int, int, str, str]]:
    """Base64 that reads as an instruction, or that the words before ask to have decoded."""
    encoded = rule_file()["encoded"]
    for hidden in base64_texts(folded.text, encoded["shortest"]):
        said = fold(hidden.text, lookalikes=True).text
        before = folded.text[max(0, hidden.start - encoded["reach"]) : hidden.start]
        if imperative().search(before) or _is_clear(said):
            yield *folded.span(hidden.start, hidden.end), "base64", hidden.text


def _is_clear(text: str) -> bool:
    return next(_matches("clear", text, triggers.plain(text)), None) is not None
