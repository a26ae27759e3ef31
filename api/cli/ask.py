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
