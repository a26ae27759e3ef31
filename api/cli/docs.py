"""``xinglin docs``: what the index holds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import AsOfOption, IndexOption, JsonOption, iso_date, print_json

if TYPE_CHECKING:
    from retrieval import StoredDocument, View

docs = typer.Typer(help="List, show, remove and export documents.", no_args_is_help=True)
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Document id, or its beginning.")]


@docs.command("list")
def list_documents(
    index: IndexOption = None, as_of: AsOfOption = None, json: JsonOption = False
) -> None:
    """List the documents of the index with their status on a day."""
    from api.documents import describe
    from api.settings import load_settings
    from api.wiring import open_index

    day = iso_date(as_of) or date.today().isoformat()
    with open_index(load_settings(index_dir=index)).read() as view:
        rows = [describe(view, document, day) for document in view.documents]
    if json:
        print_json(rows)
        return
    for row in rows:
        pages = f", {row['pages']} pages" if row["pages"] else ""
        typer.echo(f"{row['id']}  {row['status']:<10}  {row['title']}  [{row['kind']}{pages}]")
    typer.echo(f"{len(rows)} documents")


@docs.command()
def show(
    id: IdArgument, index: IndexOption = None, as_of: AsOfOption = None, json: JsonOption = False
) -> None:
    """Show one document: what is known of it and its blocks with their places."""
    from api.cli.common import place
    from api.documents import block_json, describe
    from api.settings import load_settings
    from api.wiring import open_index

    day = iso_date(as_of) or date.today().isoformat()
    with open_index(load_settings(index_dir=index)).read() as view:
        document = _find(view, id)
        about = describe(view, document, day)
        blocks = [block_json(ordinal, block) for ordinal, block in view.blocks(document)]
    if json:
        print_json({**about, "blocks_content": blocks})
        return
    for key, value in about.items():
        if value not in (None, [], ""):
            typer.echo(f"{key}: {value}")
    for block in blocks:
        typer.echo(f"\n[{block['ordinal']} {block['kind']}] {place(block['locator'])}")
        typer.echo(block["text"])


@docs.command()
def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Document ids.")],
    index: IndexOption = None,
    json: JsonOption = False,
) -> None:
    """Remove documents; they are not found by the next question and leave the disk."""
    from api.settings import load_settings
    from api.wiring import open_index, open_writer

    settings = load_settings(index_dir=index)
    with open_index(settings).read() as view:
        documents = [_find(view, id) for id in ids]
    with open_writer(settings) as writer:
        writer.remove([document.id for document in documents])
    if json:
        print_json({"removed": [document.id for document in documents]})
        return
    for document in documents:
        typer.echo(f"removed {document.id}  {document.title}")


@docs.command()
def export(id: IdArgument, index: IndexOption = None, json: JsonOption = False) -> None:
    """Print a document's text as Markdown."""
    from api.documents import to_markdown
    from api.settings import load_settings
    from api.wiring import open_index

    with open_index(load_settings(index_dir=index)).read() as view:
        document = _find(view, id)
        text = to_markdown(block for _, block in view.blocks(document))
    if json:
        print_json({"id": document.id, "title": document.title, "markdown": text})
    else:
        typer.echo(text)


def _find(view: View, id: str) -> StoredDocument:
    from ingest.errors import BadInput

    document = view.document(id)
    if document is None:
        raise BadInput(f"no document has the id {id!r}; `xinglin docs list` shows all ids")
    return document
