"""What the sections of a report share: the synopsis, the sources, and what was found before."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assistant.computing.refusals import reason
from assistant.feasibility.citing import Citer
from assistant.feasibility.competing import Competing
from assistant.feasibility.model import Basis, Cell, Line, Part, Section
from assistant.feasibility.schedule import Schedule
from assistant.feasibility.synopsis import Synopsis
from design import BadDesign, Result, Text
from design.wording import Wording
from retrieval import View
from retrieval.lexicon import Lexicon

if TYPE_CHECKING:
    from assistant.feasibility.sections.risks import Risk
    from design.cohort import Funnel
    from design.enrolment.forecast import Forecast
    from design.sites import Directory, SiteRanking

_WORDING = Wording(Path(__file__).with_name("report.toml"))
_SECONDS = 30.0  # for all sensitivity curves of a report
PathOf = Callable[[str], Path]


@dataclass(frozen=True, slots=True)
class Sample:
    """The number of patients of the primary calculation.

    Attributes:
        result: The calculation.
        enrolled: Patients to enrol, drop-out allowed for.
        evaluable: Patients needed in the analysis.
    """

    result: Result
    enrolled: int
    evaluable: int


@dataclass(slots=True)
class Work:
    """A report in the making.

    Attributes:
        synopsis: The trial.
        language: ``zh`` or ``en``, for what is quoted in one language only.
        command: The synopsis as it is named in commands.
        cohort_path: Where a cohort lies, by its name.
        directory_path: Where a directory of sites lies, by its name.
        criteria_path: Where a file of criteria lies, by the name in the synopsis.
        view: The index; ``None`` without one, ``no_index`` says why.
        lexicon: Names of conditions.
        citer: Finds quotes; ``None`` without an index.
        further: Calculations beside the primary one, with their number of patients to enrol.
        deadline: When no further sensitivity is worked out.
    """

    synopsis: Synopsis
    language: str
    command: str
    cohort_path: PathOf
    directory_path: PathOf
    criteria_path: PathOf
    view: View | None
    lexicon: Lexicon
    citer: Citer | None
    no_index: str = ""
    deadline: float = field(default_factory=lambda: time.monotonic() + _SECONDS)
    results: list[Result] = field(default_factory=list)
    sample: Sample | None = None
    further: list[tuple[str, Result, int]] = field(default_factory=list)
    schedule: Schedule | None = None
    funnel: Funnel | None = None
    unconfirmed: bool = False
    share: float | None = None
    condition_criterion: int | None = None
    directory: Directory | None = None
    ranking: SiteRanking | None = None
    forecast: Forecast | None = None
    competing: Competing | None = None
    risks: Sequence[Risk] = ()

    @property
    def report_call(self) -> str:
        """The command that makes this report again."""
        return f"xinglin feasibility report {self.command}"


def said(*keys: str, **values: Any) -> Text:
    """A text of ``report.toml``, filled in; values that are :class:`Text` are taken by language."""
    zh = {k: v.zh if isinstance(v, Text) else v for k, v in values.items()}
    if all(not isinstance(v, Text) for v in values.values()):
        return _WORDING.text(*keys, values=values)
    en = {k: v.en if isinstance(v, Text) else v for k, v in values.items()}
    return Text(_WORDING.text(*keys, values=zh).zh, _WORDING.text(*keys, values=en).en)


def line(
    *keys: str,
    basis: Basis = "computed",
    call: str | None = None,
    citations: tuple[int, ...] = (),
    warns: bool = False,
    kind: Literal["main", "note"] = "main",
    **values: Any,
) -> Line:
    """A line of the report with a text of ``report.toml``."""
    return Line(said(*keys, **values), basis, citations, call, warns, kind)


def refusal(error: BadDesign) -> Text:
    """Why a calculator refused; in Chinese by the reviewed wordings."""
    return Text(reason(error, "zh"), reason(error, "en"))


def chance(probability: float) -> str:
    """A probability of the report; one that rounds to 0 or 1 is not said to be that.

    >>> chance(0.8923), chance(0.0001), chance(0.99999)
    ('0.892', '<0.001', '>0.999')
    """
    if probability < 0.0005:
        return "<0.001"
    return ">0.999" if probability >= 0.9995 else f"{probability:.3f}"


def both(value: object) -> Text:
    """A text that is the same in both languages."""
    return Text(str(value), str(value))


def joined(texts: Sequence[Text]) -> Text:
    """Several texts as one."""
    return Text("；".join(each.zh for each in texts), "; ".join(each.en for each in texts))


def cell(value: object, basis: Basis | None = None, citations: tuple[int, ...] = ()) -> Cell:
    """A cell; a :class:`Text` by language, anything else as it is, nothing as a dash."""
    text = value if isinstance(value, Text) else both("–" if value is None else value)
    return Cell(text, basis, citations)


def absent(key: str, why: Text | str, *parts: Part, **values: Any) -> Section:
    """A section that says why it is not there, and what would settle it."""
    reason = why if isinstance(why, Text) else both(why)
    told = Line(said("absent", "why", why=reason), "absent")
    settles = Line(said("settle", key, **values), "absent")
    return Section(key, said("title", key), (told, settles, *parts), "absent")


def attempt(work: Work, key: str, make: Callable[[Work], Section]) -> Section:
    """Make a section; one that cannot be made says so and does not fail the report."""
    try:
        return make(work)
    except BadDesign as error:
        return absent(key, str(error))
