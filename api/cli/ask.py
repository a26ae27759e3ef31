"""``xinglin ask``: an answer with verified citations, or an honest abstention."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.answers import print_answer
from api.cli.chat import ConversationOption, open_conversation
from api.cli.common import (
    AsOfOption,
    FilterOption,
    IndexOption,
    JsonOption,
    iso_date,
    print_json,
)


def ask(
    question: Annotated[str, typer.Argument(help="A question, Chinese or English or mixed.")],
    as_of: AsOfOption = None,
    conversation: ConversationOption = None,
    filter: FilterOption = None,
    index: IndexOption = None,
    json: JsonOption = False,
) -> None:
    """Answer a question from the index. Every statement carries a quote that was checked."""
    from api.settings import load_settings
    from api.wiring import make_answerer
    from retrieval import Filters

    filters = Filters.parse(filter or [])
    day = iso_date(as_of)
    settings = load_settings(index_dir=index)
    if conversation is None:
        answer = make_answerer(settings).answer(question, day, filters)
    else:
        from api.service import Service

        service = Service(settings)
        found = open_conversation(service, conversation)
        answer = service.ask(question, day, filters, found)
    if json:
        print_json(answer.to_json())
        return
    print_answer(answer)
    if conversation is not None:
        typer.echo(f"\nxinglin ask --conversation {found} …")
