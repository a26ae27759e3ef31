"""The command tree and how errors end a command."""

from __future__ import annotations

import os
import sys
from typing import Any

import typer

from api.cli.ask import ask
from api.cli.chat import chat
from api.cli.config import config
from api.cli.conversations import conversations
from api.cli.design import design
from api.cli.docs import docs
from api.cli.eval import evaluation
from api.cli.feasibility import feasibility
from api.cli.feedback import feedback
from api.cli.fetch import fetch
from api.cli.ingest import ingest
from api.cli.reindex import reindex
from api.cli.search import search
from api.cli.serve import serve

app = typer.Typer(
    name="xinglin",
    help="杏林: ask your corpus of regulations, guidelines and protocols; every answer is cited.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(ingest)
app.add_typer(docs, name="docs")
app.add_typer(fetch, name="fetch")
app.command()(search)
app.command()(ask)
app.command()(chat)
app.add_typer(conversations, name="conversations")
app.add_typer(feedback, name="feedback")
app.add_typer(design, name="design")
app.add_typer(feasibility, name="feasibility")
app.command()(serve)
app.command()(config)
app.command()(reindex)
app.add_typer(evaluation, name="eval")


# Typer brings a click of its own in some versions and takes the installed one in others.
_USAGE: type[Exception] = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "UsageError"
)


def _reader_left() -> None:
    """The reader of a pipe (head, less) went away: not an error of ours."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(0)


def _say_usage(error: Any) -> None:
    """What is wrong with the words of a command, in one line; help where help is all it is."""
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        return
    said = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    hint = f"; see {context.command_path} --help" if context is not None else ""
    typer.echo(f"xinglin: {said}{hint}", err=True)


def main() -> None:
    """Entry point: bad input ends with exit status 2 and one clear sentence on standard error."""
    from api.cli.common import user_errors

    try:
        status = app(standalone_mode=False)
    except BrokenPipeError:
        _reader_left()
    except SystemExit as end:
        # typer turns a closed pipe into exit status 1.
        if isinstance(end.__context__, BrokenPipeError):
            _reader_left()
        raise
    except typer.Abort:
        raise SystemExit(1) from None
    except _USAGE as error:
        _say_usage(error)
        raise SystemExit(2) from None
    except Exception as error:
        if isinstance(error, user_errors()):
            typer.echo(f"xinglin: {error}", err=True)
            raise SystemExit(2) from None
        raise
    if status:
        raise SystemExit(status)
