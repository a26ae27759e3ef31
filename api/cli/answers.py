"""An answer in words for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from api.cli.common import place

if TYPE_CHECKING:
    from assistant import Answer, Citation, Statement


def print_answer(answer: Answer) -> None:
    """Print how a question was understood, the statements, what is missing, the sources."""
    if answer.understood:
        from assistant.messages import message

        typer.echo(message(answer.language, "export_understood", text=answer.understood))
    details = False
    for statement in answer.statements:
        if statement.detail and not details:
            details = True
            typer.echo("更多依据：" if answer.language == "zh" else "Further:")
        marks = "".join(f"[{number}]" for number in statement.citations)
        for line in _table_head(answer, statement):
            typer.echo(f"  {line}")
        typer.echo(f"• {statement.text} {marks}{_doubt(answer, statement)}".rstrip())
    for notice in answer.notices:
        typer.echo(f"! {notice}")
    own_words = answer.status in {"refused", "needs_clarification"}
    if answer.missing and not (own_words and answer.statements):
        typer.echo(answer.missing)
    if answer.citations:
        typer.echo("")
    for citation in answer.citations:
        typer.echo(_source_line(citation))


def _doubt(answer: Answer, statement: Statement) -> str:
    """Marks a statement of an answer that failed its checks; replies in own words need no mark."""
    if answer.status != "answered" or statement.support != "unsupported":
        return ""
    return "（无依据）" if answer.language == "zh" else "(unsupported)"


def _table_head(answer: Answer, statement: Statement) -> list[str]:
    """Caption and header that a quoted row is read under."""
    tables = [c.table for c in answer.citations if c.id in statement.citations and c.table]
    if not tables:
        return []
    header = [" | ".join(row) for row in tables[0].header]
    return [*([tables[0].caption] if tables[0].caption else []), *header]


def _source_line(citation: Citation) -> str:
    since = f"，{citation.effective_from}" if citation.effective_from else ""
    line = (
        f"[{citation.id}] {citation.title}  {place(citation.locator)}  ({citation.status}{since})"
    )
    if citation.source:
        line += f"\n    {citation.source}"
    return f"{line}\n    {citation.path}"
