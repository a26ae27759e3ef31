"""``xinglin feasibility``: how many persons of a cohort remain under eligibility criteria."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api.cli.common import JsonOption, print_json, write_or_print
from api.cli.feasibility_competing import competing
from api.cli.feasibility_enrolment import enrolment
from api.cli.feasibility_report import report
from api.cli.feasibility_sites import sites

if TYPE_CHECKING:
    from design.cohort import Criteria, ParsedCriteria, Source

Language = Literal["zh", "en"]
Missing = Literal["exclude", "keep", "both"]
LanguageOption = Annotated[Language, typer.Option("--lang", help="Language of the texts.")]
SourceOption = Annotated[
    Path | None,
    typer.Option(
        "--source",
        help="A folder of OMOP CDM tables, or the description (YAML) of a table; the synthetic "
        "cohort without it.",
        show_default=False,
    ),
]
_STRUCTURED = {".yaml", ".yml", ".toml", ".json"}

feasibility = typer.Typer(
    help="Feasibility: who remains under the criteria, from where, by when.", no_args_is_help=True
)
for _command in (sites, competing, enrolment, report):
    feasibility.command()(_command)


@feasibility.command()
def funnel(
    criteria: Annotated[
        Path,
        typer.Argument(
            metavar="CRITERIA",
            help="Criteria as YAML, TOML or JSON; or a text file, which is read into rules that "
            "must be confirmed.",
        ),
    ],
    source: SourceOption = None,
    missing: Annotated[
        Missing,
        typer.Option("--missing", help="Persons not known: left out, kept, or both shown."),
    ] = "exclude",
    threshold: Annotated[
        int, typer.Option("--threshold", min=1, max=1000, help="Counts below it are hidden.")
    ] = 10,
    off: Annotated[
        list[int] | None, typer.Option("--off", help="Number of a criterion not to apply.")
    ] = None,
    svg: Annotated[Path | None, typer.Option("--svg", help="Draw the funnel to this file.")] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Count with the rules read from a text.")
    ] = False,
    lang: LanguageOption = "zh",
    json: JsonOption = False,
) -> None:
    """Count who remains, criterion by criterion, and what each criterion costs."""
    from design.cohort import Options, load_criteria
    from design.cohort import funnel as count

    if criteria.suffix.lower() in _STRUCTURED or not criteria.exists():
        rules = load_criteria(criteria)
        with _opened(source) as opened:
            found = count(opened, rules, _options(Options, missing, threshold, off))
    else:
        with _opened(source) as opened:
            parsed = _read(criteria, opened)
            confirmed = _confirmed(parsed, yes, lang, json)
            if confirmed is None:
                return
            found = count(opened, confirmed, _options(Options, missing, threshold, off))
    if svg is not None:
        write_or_print(found.svg(lang), svg)
    if json:
        print_json(found.to_json())
    else:
        typer.echo(found.table(lang), nl=False)


@feasibility.command()
def criteria(
    text: Annotated[
        str, typer.Argument(metavar="TEXT|FILE", help="Criteria, or a text file that holds them.")
    ],
    source: SourceOption = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Write the rules as YAML, for `feasibility funnel`."),
    ] = None,
    lang: LanguageOption = "zh",
    json: JsonOption = False,
) -> None:
    """Read free-text criteria into rules to be confirmed; list what could not be read."""
    import yaml

    with _opened(source) as opened:
        parsed = _read(_file(text) or text, opened)
    if out is not None and parsed.criteria is not None:
        held = yaml.safe_dump(parsed.criteria.to_json(), allow_unicode=True, sort_keys=False)
        write_or_print(held, out)
    if json:
        print_json(parsed.to_json())
    else:
        typer.echo(_shown(parsed, lang))


def _opened(path: Path | None) -> Source:
    from api.feasibility import bundled
    from api.settings import load_settings
    from design.cohort import open_source

    return open_source(path if path is not None else bundled(load_settings()))


def _options(model: Any, missing: Missing, threshold: int, off: list[int] | None) -> Any:
    return model(missing=missing, threshold=threshold, off=off or [])


def _file(text: str) -> Path | None:
    """The file a text names, if it is one. A long text is none."""
    try:
        path = Path(text)
        return path if path.is_file() or path.suffix.lower() in {".txt", ".md"} else None
    except (OSError, ValueError):
        return None


def _read(given: Path | str, source: Source) -> ParsedCriteria:
    from design.cohort import parse_criteria
    from design.cohort.files import read_text

    text = given if isinstance(given, str) else read_text(given)
    return parse_criteria(text, source.vocabulary)


def _confirmed(parsed: ParsedCriteria, yes: bool, lang: Language, json: bool) -> Criteria | None:
    """The rules, once the user has agreed to them."""
    if yes and parsed.criteria is not None:
        if not json:
            typer.echo(_shown(parsed, lang) + "\n")
        return parsed.criteria
    if json:
        print_json(parsed.to_json())
        return None
    typer.echo(_shown(parsed, lang))
    if parsed.criteria is None:
        return None
    asked = {"zh": "按以上规则计数？", "en": "Count with these rules?"}[lang]
    if sys.stdin.isatty() and sys.stdout.isatty():
        return parsed.criteria if typer.confirm(asked) else None
    hint = {
        "zh": "尚未计数：确认规则后加 --yes，"
        "或用 `xinglin feasibility criteria -o` 存为 YAML 再改。",
        "en": "Not counted yet: add --yes once the rules are right, or save them as YAML with "
        "`xinglin feasibility criteria -o` and edit.",
    }[lang]
    typer.echo(hint)
    return None


def _shown(parsed: ParsedCriteria, lang: Language) -> str:
    """What was read, what was not, and what must be confirmed."""
    heads = {
        "zh": ("读出的规则", "没有读出（未计入）", "请确认", "没有读出任何规则"),
        "en": ("Rules read", "Not read (not counted)", "Please confirm", "No rule was read"),
    }[lang]
    lines = [f"{heads[0] if parsed.meanings else heads[3]}:"]
    for number, text in enumerate(parsed.meanings, start=1):
        lines.append(f"  {number}. {getattr(text, lang)}")
    if parsed.unparsed:
        lines.append(f"{heads[1]}:")
        lines += [f"  - {each.text}: {getattr(each.reason, lang)}" for each in parsed.unparsed]
    if parsed.questions:
        lines.append(f"{heads[2]}:")
        lines += [f"  ? {getattr(text, lang)}" for text in parsed.questions]
    return "\n".join(lines)
