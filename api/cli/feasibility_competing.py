"""``xinglin feasibility competing``: registered trials that compete for the same patients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli.common import IndexOption, JsonOption, print_json
from api.cli.feasibility_options import LanguageOption

if TYPE_CHECKING:
    from assistant.feasibility import CompetingTrial

_SHOWN = 20


def competing(
    condition: Annotated[
        str, typer.Option("--condition", help="The disease, Chinese or English; synonyms count.")
    ],
    region: Annotated[
        str | None, typer.Option("--region", help="A country or place the trial must be in.")
    ] = None,
    line: Annotated[
        Literal["first", "second_or_later", "adjuvant", "neoadjuvant", "maintenance"] | None,
        typer.Option("--line", help="Line of treatment."),
    ] = None,
    phase: Annotated[
        list[str] | None, typer.Option("--phase", help="1 to 4; may be repeated.")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", help="From when patients are wanted (YYYY-MM-DD).")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", help="Until when (YYYY-MM-DD).")] = None,
    index: IndexOption = None,
    lang: LanguageOption = "zh",
    json: JsonOption = False,
) -> None:
    """Find registered trials of a condition in the index, and tell which compete."""
    from api.settings import load_settings
    from api.wiring import open_index
    from assistant.feasibility import Sought, competing_trials
    from assistant.feasibility.competing import checked_sought
    from assistant.feasibility.work import said
    from retrieval.lexicon import load_lexicon

    sought = checked_sought(Sought(condition, region, line, tuple(phase or ()), start, end))
    settings = load_settings(index_dir=index)
    with open_index(settings).read() as view:
        found = competing_trials(view, load_lexicon(settings.lexicon_path), sought)
    if json:
        print_json(found.to_json())
        return
    if not found.records:
        typer.echo(getattr(said("absent", "no_records"), lang))
        typer.echo(getattr(said("settle", "competing"), lang))
        return
    for text in found.sentences:
        typer.echo(getattr(text, lang))
    snapshot = said("competing", "snapshot", snapshot=found.snapshot, added=found.added or "?")
    typer.echo(getattr(snapshot, lang))
    for trial in found.trials[:_SHOWN]:
        _show(trial, lang)
    if len(found.trials) > _SHOWN:
        typer.echo(f"… {len(found.trials) - _SHOWN} (--json)")


def _show(trial: CompetingTrial, lang: str) -> None:
    from assistant.feasibility.work import said

    key = {True: "yes", False: "no", None: "unknown"}[trial.competes]
    head = getattr(said("head", "competes"), lang)
    known = [trial.status, trial.phase, trial.size, trial.countries]
    window = f"{trial.start or '…'} – {trial.end or '…'}"
    typer.echo(f"\n{trial.number}  {head}: {getattr(said('competing', key), lang)}")
    typer.echo(f"  {trial.title}")
    typer.echo("  " + " · ".join(str(each) for each in [*known, window] if each is not None))
