"""Options and output shared by the commands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

IndexOption = Annotated[
    Path | None, typer.Option("--index", help="The index folder.", show_default=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", help="Answer for this day (YYYY-MM-DD); today by default."),
]
FilterOption = Annotated[
    list[str] | None,
    typer.Option(
        "--filter",
        help="KEY=VALUE with KEY one of kind, issuer, jurisdiction, language, document, status, "
        "from, to; may be repeated.",
    ),
]


def user_errors() -> tuple[type[Exception], ...]:
    """Exceptions that mean bad input or an unusable environment, not a bug."""
    from api.conversations import NoConversation
    from api.database import DatabaseUnusable
    from api.feedback import NoFeedback
    from api.settings import SettingsError
    from assistant.llm.factory import LlmUnusable
    from design.errors import BadDesign
    from ingest.errors import BadInput
    from retrieval.embedders import ModelUnusable
    from retrieval.filters import BadFilter
    from retrieval.lexicon import LexiconError
    from retrieval.store import IndexUnusable
    from retrieval.writer import IndexBusy

    return (
        SettingsError,
        BadInput,
        BadDesign,
        BadFilter,
        BadDate,
        ModelUnusable,
        LlmUnusable,
        LexiconError,
        IndexUnusable,
        IndexBusy,
        NoConversation,
        NoFeedback,
        DatabaseUnusable,
    )


class BadDate(ValueError):
    """A date that is not ``YYYY-MM-DD``."""


def iso_date(value: str | None) -> str | None:
    """Check a date option.

    Raises:
        BadDate: It is not a date of the calendar in ISO form.
    """
    from datetime import date

    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise BadDate(f"--as-of {value!r} is not a date like 2026-01-31") from None


def write_or_print(text: str, out: Path | None) -> None:
    """Write a text to a file, or print it.

    Raises:
        BadInput: The file cannot be written.
    """
    from ingest.errors import BadInput

    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{out} cannot be written: {error.strerror}") from None


def print_json(value: Any) -> None:
    """Print a value as JSON, readable Chinese included."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def progress_bar(command: str, unit: str) -> Iterator[tuple[Callable[..., None], Console]]:
    """A bar on a terminal, nothing elsewhere; gives how to update it and where lines are printed.

    Args:
        command: Shown before the bar.
        unit: What is counted.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(soft_wrap=True, highlight=False)
    bar = Progress(
        TextColumn(f"[bold]{command}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        yield partial(bar.update, bar.add_task(unit, total=None)), console


def place(locator: dict[str, Any]) -> str:
    """A locator in words: 第十九条 · p. 12 · Sheet1!A1:C9."""
    parts = []
    if locator.get("section"):
        parts.append(str(locator["section"]))
    if locator.get("page"):
        parts.append(f"p. {locator['page']}")
    if locator.get("sheet") or locator.get("cells"):
        parts.append("!".join(str(locator[k]) for k in ("sheet", "cells") if locator.get(k)))
    return " · ".join(parts)
