"""``xinglin feasibility sites``: sites and investigators, ranked, with the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli.common import JsonOption, print_json, write_or_print
from api.cli.feasibility_options import DirectoryOption, LanguageOption, SvgOption, directory_at

if TYPE_CHECKING:
    from design.enrolment.forecast import Forecast
    from design.sites import RankedSite, SiteRanking

_PEOPLE = 3


def sites(
    condition: Annotated[
        str, typer.Option("--condition", help="A condition of the directory, by key or name.")
    ],
    months: Annotated[float, typer.Option("--months", help="Months for enrolment.")],
    target: Annotated[
        int | None, typer.Option("--target", help="Patients wanted in all, after drop-out.")
    ] = None,
    eligible_share: Annotated[
        str | None,
        typer.Option("--eligible-share", help="Share of a site's patients who are eligible, 0.12."),
    ] = None,
    product: Annotated[
        Literal["drug", "device", "any"],
        typer.Option("--product", help="Sites must be filed for trials of it."),
    ] = "drug",
    region: Annotated[
        list[str] | None, typer.Option("--region", help="Only this region; may be repeated.")
    ] = None,
    phase1: Annotated[
        bool, typer.Option("--phase1", help="Only sites with a phase I unit.")
    ] = False,
    assurance: Annotated[
        float, typer.Option("--assurance", help="Probability of reaching the target.")
    ] = 0.8,
    lead_days: Annotated[
        float,
        typer.Option(
            "--lead-days",
            help="Days from the selection of sites until the months begin: start-up counts only as "
            "far as it is longer.",
        ),
    ] = 0.0,
    top: Annotated[int, typer.Option("--top", min=1, help="How many are shown.")] = 10,
    directory: DirectoryOption = None,
    svg: SvgOption = None,
    lang: LanguageOption = "zh",
    json: JsonOption = False,
) -> None:
    """Rank sites and investigators (找中心、找PI) for a trial, with the reasons."""
    from api.settings import load_settings
    from assistant.feasibility.conditions import directory_condition
    from design.sites import Wanted, rank_sites, read_directory
    from design.sites.choice import forecast_of
    from retrieval.lexicon import load_lexicon

    settings = load_settings()
    read = read_directory(directory_at(settings, directory or "synthetic"))
    wanted = Wanted(
        condition=directory_condition(read, condition, lambda: load_lexicon(settings.lexicon_path)),
        months=months,
        target=target,
        eligible_share=_share(eligible_share),
        product=product,
        regions=tuple(region or ()),
        phase1=phase1,
        assurance=assurance,
        lead_days=lead_days,
    )
    ranking = rank_sites(read, wanted)
    expected = forecast_of(ranking)
    if svg is not None:
        write_or_print(expected.svg(lang), svg)
    if json:
        print_json(ranking.to_json() | {"forecast": expected.to_json()})
    else:
        _show(ranking, expected, top, lang)


def _share(text: str | None) -> float | None:
    """``0.12`` or ``12%``."""
    from design.errors import BadDesign

    if text is None:
        return None
    try:
        stripped = text.strip()
        return float(stripped[:-1]) / 100 if stripped.endswith("%") else float(stripped)
    except ValueError:
        raise BadDesign(f"--eligible-share {text!r} is not a share like 0.12 or 12%") from None


def _show(ranking: SiteRanking, expected: Forecast, top: int, lang: str) -> None:
    from assistant.feasibility.work import said

    typer.echo(getattr(ranking.sentence, lang))
    if ranking.synthetic:
        typer.echo(getattr(said("sites", "synthetic"), lang))
    if expected.at_plan is not None:
        mean, low, high = expected.at_plan
        told = said(
            "sites", "forecast", count=ranking.chosen or len(ranking.sites), mean=mean, low=low,
            high=high, level=expected.level, months=ranking.wanted.months,
        )  # fmt: skip
        typer.echo(getattr(told, lang))
    for each in ranking.sites[:top]:
        typer.echo("")
        _show_site(each, lang)
    if ranking.left_out:
        why = [said("left_out", key, count=n) for key, n in sorted(ranking.left_out.items())]
        listed = ("；" if lang == "zh" else "; ").join(getattr(each, lang) for each in why)
        typer.echo("\n" + getattr(said("sites", "left_out", listed=listed), lang))


def _show_site(each: RankedSite, lang: str) -> None:
    from assistant.feasibility.work import said

    where = f"{each.site.region}，{each.site.level}"
    head = {"zh": f"预计 {each.expected:.1f} 例", "en": f"{each.expected:.1f} expected"}[lang]
    typer.echo(f"{each.rank:3}. {each.site.site_id} {each.site.name}（{where}）  {head}")
    for reason in each.reasons:
        typer.echo(f"     · {getattr(reason, lang)}")
    for person in each.investigators[:_PEOPLE]:
        told = said(
            "sites", "person", name=person.name, title=person.title, led=person.trials_as_pi,
            ongoing=person.trials_ongoing,
        )  # fmt: skip
        typer.echo(f"     PI {getattr(told, lang)}")
    if not each.investigators:
        typer.echo(f"     PI {getattr(said('sites', 'nobody'), lang)}")
