"""Sites and investigators from the directory, ranked, with the reasons."""

from __future__ import annotations

import shlex
from typing import Any, Literal

from assistant.feasibility.conditions import directory_condition
from assistant.feasibility.model import Line, Part, Section, Table
from assistant.feasibility.work import Work, absent, cell, joined, line, said
from design import Text
from design.sites import RankedSite, SiteRanking, Wanted, rank_sites, read_directory

_KEY = "sites"
_INVESTIGATORS = 3


def sites(work: Work) -> Section:
    """The ranking; how many of the first reach the target."""
    given, enrolment = work.synopsis.sites, work.synopsis.enrolment
    if given is None:
        return absent(_KEY, said("absent", "not_in_synopsis", field="sites"))
    if enrolment is None:
        return absent(_KEY, said("absent", "not_in_synopsis", field="enrolment"))
    directory = work.directory or read_directory(work.directory_path(given.directory))
    share = given.eligible_share or work.share
    wanted = Wanted(
        condition=directory_condition(
            directory, given.condition or work.synopsis.condition, lambda: work.lexicon
        ),
        months=enrolment.months,
        target=enrolment.target or (work.sample.evaluable if work.sample else None),
        eligible_share=share,
        product=_product(work.synopsis.product),
        regions=tuple(given.regions),
        phase1=given.phase1,
        assurance=enrolment.assurance,
        lead_days=work.schedule.lead_days if work.schedule else 0,
    )
    ranking = rank_sites(directory, wanted)
    work.ranking = ranking
    call = sites_call(wanted, given.directory)
    parts: list[Part] = [Line(ranking.sentence, "computed", call=call)]
    if ranking.synthetic:
        parts.append(line(_KEY, "synthetic", warns=True))
    parts.append(line(_KEY, "share" if share else "no_share", share=share or 0, basis="assumed"
                      if given.eligible_share else "computed", kind="note"))  # fmt: skip
    parts.append(_table(ranking, given.top, call))
    if ranking.left_out:
        why = [said("left_out", key, count=n) for key, n in sorted(ranking.left_out.items())]
        parts.append(line(_KEY, "left_out", listed=joined(why), kind="note"))
    assumed = [said("assumption", key, value=v) for key, v in ranking.assumptions.items()]
    listed = joined(assumed)
    parts.append(line(_KEY, "assumptions", basis="assumed", listed=listed, kind="note"))
    if wanted.lead_days:
        parts.append(line(_KEY, "lead", days=wanted.lead_days, kind="note"))
    return Section(_KEY, said("title", _KEY), tuple(parts), numbers=_numbers(ranking, given.top))


def sites_call(wanted: Wanted, directory: str = "synthetic") -> str:
    """The command that gives the ranking again."""
    parts = [
        f"xinglin feasibility sites --condition {shlex.quote(wanted.condition)}",
        f"--months {wanted.months:g} --product {wanted.product} --assurance {wanted.assurance:g}",
    ]
    parts += [f"--target {wanted.target}"] if wanted.target else []
    parts += [f"--eligible-share {wanted.eligible_share:.6g}"] if wanted.eligible_share else []
    parts += [f"--region {shlex.quote(region)}" for region in wanted.regions]
    parts += ["--phase1"] if wanted.phase1 else []
    parts += [f"--lead-days {wanted.lead_days:g}"] if wanted.lead_days else []
    parts += [f"--directory {shlex.quote(directory)}"] if directory != "synthetic" else []
    return " ".join(parts)


def _product(product: str) -> Literal["drug", "device", "any"]:
    if product == "drug":
        return "drug"
    return "any" if product == "investigator_initiated" else "device"


def _table(ranking: SiteRanking, top: int, call: str) -> Table:
    keys = ("rank", "site", "expected", "rate", "ongoing", "startup", "reasons", "investigators")
    head = tuple(said("head", key) for key in keys)
    rows = tuple(
        (
            cell(each.rank),
            cell(f"{each.site.name}（{each.site.region}，{each.site.level}）"),
            cell(f"{each.expected:.1f}"),
            cell(f"{each.rate:.2f}"),
            cell(each.experience.trials_ongoing),
            cell(f"{each.site.startup_days:g}"),
            cell(_reasons(each)),
            cell(_people(each)),
        )
        for each in ranking.sites[:top]
    )
    return Table(said(_KEY, "table", top=len(rows)), head, rows, "computed", call)


def _reasons(each: RankedSite) -> Text:
    return joined(each.reasons)


def _people(each: RankedSite) -> Text:
    if not each.investigators:
        return said(_KEY, "nobody")
    told = [
        said(
            _KEY, "person", name=person.name, title=person.title, led=person.trials_as_pi,
            ongoing=person.trials_ongoing,
        )
        for person in each.investigators[:_INVESTIGATORS]
    ]  # fmt: skip
    return joined(told)


def _numbers(ranking: SiteRanking, top: int) -> dict[str, Any]:
    found = ranking.to_json()
    found["sites"] = found["sites"][:top]
    return found | {"considered": len(ranking.sites)}
