"""Replace personal data by pseudonyms that stay the same throughout a document."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.model import Block, Table
from ingest.privacy.columns import cell_places, written_out
from ingest.privacy.findings import LABELS, Finding
from ingest.privacy.folding import fold

Replacement = tuple[int, int, str]


def mask_blocks(blocks: Sequence[Block], findings: Sequence[Finding]) -> tuple[Block, ...]:
    """Return the blocks with every personal finding replaced.

    The same value gets the same pseudonym (``【姓名1】``, ``【身份证号1】``), numbered in order of
    appearance. Number, order, kind and locator of the blocks and the shape of their tables do not
    change; contacts stay as they are.
    """
    written = [written_out(block) for block in blocks]
    given: dict[tuple[str, str], str] = {}
    numbered: Counter[str] = Counter()
    placed: dict[int, list[Replacement]] = {}
    for finding in sorted(findings, key=lambda one: (one.block, one.start)):
        if finding.severity != "personal":
            continue
        value = _bare(written[finding.block].text[finding.start : finding.end])
        label = LABELS[finding.kind]
        if (label, value) not in given:
            numbered[label] += 1
            given[label, value] = f"【{label}{numbered[label]}】"
        pseudonym = given[label, value]
        placed.setdefault(finding.block, []).append((finding.start, finding.end, pseudonym))
    return tuple(
        _mask(written[number], placed[number]) if number in placed else block
        for number, block in enumerate(blocks)
    )


def _bare(value: str) -> str:
    """Two ways of writing one number or name are one value."""
    return re.sub(r"[\s-]", "", fold(value).text).upper()


def _mask(block: Block, replacements: Sequence[Replacement]) -> Block:
    text = _replaced(block.text, 0, replacements)
    places = cell_places(block)
    if block.table is None or places is None:
        return replace(block, text=text)
    rows = tuple(
        tuple(_replaced(block.text[start:end], start, replacements) for start, end in line)
        for line in places
    )
    caption = block.table.caption
    at = block.text.find(caption) if caption else -1
    if caption and at >= 0:
        caption = _replaced(caption, at, replacements)
    return replace(block, text=text, table=Table(rows, block.table.header_rows, caption))


def _replaced(text: str, offset: int, replacements: Sequence[Replacement]) -> str:
    """Replace, in a text that stands at ``offset``, what lies within it; places come in order."""
    pieces: list[str] = []
    done = 0
    first = bisect_left(replacements, offset, key=lambda one: one[0])
    for at in range(first, len(replacements)):
        start, end, pseudonym = replacements[at]
        if end > offset + len(text):
            break
        pieces += [text[done : start - offset], pseudonym]
        done = end - offset
    return "".join([*pieces, text[done:]])
