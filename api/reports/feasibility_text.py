"""A feasibility report as plain text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from api.reports.feasibility_html import record_rows, source_facts
from assistant.feasibility.model import Line, Part, Report, Table
from assistant.feasibility.work import said
from design import Text


def feasibility_text(report: Report, language: str) -> str:
    """The report, a line each; tables with bars between the cells, charts left out."""
    return "\n".join(_lines(report, language)) + "\n"


def _lines(report: Report, language: str) -> Iterator[str]:
    def told(words: Text) -> str:
        return words.zh if language == "zh" else words.en

    yield report.title
    yield f"{told(said('record', 'as_of'))} {report.record.as_of}"
    for section in report.sections:
        yield f"\n## {told(section.title)}"
        for part in section.parts:
            yield from _part(part, language)
    yield f"\n## {told(said('title', 'sources'))}"
    if not report.citations:
        yield told(said("page", "no_sources"))
    for citation in report.citations:
        yield f"[{citation.id}] {citation.title}"
        yield f"    {citation.quote}"
        yield f"    {' · '.join(source_facts(citation, language))}"
        if citation.notice:
            yield f"    ! {citation.notice}"
    yield f"\n## {told(said('title', 'record'))}"
    for key, value in record_rows(report, language):
        yield f"{key}: {value}"
    for call in report.record.calls:
        yield f"  {call}"


def _part(part: Part, language: str) -> Iterator[str]:
    def told(words: Text) -> str:
        return words.zh if language == "zh" else words.en

    if isinstance(part, Line):
        numbers = "".join(f" [{number}]" for number in part.citations)
        mark = "! " if part.warns else ""
        yield f"〔{told(said('basis', part.basis))}〕{mark}{told(part.text)}{numbers}"
    elif isinstance(part, Table):
        yield f"  {told(part.title)}"
        yield "  " + " | ".join(told(words) for words in part.head)
        for row in part.rows:
            yield "  " + " | ".join(
                told(cell.text) + "".join(f" [{number}]" for number in cell.citations)
                for cell in row
            )
