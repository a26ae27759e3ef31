"""Check an answer anew against the stored documents, trusting nothing that it says of itself.

The quote must stand at its place; the numbers must stand in the quotes, or in a calculation that
the answer names; the statement must be supported by what it cites. A source's status on the day
asked about is worked out again from the index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from assistant import Answer, Citation, Statement
from assistant.premises import told_of_sources
from assistant.tables import cited_table
from assistant.verification import (
    Verdict,
    numbers_stand,
    quantities,
    quote_stands,
    supports,
)
from assistant.verification.quantities import NAME
from eval.answers.recalculate import calculated_texts
from ingest.model import Block
from retrieval import Index, View
from retrieval.lexicon import Lexicon

OUTDATED = frozenset({"superseded", "draft", "not_yet_effective"})
GONE = "not in the index"
_HALF = Decimal("0.500001")  # a value in the middle may be rounded either way


@dataclass(frozen=True, slots=True)
class CheckedCitation:
    """What a citation is worth.

    Attributes:
        stands: The quote is what stands at its place.
        status: Of the source on the day asked about, as the index has it.
        silent: The source is not in force that day and the citation does not say so.
        quote: As it stands in the store; empty when it does not.
        context: What is read with it: title, section, caption and header row of its table.
    """

    stands: bool
    status: str
    silent: bool
    quote: str
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedStatement:
    """What a statement is worth.

    Attributes:
        sourced: It carries a citation, or a calculation.
        supported: Its citations together support it, or its calculation does.
        numbers: Every number stands in the quotes, or in the calculation.
        right: Of its citations, by number: those that stand and carry the statement.
        failures: Why it is not supported, in the verifier's words.
    """

    sourced: bool
    supported: bool
    numbers: bool
    right: frozenset[int]
    failures: tuple[str, ...]


def check_citations(answer: Answer, index: Index) -> dict[int, CheckedCitation]:
    """Look up every citation of an answer, by its number."""
    with index.read() as view:
        return {c.id: _citation(c, answer.as_of, view) for c in answer.citations}


def _citation(citation: Citation, as_of: str, view: View) -> CheckedCitation:
    document = view.document(citation.document_id)
    found = view.blocks(document, citation.block, 1) if document else []
    if document is None or not found:
        return CheckedCitation(False, GONE, False, "")
    block = found[0][1]
    start, end = citation.block_start, citation.block_end
    stands = quote_stands(citation.quote, block, start, end)
    status = view.currency[document.id].status(as_of)
    disclosed = citation.notice is not None and citation.status == status
    return CheckedCitation(
        stands=stands,
        status=status,
        silent=status in OUTDATED and not disclosed,
        quote=block.text[start:end] if stands else "",
        context=tuple(_context(document.title, block, start, end)) if stands else (),
    )


def _context(title: str, block: Block, start: int, end: int) -> Iterator[str]:
    yield title
    if block.locator.section:
        yield block.locator.section
    table = cited_table(block, start, end)
    if table is not None:
        if table.caption:
            yield table.caption
        yield from (" | ".join(row) for row in table.header)


def check_statement(
    statement: Statement,
    citations: Mapping[int, CheckedCitation],
    calculations: Sequence[Mapping[str, Any]],
    lexicon: Lexicon | None = None,
) -> CheckedStatement:
    """Check one statement against the citations of its answer, looked up anew.

    A citation is right when it stands and supports the statement alone, or when the statement is
    supported by all its citations and no longer without this one (citation precision of Gao et al.
    2023, "Enabling Large Language Models to Generate Text with Citations", section 4).

    Args:
        statement: As shown.
        citations: Those of the answer.
        calculations: Those of the answer.
        lexicon: Lets a name stand for its abbreviation or translation.
    """
    text = told_of_sources(statement.text)
    own = [number for number in statement.citations if number in citations]
    standing = {number: citations[number] for number in own if citations[number].stands}
    calculated = statement.support == "calculated" and bool(calculations)
    numbers = _numbers_right(text, list(standing.values()), calculations)
    if calculated:
        # A calculated number stands in no quote; its citations give the method.
        return CheckedStatement(True, numbers, numbers, frozenset(standing), ())
    verdict = _verdict(text, list(standing.values()), lexicon)
    supported = bool(standing) and verdict.ok
    right = {
        number
        for number, citation in standing.items()
        if _verdict(text, [citation], lexicon).ok
        or (supported and not _verdict(text, _without(standing, number), lexicon).ok)
    }
    return CheckedStatement(bool(own), supported, numbers, frozenset(right), verdict.failures)


def _verdict(text: str, citations: Sequence[CheckedCitation], lexicon: Lexicon | None) -> Verdict:
    """What the gate says of a statement under these quotes."""
    quotes = [citation.quote for citation in citations]
    context = [told for citation in citations for told in citation.context]
    return supports(text, quotes, context=context, lexicon=lexicon)


def _without(citations: Mapping[int, CheckedCitation], number: int) -> list[CheckedCitation]:
    return [citation for other, citation in citations.items() if other != number]


def _numbers_right(
    text: str,
    citations: Sequence[CheckedCitation],
    calculations: Sequence[Mapping[str, Any]],
) -> bool:
    quotes = [part for citation in citations for part in (citation.quote, *citation.context)]
    if numbers_stand(text, *quotes):
        return True
    values = [value for calculation in calculations for value in _values(calculation)]
    names = " ".join(_texts(calculations)).lower()
    offered = set().union(*(quantities(quote) for quote in quotes))
    told = [text for calculation in calculations for text in calculated_texts(calculation)]
    offered |= set().union(*(quantities(text) for text in told))
    return all(
        (number, unit) in offered
        or (unit == NAME and number in names)
        or any(_rounds_to(value, number, unit) for value in values)
        for number, unit in quantities(text)
    )


def _texts(value: Any) -> Iterator[str]:
    """All texts of a calculation, the names of its inputs and outputs too: p0, HbA1c, 2x2x4."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from value
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, Sequence):
        for item in value:
            yield from _texts(item)


def _values(value: Any) -> Iterator[Decimal]:
    """All numbers of a calculation: inputs, outputs and those in its texts."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float):
        yield Decimal(repr(value))
    elif isinstance(value, str):
        yield from (Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", value))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _values(item)
    elif isinstance(value, Sequence):
        for item in value:
            yield from _values(item)


def _rounds_to(value: Decimal, number: str, unit: str) -> bool:
    """Whether a value, rounded as the statement shows it, is the number; a share may be in %."""
    try:
        shown = Decimal(number)
        step = Decimal(1).scaleb(int(shown.as_tuple().exponent))
        scaled = [value, value * 100] if unit == "%" else [value]
        return any(abs(one - shown) <= step * _HALF for one in scaled)
    except InvalidOperation:  # 1.2.3 is a name; NaN is no result
        return False
