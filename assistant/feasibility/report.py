"""One feasibility report from a synopsis: all of it cited, computed, assumed, or said to be absent.

A part that cannot be made becomes a section that says why and what would settle it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date

from assistant.answerer import version
from assistant.feasibility.citing import Citer
from assistant.feasibility.model import Figure, Line, Record, Report, Section, Table
from assistant.feasibility.sections.cohort import cohort
from assistant.feasibility.sections.competing import competing
from assistant.feasibility.sections.enrolment import enrolment
from assistant.feasibility.sections.risks import risks
from assistant.feasibility.sections.sample_size import sample_size
from assistant.feasibility.sections.sites import sites
from assistant.feasibility.sections.summary import not_computed, summary
from assistant.feasibility.sections.timeline import timeline
from assistant.feasibility.synopsis import Synopsis
from assistant.feasibility.work import PathOf, Work, attempt
from retrieval import Index, Searcher, View
from retrieval.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a report looks.

    Attributes:
        index: The index; ``None`` without one, and ``no_index`` says why.
        searcher: Of the index.
        lexicon: Names of conditions.
        cohort_path: Where a cohort lies, by its name.
        directory_path: Where a directory of sites lies, by its name.
        criteria_path: Where a file of criteria lies.
    """

    index: Index | None
    searcher: Searcher | None
    lexicon: Lexicon
    cohort_path: PathOf
    directory_path: PathOf
    criteria_path: PathOf
    no_index: str = ""


def make_report(
    synopsis: Synopsis,
    sources: Sources,
    *,
    as_of: str | None = None,
    language: str = "zh",
    command: str = "SYNOPSIS.yaml",
) -> Report:
    """Make the report.

    Args:
        synopsis: The trial.
        sources: Where to look.
        as_of: ISO date the sources must hold for; today when ``None``.
        language: ``zh`` or ``en``, of notices about sources.
        command: How the synopsis is named in the commands that repeat numbers.
    """
    day = as_of or date.today().isoformat()
    with _read(sources) as view:
        citer = None
        if view is not None and sources.searcher is not None:
            citer = Citer(view, sources.searcher, language, day)
        work = Work(
            synopsis=synopsis,
            language=language,
            command=command,
            cohort_path=sources.cohort_path,
            directory_path=sources.directory_path,
            criteria_path=sources.criteria_path,
            view=view,
            lexicon=sources.lexicon,
            citer=citer,
            no_index=sources.no_index,
        )
        return _made(work, day)


def _read(sources: Sources) -> AbstractContextManager[View | None]:
    return nullcontext() if sources.index is None else sources.index.read()


def _made(work: Work, day: str) -> Report:
    """Sections in the order they lean on each other, then in the order they are read."""
    made = {
        key: attempt(work, key, make)
        for key, make in (
            ("sample_size", sample_size),
            ("cohort", cohort),
            ("timeline", timeline),
            ("sites", sites),
            ("enrolment", enrolment),
            ("competing", competing),
            ("risks", risks),
        )
    }
    body = [
        made[key]
        for key in (
            "sample_size", "cohort", "enrolment", "sites", "competing", "timeline", "risks",
        )
    ]  # fmt: skip
    sections = (summary(work), *body, not_computed(body))
    composer = work.citer.composer if work.citer else None
    return Report(
        title=work.synopsis.title,
        objective=work.synopsis.objective,
        language=work.language,
        sections=sections,
        citations=tuple(composer.citations) if composer else (),
        notices=tuple(dict.fromkeys(composer.notices)) if composer else (),
        record=_record(work, day, sections),
    )


def _record(work: Work, day: str, sections: tuple[Section, ...]) -> Record:
    synopsis, view = work.synopsis, work.view
    calls = dict.fromkeys([work.report_call, *(call for s in sections for call in _calls(s))])
    return Record(
        as_of=day,
        made=date.today().isoformat(),
        version=version(),
        snapshot=view.snapshot.id if view else None,
        documents=len(view.documents) if view else 0,
        synopsis=synopsis.digest,
        cohort=work.funnel.source if work.funnel else None,
        directory=synopsis.sites.directory if synopsis.sites and work.ranking else None,
        calls=tuple(calls),
    )


def _calls(section: Section) -> Iterator[str]:
    for part in section.parts:
        if isinstance(part, (Line, Table, Figure)) and part.call:
            yield part.call
