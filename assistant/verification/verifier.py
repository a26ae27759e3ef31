"""The gate every statement passes before it is shown, whoever wrote it.

A statement is verified when its quote stands verbatim at its locator in the stored document, says
what the quote says as far as rules can tell, and the source is in force on the day asked about (or
the reader is told that it is not). docs/verification.md lists what is checked and what is not seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.verification.content import binding_findings, content_findings
from assistant.verification.entailment import Entailment, follows
from assistant.verification.entities import name_findings, subject_findings
from assistant.verification.failures import Finding, Verdict, language_of, verdict
from assistant.verification.numbers import number_findings
from assistant.verification.polarity import direction_findings, polarity_findings
from assistant.verification.scope import scope_findings
from ingest.model import Block
from retrieval.lexicon import Lexicon
from retrieval.normalise import compare_form

_NOT_IN_FORCE = {"superseded", "draft", "not_yet_effective"}


def quote_stands(quote: str, block: Block, start: int, end: int) -> bool:
    """Whether the quote is exactly what stands at this place, apart from width and white space."""
    wanted = compare_form(quote)
    return bool(wanted) and compare_form(block.text[start:end]) == wanted


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
        context: Text that stands with the quote and whose names and numbers may be used, such as
            the header row of a quoted table row, or title and section of the source.
    """
    findings: list[Finding] = []
    if not quote_stands(quote, block, start, end):
        findings.append(Finding("quote_not_found"))
    findings += _findings(statement, [quote], [context] if context else [], None, None)
    if status in _NOT_IN_FORCE and not disclosed:
        findings.append(Finding("superseded_silently"))
    return verdict(findings, language_of(statement))


def supports(
    statement: str,
    quotes: Sequence[str],
    *,
    context: Sequence[str] = (),
    lexicon: Lexicon | None = None,
    entailment: Entailment | None = None,
) -> Verdict:
    """Whether a statement in other words than its quotes may be shown under them.

    Args:
        statement: What would be shown, in Chinese or English.
        quotes: The quoted texts, each found verbatim at its place already; their language may be
            the other one.
        context: What stands with the quotes: title, section, header row. Names and numbers found
            there may be used as well.
        lexicon: Lets a name stand for its abbreviation or translation.
        entailment: A model that has the last word, after the rules.

    >>> supports("60日内决定", ["自受理之日起六十个工作日内决定。"]).details
    ('引文是“60个工作日”，陈述是“60日”',)
    """
    findings = _findings(statement, quotes, context, lexicon, entailment)
    return verdict(findings, language_of(statement))


def _findings(
    statement: str,
    quotes: Sequence[str],
    context: Sequence[str],
    lexicon: Lexicon | None,
    entailment: Entailment | None,
) -> list[Finding]:
    wanted = compare_form(statement)
    if any(compare_form(quote) == wanted for quote in quotes):
        return []  # said in the quote's own words, whatever the rules make of them
    findings = list(_by_rule(statement, quotes, context, lexicon))
    if not findings and entailment is not None:
        passed, probability = follows(entailment, statement, quotes)
        if not passed:
            findings.append(Finding("not_entailed", f"{probability:.2f}"))
    return findings


def _by_rule(
    statement: str, quotes: Sequence[str], context: Sequence[str], lexicon: Lexicon | None
) -> Iterator[Finding]:
    yield from number_findings(statement, quotes, context)
    yield from binding_findings(statement, quotes)
    yield from name_findings(statement, quotes, context, lexicon)
    yield from subject_findings(statement, quotes)
    yield from polarity_findings(statement, quotes, lexicon)
    yield from direction_findings(statement, quotes, lexicon)
    yield from scope_findings(statement, quotes)
    yield from content_findings(statement, quotes, context, lexicon)
