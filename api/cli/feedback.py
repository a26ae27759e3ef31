"""``xinglin feedback``: what readers said of answers, for the people who keep the corpus."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.common import JsonOption, print_json, write_or_print

if TYPE_CHECKING:
    from api.feedback import Feedback, FeedbackStore

feedback = typer.Typer(help="Feedback on answers.", no_args_is_help=True)
VerdictOption = Annotated[
    str | None, typer.Option("--verdict", help="useful, wrong, missing_source or other.")
]
OpenOption = Annotated[bool, typer.Option("--open", help="Only what nobody dealt with yet.")]


@feedback.command("list")
def list_feedback(
    verdict: VerdictOption = None,
    open_only: OpenOption = False,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 100,
    json: JsonOption = False,
) -> None:
    """List feedback, the latest first."""
    found, total = _store().find(_checked(verdict), False if open_only else None, limit=limit)
    if json:
        print_json({"feedback": [_json(one) for one in found], "total": total})
        return
    for one in found:
        _print(one)
    if total > len(found):
        typer.echo(f"… {total - len(found)} more; raise --limit")


def _print(one: Feedback) -> None:
    done = "✓" if one.handled else " "
    typer.echo(f"{done} {one.id}  {one.created:%Y-%m-%d}  {one.verdict}  {one.question}")
    for words in (one.statement_text, one.comment, one.suggested_source):
        if words:
            typer.echo(f"      {words}")
    typer.echo(f"      {one.answer_id}")


@feedback.command("export")
def export(
    out: Annotated[Path, typer.Argument(help="The file to write; .json for JSON, else CSV.")],
    verdict: VerdictOption = None,
    open_only: OpenOption = False,
) -> None:
    """Write all feedback to a file."""
    import json

    from api.feedback import feedback_csv

    found, _ = _store().find(_checked(verdict), False if open_only else None, limit=None)
    if out.suffix == ".json":
        text = json.dumps([_json(one) for one in found], ensure_ascii=False, indent=2) + "\n"
    else:
        text = "\ufeff" + feedback_csv(found)
    write_or_print(text, out)
    typer.echo(f"{len(found)} written to {out}")


@feedback.command("handle")
def handle(
    number: Annotated[int, typer.Argument(help="Number of the feedback.")],
    reopen: Annotated[bool, typer.Option("--reopen", help="Mark it as open again.")] = False,
) -> None:
    """Mark feedback as dealt with."""
    _print(_store().handle(number, not reopen))


def _checked(verdict: str | None) -> str | None:
    from api.feedback import VERDICTS
    from ingest.errors import BadInput

    if verdict is not None and verdict not in VERDICTS:
        raise BadInput(f"--verdict {verdict!r} is not one of {', '.join(VERDICTS)}")
    return verdict


def _store() -> FeedbackStore:
    from api.database import open_database
    from api.feedback import FeedbackStore
    from api.settings import load_settings

    settings = load_settings()
    return FeedbackStore(open_database(settings.state_dir, settings.database_address))


def _json(one: Feedback) -> dict[str, Any]:
    return {
        **asdict(one),
        "created": one.created.isoformat(),
        "handled": one.handled.isoformat() if one.handled else None,
    }
