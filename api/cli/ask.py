"""``xinglin ask``: an answer with verified citations, or an honest abstention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import (
    AsOfOption,
    FilterOption,
    IndexOption,
    JsonOption,
    iso_date,
    place,
    print_json,
)

if TYPE_CHECKING:
    from assistant import Answer, Citation, Statement


def ask(
    question: Annotated[str, typer.Argument(help="A question, Chinese or English or mixed.")],
    as_of: AsOfOption = None,
    filter: FilterOption = None,
    index: IndexOption = None,
    json: JsonOption = False,
    llm: Annotated[
        str | None,
        typer.Option("--llm", metavar="MODEL", help="A language model that words the answer."),
    ] = None,
    llm_base_url: Annotated[
        str | None,
        typer.Option(
            "--llm-base-url",
            metavar="URL",
            help="The OpenAI-compatible endpoint that serves it; the passages found go there.",
        ),
    ] = None,
    no_llm: Annotated[
        bool, typer.Option("--no-llm", help="Answer without the language model of the settings.")
    ] = False,
    show_unsupported: Annotated[
        bool,
        typer.Option(
            "--show-unsupported", help="Show what the language model could not support, marked so."
        ),
    ] = False,
) -> None:
    """Answer a question from the index. Every statement carries a quote that was checked."""
    from api.settings import load_settings
    from api.wiring import make_answerer
    from retrieval import Filters

    filters = Filters.parse(filter or [])
    day = iso_date(as_of)
    chosen = llm_options(llm, llm_base_url, no_llm, show_unsupported)
    settings = load_settings(index_dir=index, llm=chosen)
    answer = make_answerer(settings).answer(question, day, filters)
    if json:
        print_json(answer.to_json())
    else:
        _print_answer(answer)


def llm_options(
    model: str | None, base_url: str | None, off: bool, show_unsupported: bool
) -> dict[str, object] | None:
    """What the options of a command change in the section ``llm`` of the settings.

    Raises:
        BadInput: ``--no-llm`` beside a language model.
    """
    from ingest.errors import BadInput

    if off:
        if model or base_url:
            raise BadInput("--no-llm and --llm exclude each other; give one of them")
        return {"model": None}
    given = {"model": model, "base_url": base_url, "show_unsupported": show_unsupported or None}
    return {key: value for key, value in given.items() if value is not None} or None


def _print_answer(answer: Answer) -> None:
    for statement in answer.statements:
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
