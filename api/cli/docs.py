"""``xinglin docs``: what the index holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.common import AsOfOption, IndexOption, JsonOption, iso_date, print_json

if TYPE_CHECKING:
    from api.settings import Settings
    from ingest.model import Block
    from retrieval import StoredDocument, View

docs = typer.Typer(help="List, show, remove and export documents.", no_args_is_help=True)
_SPREADS = 20  # pages written when none are named
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
    id: IdArgument,
    index: IndexOption = None,
    as_of: AsOfOption = None,
    pages: Annotated[
        str | None, typer.Option("--pages", help="Only these pages: 3 or 3-7.", show_default=False)
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            help="Write pages beside their text to this file (the first 20 unless --pages).",
            show_default=False,
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show one document: what is known of it, how well it was read, its blocks and their places."""
    from api.cli.common import place
    from api.documents import block_json, describe
    from api.settings import load_settings
    from api.wiring import open_index
    from ingest.quality import quality_to_json

    day = iso_date(as_of) or date.today().isoformat()
    settings = load_settings(index_dir=index)
    with open_index(settings).read() as view:
        document = _find(view, id)
        about = describe(view, document, day)
        wanted = _pages(pages, document)
        found = [
            (ordinal, block)
            for ordinal, block in view.blocks(document)
            if wanted is None or block.locator.page in wanted
        ]
        quality = view.quality(document)
    if html is not None:
        _write_spread(html, document, about, found, wanted, settings)
        typer.echo(f"written: {html}")
        return
    blocks = [block_json(ordinal, block) for ordinal, block in found]
    if json:
        known = quality_to_json(quality) if quality else None
        print_json({**about, "quality": known, "blocks_content": blocks})
        return
    for key, value in about.items():
        if value not in (None, [], ""):
            typer.echo(f"{key}: {value}")
    if quality and quality.confidence is not None:
        typer.echo(
            f"recognised pages: mean confidence {quality.confidence:.1%}, "
            f"{quality.doubtful_digits} doubtful digits"
        )
    for remark in quality.remarks if quality else ():
        typer.echo(f"{remark.kind}: {remark.place}: {remark.reason}: {remark.excerpt}")
    for block in blocks:
        flags = f"  <{', '.join(block['flags'])}>" if block["flags"] else ""
        typer.echo(f"\n[{block['ordinal']} {block['kind']}] {place(block['locator'])}{flags}")
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


def _pages(given: str | None, document: StoredDocument) -> range | None:
    """The pages asked for. Raises :class:`BadInput` when they are none of the document's."""
    from ingest.errors import BadInput

    if given is None:
        return None
    first, _, last = given.partition("-")
    numbers = [part for part in (first, last or first) if part.isascii() and part.isdigit()]
    if len(numbers) != 2 or int(numbers[0]) > int(numbers[1]):
        raise BadInput(f"--pages {given!r} is neither a page nor a span like 3-7")
    if not document.pages:
        raise BadInput(f"{document.title!r} has no pages")
    if int(numbers[1]) > document.pages or int(numbers[0]) < 1:
        raise BadInput(f"{document.title!r} has pages 1 to {document.pages}")
    return range(int(numbers[0]), int(numbers[1]) + 1)


def _write_spread(
    path: Path,
    document: StoredDocument,
    about: dict[str, Any],
    found: list[tuple[int, Block]],
    wanted: range | None,
    settings: Settings,
) -> None:
    """Write the pages of a document beside their text."""
    from api.reports.spread import spread_page
    from ingest.errors import BadInput
    from ingest.pictures import has_pages
    from retrieval.writer import original_path

    shown = wanted or range(1, min(document.pages or 0, _SPREADS) + 1)
    by_page: dict[int, list[tuple[int, Block]]] = {page: [] for page in shown} or {0: []}
    for ordinal, block in found:
        page = block.locator.page or 0 if shown else 0
        if page in by_page:
            by_page[page].append((ordinal, block))
    original = original_path(settings.index_dir, document.sha256, document.source_path)
    drawn = has_pages(document.media_type) and original.exists()
    known = [(key, str(value)) for key, value in about.items() if value not in (None, [], "")]
    text = spread_page(
        document.title,
        known,
        list(by_page.items()),
        original if drawn else None,
        settings.ingest.read_options().passwords,
    )
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"--html {path} cannot be written: {error.strerror or error}") from None


def _find(view: View, id: str) -> StoredDocument:
    from ingest.errors import BadInput

    document = view.document(id)
    if document is None:
        raise BadInput(f"no document has the id {id!r}; `xinglin docs list` shows all ids")
    return document
