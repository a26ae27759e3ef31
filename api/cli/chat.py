"""``xinglin chat``: a conversation on the terminal or through a pipe; each turn is stored."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.answers import print_answer
from api.cli.common import AsOfOption, FilterOption, IndexOption, iso_date

if TYPE_CHECKING:
    from api.service import Service

ConversationOption = Annotated[
    str | None,
    typer.Option(
        "--conversation",
        help="`new`, or the id of a stored conversation: the question is its next turn.",
    ),
]


def chat(
    conversation: Annotated[
        str | None, typer.Option("--conversation", help="Go on with a stored conversation.")
    ] = None,
    as_of: AsOfOption = None,
    filter: FilterOption = None,
    index: IndexOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Ask one question a line; follow-ups are understood from the turns before. An empty line or
    /quit ends."""
    from api.service import Service
    from api.settings import load_settings
    from retrieval import Filters

    filters = Filters.parse(filter or [])
    day = iso_date(as_of)
    service = Service(load_settings(index_dir=index))
    conversation_id = open_conversation(service, conversation or "new")
    terminal = sys.stdin.isatty()
    while (question := _next_line(terminal)) is not None:
        answer = service.ask(question, day, filters, conversation_id)
        if json:
            import json as to_json

            typer.echo(to_json.dumps(answer.to_json(), ensure_ascii=False))
        else:
            typer.echo("" if terminal else f"> {question}")
            print_answer(answer)
            typer.echo("")
    if not json:
        typer.echo(f"xinglin chat --conversation {conversation_id}")


def _next_line(terminal: bool) -> str | None:
    """The next question, ``None`` at the end; a pipe may hold empty lines."""
    if terminal:
        typer.echo("> ", nl=False)
    for line in iter(sys.stdin.readline, ""):
        question = str(line).strip()
        if question == "/quit" or (terminal and not question):
            return None
        if question:
            return question
    return None


def open_conversation(service: Service, name: str) -> str:
    """The id of a new conversation, or of a stored one by its id or how it begins.

    Raises:
        NoConversation: There is none, or several begin so.
        IndexUnusable: There is nothing to ask yet; no conversation is begun.
    """
    _ = service.index
    if name == "new":
        return service.conversations.create().id
    return service.conversations.named(name).id
