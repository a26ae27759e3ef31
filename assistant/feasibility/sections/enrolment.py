"""Whether the patients are there in time: probability, interval, chart, sites needed."""

from __future__ import annotations

from typing import Any

from assistant.feasibility.model import Figure, Line, Part, Section
from assistant.feasibility.sections.sites import sites_call
from assistant.feasibility.synopsis import Enrolment
from assistant.feasibility.work import Work, absent, line, refusal, said
from design import BadDesign, calculate, methods
from design.enrolment.forecast import Forecast, forecast
from design.enrolment.model import SiteGroup
from design.sites import SiteRanking
from design.sites.choice import forecast_of

_KEY = "enrolment"


def enrolment(work: Work) -> Section:
    """The forecast from the rates of the synopsis, or from the chosen sites of the directory."""
    given = work.synopsis.enrolment
    if given is None:
        return absent(_KEY, said("absent", "not_in_synopsis", field="enrolment"))
    if given.rate is not None:
        return _from_rates(work, given)
    if work.ranking is None:
        return absent(_KEY, said("absent", "no_rates"))
    return _from_sites(work, work.ranking, given)


def _from_rates(work: Work, given: Enrolment) -> Section:
    assert given.rate is not None and given.sites is not None
    target = given.target or (work.sample.enrolled if work.sample else None)
    if target is None:
        return absent(_KEY, said("absent", "no_target"))
    shared: dict[str, Any] = {
        "rate_cv": given.rate_cv,
        "start_to": given.start_window,
        "screen_failure": given.screen_failure,
    }
    own = {"sites": given.sites, "rate": given.rate}
    by_time = calculate(
        "enrolment_by_time", shared | own | {"time": given.months, "target": target}
    )
    parts: list[Part] = [Line(by_time.sentence, "computed", call=by_time.call)]
    work.results.append(by_time)
    for name, inputs in (
        ("enrolment_time", shared | own | {"target": target}),
        ("enrolment_sites", shared | {
            "rate": given.rate, "time": given.months, "target": target,
            "assurance": given.assurance,
        }),
    ):  # fmt: skip
        try:
            result = calculate(name, inputs)
        except BadDesign as error:
            named = methods()[name].title
            why = refusal(error)
            parts.append(line("absent", "refused", basis="absent", name=named, why=why))
            continue
        work.results.append(result)
        parts.append(Line(result.sentence, "computed", call=result.call))
    variance = (given.rate * given.rate_cv) ** 2
    kept = 1 - given.screen_failure
    group = SiteGroup(given.sites, given.rate, variance, kept, 0.0, given.start_window)
    work.forecast = forecast(
        [group], target=target, planned=given.months, assurance=given.assurance
    )
    parts.append(line(_KEY, "rate_given", basis="assumed", rate=given.rate, sites=given.sites))
    if not given.start_window:
        parts.append(line(_KEY, "together", basis="assumed"))
    if not given.screen_failure:
        parts.append(line(_KEY, "all_kept", basis="assumed", kind="note"))
    parts += [Line(text, "computed", kind="note") for text in by_time.conventions]
    call = (
        f"xinglin feasibility enrolment --target {target} --months {given.months:g} --sites "
        f"{given.sites} --rate {given.rate:g} --rate-cv {given.rate_cv:g} --start-to "
        f"{given.start_window:g} --screen-failure {given.screen_failure:g} --assurance "
        f"{given.assurance:g}"
    )
    return _section(work.forecast, parts, call)


def _from_sites(work: Work, ranking: SiteRanking, given: Enrolment) -> Section:
    target = ranking.wanted.target
    if target is None:
        return absent(_KEY, said("absent", "no_target"))
    count = ranking.chosen or len(ranking.sites)
    directory = work.synopsis.sites.directory if work.synopsis.sites else "synthetic"
    call = sites_call(ranking.wanted, directory)
    found = forecast_of(ranking)
    work.forecast = found
    assert found.at_plan is not None
    mean, low, high = found.at_plan
    parts: list[Part] = [
        line(
            _KEY, "from_sites", call=call, count=count, months=given.months, target=target,
            probability=found.probability, mean=mean, low=low, high=high, level=found.level,
        ),
        _when(found, call),
        Line(ranking.sentence, "computed", call=call, kind="note"),
        line(_KEY, "completers", kind="note"),
    ]  # fmt: skip
    if ranking.synthetic:
        parts.append(line("sites", "synthetic", warns=True))
    return _section(found, parts, call)


def _when(found: Forecast, call: str) -> Line:
    if found.median is None or found.assured is None:
        return line(_KEY, "never", call=call, warns=True)
    return line(
        _KEY, "when", call=call, median=found.median, assured=found.assured,
        assurance=found.assurance,
    )  # fmt: skip


def _section(found: Forecast, parts: list[Part], call: str) -> Section:
    first, *rest = parts
    figure = Figure(said(_KEY, "chart"), found.svg, "computed", call)
    return Section(_KEY, said("title", _KEY), (first, figure, *rest), numbers=found.to_json())
