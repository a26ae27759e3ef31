"""``xinglin conversations``: list, show, export, rename and delete stored conversations."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.common import JsonOption, print_json, write_or_print

if TYPE_CHECKING:
    from api.conversations import Conversation, ConversationStore

conversations = typer.Typer(help="Stored conversations.", no_args_is_help=True)
IdArgument = Annotated[str, typer.Argument(help="The conversation's id, or how it begins.")]


@conversations.command("list")
def list_conversations(
    text: Annotated[str, typer.Argument(help="Words in title, questions or answers.")] = "",
    archived: Annotated[bool, typer.Option("--archived", help="The archived ones.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    json: JsonOption = False,
) -> None:
    """List conversations, the latest first."""
    found, total = _store().find(text, archived=archived, limit=limit)
    if json:
        print_json({"conversations": [_json(one) for one in found], "total": total})
        return
    for one in found:
        typer.echo(f"{one.id[:12]}  {one.updated:%Y-%m-%d %H:%M}  {one.turns:>3}  {one.title}")
    if total > len(found):
        typer.echo(f"… {total - len(found)} more; raise --limit or give words")


@conversations.command("show")
def show(conversation: IdArgument, json: JsonOption = False) -> None:
    """Print a conversation with its sources."""
    _export(conversation, None, json)


@conversations.command("export")
def export(
    conversation: IdArgument,
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.")],
    json: Annotated[bool, typer.Option("--json", help="JSON instead of Markdown.")] = False,
) -> None:
    """Write a conversation with its sources to a file, as Markdown or JSON."""
    _export(conversation, out, json)


def _export(name: str, out: Path | None, json: bool) -> None:
    import json as to_json

    from api.export import as_markdown

    store = _store()
    found = store.named(name)
    turns = store.turns(found.id)
    if json:
        whole = {"conversation": _json(found), "turns": [asdict(turn) for turn in turns]}
        write_or_print(to_json.dumps(whole, ensure_ascii=False, indent=2) + "\n", out)
    else:
        write_or_print(as_markdown(found, turns), out)


@conversations.command("rename")
def rename(
    conversation: IdArgument, title: Annotated[str, typer.Argument(help="The new title.")]
) -> None:
    """Give a conversation another title."""
    store = _store()
    changed = store.change(store.named(conversation).id, title=title)
    typer.echo(f"{changed.id}  {changed.title}")


@conversations.command("delete")
def delete(
    conversation: IdArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a conversation with its answers and the feedback on them, for good."""
    store = _store()
    found = store.named(conversation)
    if not yes:
        typer.confirm(f"delete {found.title!r} with {found.turns} turns?", abort=True)
    store.delete(found.id)
    typer.echo(f"deleted {found.id}")


def _store() -> ConversationStore:
    from api.conversations import ConversationStore
    from api.database import open_database
    from api.settings import load_settings

    settings = load_settings()
    return ConversationStore(open_database(settings.state_dir, settings.database_address))


def _json(conversation: Conversation) -> dict[str, Any]:
    return {
        **asdict(conversation),
        "created": conversation.created.isoformat(),
        "updated": conversation.updated.isoformat(),
    }
