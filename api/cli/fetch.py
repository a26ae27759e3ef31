"""``xinglin fetch``: trials and articles from public sources, as files that ingest reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.common import JsonOption, print_json, progress_bar

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.fetch import FetchSettings, Summary
    from ingest.fetch.summary import Progress

fetch = typer.Typer(
    help="Fetch trials and articles from public sources, as files for `xinglin ingest`.",
    no_args_is_help=True,
)
OutOption = Annotated[
    Path, typer.Option("--out", "-o", help="Folder for the files; made when it is not there.")
]
LimitOption = Annotated[
    int, typer.Option("--limit", min=1, help="Most records kept for this query.")
]
BaseUrlOption = Annotated[
    str | None,
    typer.Option("--base-url", help="A mirror of the source instead of its own address."),
]
QueryArgument = Annotated[
    str,
    typer.Argument(
        metavar="QUERY", help="In the database's own search syntax.", show_default=False
    ),
]
EmailOption = Annotated[
    str | None, typer.Option("--email", help="Where NCBI can write to if something goes wrong.")
]
KeyOption = Annotated[
    str | None,
    typer.Option(
        "--api-key", envvar="NCBI_API_KEY", help="NCBI API key: 10 requests a second, not 3."
    ),
]
AgainOption = Annotated[
    bool, typer.Option("--again", help="Fetch anew what is in the folder already.")
]


@fetch.command()
def clinicaltrials(
    out: OutOption,
    condition: Annotated[str, typer.Option("--condition", help="Disease.")] = "",
    term: Annotated[
        str, typer.Option("--term", help="Other words, such as AREA[LocationCountry]China.")
    ] = "",
    status: Annotated[
        list[str] | None,
        typer.Option("--status", help="recruiting, completed, …; may be repeated."),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="Last update posted on this day or later.")
    ] = None,
    limit: LimitOption = 1000,
    base_url: BaseUrlOption = None,
    json: JsonOption = False,
) -> None:
    """Trials of ClinicalTrials.gov, newest first, one JSON file each.

    The same command again fetches what changed since and goes on where it stopped.
    """
    from ingest.fetch.clinicaltrials import fetch_trials, trial_query

    query = trial_query(condition, term, status or (), since)
    settings = _settings(clinicaltrials_url=base_url)
    _report(
        lambda progress: fetch_trials(query, out, settings, limit, progress),
        query.described(),
        json,
    )


@fetch.command()
def pubmed(
    query: QueryArgument,
    out: OutOption,
    limit: LimitOption = 1000,
    again: AgainOption = False,
    email: EmailOption = None,
    api_key: KeyOption = None,
    base_url: BaseUrlOption = None,
    json: JsonOption = False,
) -> None:
    """Titles and abstracts of PubMed, one XML file each.

    The same command again fetches new articles and those PubMed changed, retractions included.
    """
    from ingest.fetch.articles import PUBMED, fetch_articles

    settings = _settings(email=email, api_key=api_key, eutils_url=base_url)
    _report(
        lambda progress: fetch_articles(
            PUBMED, query, out, settings, limit, again=again, progress=progress
        ),
        {"query": query},
        json,
    )


@fetch.command()
def pmc(
    query: QueryArgument,
    out: OutOption,
    limit: LimitOption = 1000,
    again: AgainOption = False,
    any_licence: Annotated[
        bool, typer.Option("--any-licence", help="Not only the open-access subset.")
    ] = False,
    email: EmailOption = None,
    api_key: KeyOption = None,
    base_url: BaseUrlOption = None,
    json: JsonOption = False,
) -> None:
    """Full texts of PubMed Central (open access), one JATS file each."""
    from ingest.fetch.articles import PMC, fetch_articles

    settings = _settings(email=email, api_key=api_key, eutils_url=base_url)
    _report(
        lambda progress: fetch_articles(
            PMC, query, out, settings, limit, again, any_licence, progress
        ),
        {"query": query},
        json,
    )


def _settings(**given: str | None) -> FetchSettings:
    """The settings of the connectors with the options of the command line."""
    from pydantic import ValidationError

    from api.settings import load_settings
    from ingest.fetch import FetchError, FetchSettings

    settings = load_settings().fetch
    values = {name: value for name, value in given.items() if value}
    try:
        return FetchSettings.model_validate({**settings.model_dump(), **values})
    except ValidationError as error:
        item = error.errors()[0]
        name = str(item["loc"][0])
        option = "--base-url" if name.endswith("_url") else f"--{name.replace('_', '-')}"
        raise FetchError(f"{option}: {item['msg']}") from None


def _report(run: Callable[[Progress], Summary], query: dict[str, str], as_json: bool) -> None:
    if as_json:
        print_json(_as_json(run(lambda done, found: None), query))
        return
    with progress_bar("fetch", "records") as (update, _):
        summary = run(lambda done, found: update(completed=done, total=found))
    found = "an unknown number" if summary.found is None else str(summary.found)
    typer.echo(
        f"{summary.source}: {found} found; {summary.added} added, {summary.updated} updated, "
        f"{summary.unchanged} unchanged in {summary.out} ({summary.requests} requests)"
    )
    for warning in summary.warnings:
        typer.echo(f"note: {' '.join(warning.split())}")
    if not summary.complete:
        typer.echo("note: not all of them are in the folder; --limit sets how many are kept")


def _as_json(summary: Summary, query: dict[str, str]) -> dict[str, Any]:
    return {
        "source": summary.source,
        "query": query,
        "out": str(summary.out),
        "found": summary.found,
        "added": summary.added,
        "updated": summary.updated,
        "unchanged": summary.unchanged,
        "complete": summary.complete,
        "requests": summary.requests,
        "warnings": summary.warnings,
    }
