"""One question in the report: everything needed to understand how it was scored."""

from __future__ import annotations

from typing import Any

from assistant import Citation
from assistant.model import Statement
from eval.answers.cost import Prices, tokens_of
from eval.answers.recheck import CheckedCitation, CheckedStatement
from eval.answers.risk import confidence_of
from eval.answers.score import Scored


def row_of(scored: Scored, prices: Prices, timings: bool = True) -> dict[str, Any]:
    """The record of one question, as JSON.

    ``elapsed_ms`` is left out without ``timings``: all else is the same on every run over the
    same index with the same settings.
    """
    question, answer = scored.question, scored.answer
    read, written = tokens_of(answer)
    row: dict[str, Any] = {
        "id": question.id,
        "unit": question.unit,
        "lang": question.lang,
        "category": question.category,
        "split": question.split,
        "conversation": question.conversation,
        "turn": question.turn if question.conversation else None,
        "pair": question.pair,
        "documents": [path.name for path in question.documents],
        "question": question.question,
        "understood": answer.understood,
        "as_of": answer.as_of,
        "expect": question.expect,
        "status": answer.status,
        "status_without_documents": scored.asked.without,
        "outcome": scored.outcome,
        "score": scored.score,
        "wrong_answer": scored.wrong_answer,
        "key_points": [
            {"forms": list(forms), "met": met}
            for forms, met in zip(question.key_points, scored.points, strict=True)
        ],
        "forbidden": list(question.forbidden),
        "forbidden_found": list(scored.forbidden),
        "wrong_version": list(scored.wrong_version),
        "sources": list(question.sources),
        "statements": [
            _statement(one, checked)
            for one, checked in zip(answer.statements, scored.statements, strict=True)
        ],
        "citations": [
            _citation(c, scored.citations[c.id], c.id in scored.sources_right)
            for c in answer.citations
        ],
        "calculations": [dict(calculation) for calculation in answer.calculations],
        "notices": list(answer.notices),
        "missing": answer.missing,
        "confidence": confidence_of(scored),
        "llm": answer.record.llm if answer.record else None,
        "input_tokens": read,
        "output_tokens": written,
        "cost": prices.of(answer),
        "counts": {name: list(count) for name, count in scored.counts.items()},
    }
    if timings:
        row["elapsed_ms"] = scored.asked.milliseconds
    return row


def _statement(statement: Statement, checked: CheckedStatement) -> dict[str, Any]:
    return {
        "text": statement.text,
        "support": statement.support,
        "citations": list(statement.citations),
        "supported": checked.supported,
        "numbers_stand": checked.numbers,
        "citations_right": sorted(checked.right),
        "failures": list(checked.failures) if statement.citations else [],
    }


def _citation(citation: Citation, checked: CheckedCitation, expected: bool) -> dict[str, Any]:
    return {
        "id": citation.id,
        "title": citation.title,
        "path": citation.path,
        "locator": citation.locator,
        "quote": citation.quote,
        "status": citation.status,
        "status_checked": checked.status,
        "effective_from": citation.effective_from,
        "effective_to": citation.effective_to,
        "superseded_by": citation.superseded_by,
        "notice": citation.notice,
        "stands": checked.stands,
        "expected_source": expected,
    }
