"""The gate every statement passes before it is shown, whoever wrote it.

A statement is verified when its quote stands verbatim at its locator in the stored document, every
number in the statement stands in the quote with the same unit, and the source is in force on the
day asked about (or the reader is told that it is not).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.verification.quantities import quantities
from ingest.model import Block
from retrieval.normalise import compare_form

Failure = Literal["quote_not_found", "number_not_in_quote", "superseded_silently"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a statement may be shown as verified, and if not, why not."""

    ok: bool
    failures: tuple[Failure, ...] = ()


def quote_stands(quote: str, block: Block, start: int, end: int) -> bool:
    """Whether the quote is exactly what stands at this place, apart from width and white space."""
    wanted = compare_form(quote)
    return bool(wanted) and compare_form(block.text[start:end]) == wanted


def numbers_stand(statement: str, *quotes: str) -> bool:
    """Whether every number of the statement stands in one of the quotes with the same unit."""
    offered: set[tuple[str, str]] = set()
    for quote in quotes:
        offered |= quantities(quote)
    bare = {number for number, _ in offered}
    return all(
        (number, unit) in offered or (unit == "" and number in bare)
        for number, unit in quantities(statement)
    )


def verify(
    statement: str,
    quote: str,
    block: Block,
    start: int,
    end: int,
    status: str,
    disclosed: bool,
    context: str = "",
) -> Verdict:
    """Check one statement against its quote.

    Args:
        statement: What would be shown.
        quote: The quoted text.
        block: The block it is said to stand in, read from the store anew.
        start: Offset of the quote in the block's text.
        end: Its end.
        status: Status of the source on the day asked about.
        disclosed: The answer tells the reader when the source is not in force.
        context: Further text of the same block whose numbers may be used, such as the header row
            of a quoted table row.
    """
    failures: list[Failure] = []
    if not quote_stands(quote, block, start, end):
        failures.append("quote_not_found")
    if not numbers_stand(statement, quote, context):
        failures.append("number_not_in_quote")
    if status in {"superseded", "draft", "not_yet_effective"} and not disclosed:
        failures.append("superseded_silently")
    return Verdict(not failures, tuple(failures))


def supports(statement: str, quotes: Sequence[str]) -> Verdict:
    """Whether a statement in other words than its quotes may be shown under them.

    Args:
        statement: What would be shown.
        quotes: The quoted texts, each found verbatim at its place already.
    """
    return (
        Verdict(True)
        if numbers_stand(statement, *quotes)
        else Verdict(False, ("number_not_in_quote",))
    )
