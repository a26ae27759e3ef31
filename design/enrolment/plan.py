"""The questions of enrolment asked together: by when, how probable, how many sites, after data."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from design.enrolment.forecast import Forecast, forecast
from design.enrolment.model import SiteGroup
from design.errors import BadDesign
from design.registry import calculate
from design.result import Result
from design.wording import Text, Wording

_WORDING = Wording(Path(__file__).with_name("plan.toml"))
_COLUMNS = {
    "site": {"site", "site_id", "中心", "中心编号"},
    "enrolled": {"enrolled", "n", "入组", "入组例数", "已入组"},
    "months": {"months", "exposure", "月数", "月", "开放月数"},
}
_MOST_SITES = 5000
Share = Annotated[float, Field(ge=0, lt=1)]


class SiteData(BaseModel):
    """What a site has enrolled so far."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    site: str = Field(max_length=200, description="Name of the site.")
    enrolled: int = Field(ge=0, le=100_000, description="Patients enrolled.")
    months: float = Field(ge=0, le=600, description="Months it has been open.")


class EnrolmentQuestion(BaseModel):
    """What is to be predicted."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    target: int = Field(ge=1, le=100_000, description="Patients wanted in all.")
    months: float | None = Field(
        None, gt=0, le=600, description="Months by which they are wanted, from now."
    )
    sites: int | None = Field(
        None, ge=1, le=_MOST_SITES, description="Sites; with `observed`, sites still to open."
    )
    rate: float | None = Field(None, gt=0, le=1000, description="Patients a site and month.")
    rate_cv: float = Field(0.7, ge=0, le=5, description="Coefficient of variation between sites.")
    start_from: float = Field(0, ge=0, le=600, description="Months until the first site opens.")
    start_to: float = Field(0, ge=0, le=600, description="Months until the last one does.")
    screen_failure: Share = Field(0, description="Share lost, if the rate is of screened.")
    dropout: Share = Field(0, description="Share lost, if the target is of completers.")
    assurance: float = Field(0.8, gt=0, lt=1, description="Probability of reaching the target.")
    level: float = Field(0.9, gt=0, lt=1, description="Level of the prediction interval.")
    observed: list[SiteData] = Field(
        [], max_length=_MOST_SITES, description="What sites have enrolled so far."
    )

    @classmethod
    def checked(cls, **given: Any) -> EnrolmentQuestion:
        """The question, refused in one sentence when a value does not fit.

        Raises:
            BadDesign: The message names the value.
        """
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "inputs"
            raise BadDesign(f"{field} = {first['input']!r}: {first['msg']}", field) from None


@dataclass(frozen=True, slots=True)
class EnrolmentAnswer:
    """The results of the calculators that apply, and the forecast to draw.

    ``probability`` is that of reaching the target by ``months``, when they are given.
    """

    question: EnrolmentQuestion
    results: tuple[Result, ...]
    forecast: Forecast
    sentences: tuple[Text, ...]
    warnings: tuple[Text, ...]

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "question": self.question.model_dump(),
            "sentences": [text.to_json() for text in self.sentences],
            "results": [result.to_json() for result in self.results],
            "warnings": [text.to_json() for text in self.warnings],
            "forecast": self.forecast.to_json(),
        }


def answer(question: EnrolmentQuestion) -> EnrolmentAnswer:
    """Ask the calculators that apply.

    Raises:
        BadDesign: Too little is given, or a calculator refuses it.
    """
    if question.start_to < question.start_from:
        raise BadDesign("start_to is before start_from", "start_to")
    return _after_data(question) if question.observed else _planned(question)


def read_observed(path: Path) -> list[SiteData]:
    """Enrolment so far from a CSV with the columns site, enrolled, months (中心, 入组, 月数).

    Raises:
        BadDesign: It cannot be read; the message names the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = _names([name or "" for name in reader.fieldnames or ()], path)
            rows = [_row(path, reader.line_num, row, names) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadDesign(f"{path} cannot be read: {error}", "observed") from None
    if not rows:
        raise BadDesign(f"{path} holds no site", "observed")
    return rows


def _names(given: list[str], path: Path) -> dict[str, str]:
    """The column of the file for each of ours."""
    found = {
        column: name
        for column, known in _COLUMNS.items()
        for name in given
        if name.strip().lower() in known
    }
    lacking = [column for column in _COLUMNS if column not in found]
    if lacking:
        raise BadDesign(f"{path} has no column {', '.join(lacking)}", "observed")
    return found


def _row(path: Path, line: int, row: Mapping[str, str | None], names: dict[str, str]) -> SiteData:
    values = {column: (row.get(name) or "").strip() for column, name in names.items()}
    try:
        return SiteData.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        raise BadDesign(
            f"{path}, line {line}: {field} = {values[field]!r} does not fit", "observed"
        ) from None


def _planned(question: EnrolmentQuestion) -> EnrolmentAnswer:
    if question.rate is None:
        raise BadDesign("give a rate, a condition of the directory, or observed data", "rate")
    shared = question.model_dump(
        include={"rate", "rate_cv", "start_from", "start_to", "screen_failure", "dropout"}
    )
    target, months, sites = question.target, question.months, question.sites
    results: list[Result] = []
    warnings: list[Text] = []
    if sites is not None and months is not None:
        given = shared | {"sites": sites, "time": months, "target": target, "level": question.level}
        results.append(calculate("enrolment_by_time", given))
    if sites is not None:
        given = shared | {"sites": sites, "target": target, "level": question.level}
        _try("enrolment_time", given, results, warnings)
    if months is not None:
        given = shared | {"time": months, "target": target, "assurance": question.assurance}
        _try("enrolment_sites", given, results, warnings)
        if sites is None and results:
            sites = int(results[-1].outputs["sites"])
    if sites is None:
        raise BadDesign("give sites, months, or both", "sites")
    kept = (1 - question.screen_failure) * (1 - question.dropout)
    variance = (question.rate * question.rate_cv) ** 2
    group = SiteGroup(sites, question.rate, variance, kept, question.start_from, question.start_to)
    return _answer(question, results, [group], 0, warnings)


def _after_data(question: EnrolmentQuestion) -> EnrolmentAnswer:
    rows = question.observed
    given = {
        "target": question.target,
        "observed": [row.enrolled for row in rows],
        "exposure": [row.months for row in rows],
        "rate": question.rate,
        "rate_cv": question.rate_cv,
        "new_sites": question.sites or 0,
        "new_start_from": question.start_from,
        "new_start_to": question.start_to,
        "level": question.level,
    }
    result = calculate("enrolment_update", given)
    # As enrolment_update has it: gamma posteriors, and the prior for sites still to open.
    cv = question.rate_cv or 1e-3
    total = sum(row.enrolled for row in rows)
    mean = question.rate or total / sum(row.months for row in rows)
    shape, scale = 1 / cv**2, mean * cv**2
    groups = [
        SiteGroup(1, (shape + r.enrolled) * s, (shape + r.enrolled) * s**2)
        for r in rows
        for s in (1 / (1 / scale + r.months),)
    ]
    if question.sites:
        groups.append(
            SiteGroup(
                question.sites, mean, (mean * cv) ** 2, 1.0, question.start_from, question.start_to
            )
        )
    return _answer(question, [result], groups, total, [])


def _try(name: str, given: dict[str, Any], results: list[Result], warnings: list[Text]) -> None:
    """One of several questions; that it has no answer is said."""
    try:
        results.append(calculate(name, given))
    except BadDesign as error:
        warnings.append(Text(str(error), str(error)))


def _answer(
    question: EnrolmentQuestion,
    results: list[Result],
    groups: list[SiteGroup],
    enrolled: int,
    warnings: list[Text],
) -> EnrolmentAnswer:
    found = forecast(
        groups,
        target=question.target,
        planned=question.months,
        enrolled_now=enrolled,
        level=question.level,
        assurance=question.assurance,
    )
    sentences = [result.sentence for result in results]
    values = found.to_json()
    if found.assured is not None:
        sentences.append(_WORDING.text("assured", values=values))
    if question.observed and found.probability is not None:
        sentences.append(_WORDING.text("probability", values=values))
    return EnrolmentAnswer(question, tuple(results), found, tuple(sentences), tuple(warnings))
