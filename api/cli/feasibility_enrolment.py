"""``xinglin feasibility enrolment``: by when, with what probability, with how many sites."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import JsonOption, print_json, write_or_print
from api.cli.feasibility_options import DirectoryOption, LanguageOption, SvgOption, directory_at

if TYPE_CHECKING:
    from design.enrolment.plan import EnrolmentAnswer


def enrolment(
    target: Annotated[int, typer.Option("--target", help="Patients wanted in all.")],
    months: Annotated[
        float | None, typer.Option("--months", help="Months by which they are wanted.")
    ] = None,
    sites: Annotated[
        int | None, typer.Option("--sites", help="Sites; with --observed, sites still to open.")
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option("--rate", help="Patients a site and month; from --condition without it."),
    ] = None,
    rate_cv: Annotated[
        float, typer.Option("--rate-cv", help="Coefficient of variation of the rate between sites.")
    ] = 0.7,
    start_from: Annotated[
        float, typer.Option("--start-from", help="Months until the first site opens.")
    ] = 0.0,
    start_to: Annotated[
        float | None,
        typer.Option("--start-to", help="Months until the last one does; evenly in between."),
    ] = None,
    screen_failure: Annotated[
        float, typer.Option("--screen-failure", help="Share lost, if the rate is of screened.")
    ] = 0.0,
    dropout: Annotated[
        float, typer.Option("--dropout", help="Share lost, if the target is of completers.")
    ] = 0.0,
    assurance: Annotated[
        float, typer.Option("--assurance", help="Probability of reaching the target.")
    ] = 0.8,
    level: Annotated[
        float, typer.Option("--level", help="Level of the prediction interval.")
    ] = 0.9,
    observed: Annotated[
        Path | None,
        typer.Option(
            "--observed",
            help="What sites have enrolled so far: a CSV with columns site, enrolled, months.",
        ),
    ] = None,
    condition: Annotated[
        str | None,
        typer.Option("--condition", help="Take the rate from this condition of the directory."),
    ] = None,
    directory: DirectoryOption = None,
    svg: SvgOption = None,
    lang: LanguageOption = "zh",
    json: JsonOption = False,
) -> None:
    """Predict enrolment, from rates or from what sites have enrolled so far."""
    from api.settings import load_settings
    from assistant.feasibility.conditions import directory_condition
    from design.enrolment.plan import EnrolmentQuestion, answer, read_observed
    from design.sites import mean_rate, read_directory
    from retrieval.lexicon import load_lexicon

    prior = None
    if condition is not None:
        settings = load_settings()
        read = read_directory(directory_at(settings, directory or "synthetic"))
        key = directory_condition(read, condition, lambda: load_lexicon(settings.lexicon_path))
        prior = mean_rate(read, key)
    question = EnrolmentQuestion.checked(
        target=target,
        months=months,
        sites=sites,
        rate=rate if rate is not None else prior and prior.rate,
        rate_cv=rate_cv,
        start_from=start_from,
        start_to=start_from if start_to is None else start_to,
        screen_failure=screen_failure,
        dropout=dropout,
        assurance=assurance,
        level=level,
        observed=read_observed(observed) if observed is not None else [],
    )
    found = answer(question)
    if svg is not None:
        write_or_print(found.forecast.svg(lang), svg)
    if json:
        print_json(found.to_json() | {"rate_from": prior.to_json() if prior else None})
        return
    if prior is not None and rate is None:
        typer.echo(getattr(prior.sentence, lang))
    _show(found, lang)


def _show(found: EnrolmentAnswer, lang: str) -> None:
    said = {"zh": ("约定", "注意", "依据", "重算"), "en": ("Convention", "Mind", "Source", "Again")}
    convention, mind, source, again = said[lang]
    for text in found.sentences:
        typer.echo(getattr(text, lang))
    for result in found.results:
        typer.echo(f"{again}: {result.call}")
    texts = dict.fromkeys(text for result in found.results for text in result.conventions)
    for text in texts:
        typer.echo(f"{convention}: {getattr(text, lang)}")
    for text in found.warnings:
        typer.echo(f"{mind}: {getattr(text, lang)}")
    for reference in dict.fromkeys(result.reference for result in found.results):
        typer.echo(f"{source}: {reference}")
