"""``xinglin search``: passages for a query, best first."""

from __future__ import annotations

from typing import Annotated

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


def search(
    query: Annotated[str, typer.Argument(help="Words or a question, Chinese or English.")],
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many passages.")] = 10,
    filter: FilterOption = None,
    as_of: AsOfOption = None,
    index: IndexOption = None,
    json: JsonOption = False,
) -> None:
    """Find passages. Texts superseded or not yet in force stay out unless asked for."""
    from api.hits import hit_json
    from api.settings import load_settings
    from api.wiring import make_searcher, open_index
    from retrieval import Filters

    settings = load_settings(index_dir=index)
    filters = Filters.parse(filter or [])
    day = iso_date(as_of)
    searcher = make_searcher(settings)
    with open_index(settings).read() as view:
        hits = [hit_json(hit) for hit in searcher.search(view, query, k, filters, day)]
        snapshot = view.snapshot.id
    if json:
        print_json({"query": query, "snapshot": snapshot, "hits": hits})
        return
    for rank, hit in enumerate(hits, start=1):
        where = place(hit["locator"])
        typer.echo(f"{rank}. {hit['title']}  {where}  [{hit['status']}, {hit['score']:.3f}]")
        typer.echo(f"   {' '.join(hit['text'].split())[:200]}")
    if not hits:
        typer.echo("nothing found")
