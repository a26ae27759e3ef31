"""``xinglin feasibility report``: one report from a synopsis, as HTML, Word or text."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import (
    AsOfOption,
    IndexOption,
    JsonOption,
    iso_date,
    print_json,
    write_or_print,
)
from api.cli.feasibility_options import LanguageOption, beside, cohort_at, directory_at

_FORMATS = {".html": "html", ".htm": "html", ".docx": "docx"}


def report(
    synopsis: Annotated[
        Path,
        typer.Argument(
            metavar="SYNOPSIS.yaml", help="The trial in outline; docs/feasibility/synopsis.md."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Write to this file, .html or .docx; print without it."),
    ] = None,
    index: IndexOption = None,
    as_of: AsOfOption = None,
    lang: LanguageOption = "zh",
    json: JsonOption = False,
) -> None:
    """Make a feasibility report: everything in it is cited, computed, or marked as assumed."""
    from api.reports.feasibility_text import feasibility_text
    from api.settings import load_settings
    from api.wiring_feasibility import report_sources
    from assistant.feasibility.reading import load_synopsis
    from assistant.feasibility.report import make_report

    form = _format(out)
    day = iso_date(as_of)
    read = load_synopsis(synopsis)
    settings = load_settings(index_dir=index)
    base = synopsis.parent
    sources = report_sources(
        settings,
        cohort_path=lambda name: cohort_at(settings, name, base),
        directory_path=lambda name: directory_at(settings, name, base),
        criteria_path=beside(base),
    )
    made = make_report(read, sources, as_of=day, language=lang, command=shlex.quote(str(synopsis)))
    if form == "html":
        from api.reports.feasibility_html import feasibility_html

        write_or_print(feasibility_html(made, lang), out)
    elif form == "docx" and out is not None:
        from api.reports.feasibility_docx import save_docx

        save_docx(made, lang, out)
    if json:
        print_json(made.to_json())
    elif out is None:
        typer.echo(feasibility_text(made, lang), nl=False)
    else:
        typer.echo(str(out))


def _format(out: Path | None) -> str | None:
    from design.errors import BadDesign

    if out is None:
        return None
    form = _FORMATS.get(out.suffix.lower())
    if form is None:
        raise BadDesign(f"{out}: name the file .html or .docx")
    return form
