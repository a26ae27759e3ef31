"""``xinglin design``: the calculators, one sub-command a method; lists, checks of gold files."""

from __future__ import annotations

from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from api.cli.common import JsonOption, print_json, write_or_print

if TYPE_CHECKING:
    from design import Method, Result

Language = Literal["zh", "en"]
LanguageOption = Annotated[Language, typer.Option("--lang", help="Language of the texts.")]


class _Methods(TyperGroup):
    """Finds a method where there is no command of the name; its options are its inputs."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            return found
        from design import method

        return _command(method(cmd_name))


design = typer.Typer(
    cls=_Methods,
    help="Calculate a design: sample size, power, boundaries. "
    "`xinglin design list` names the methods, `xinglin design METHOD --help` the inputs of one.",
    no_args_is_help=True,
)


@design.command("list")
def list_methods(
    family: Annotated[str | None, typer.Option("--family", help="Only those of a family.")] = None,
    json: JsonOption = False,
) -> None:
    """List the methods with what they calculate."""
    from design import methods

    found = [m for m in methods().values() if family is None or m.family == family]
    if json:
        print_json([described(each) for each in found])
        return
    for each in found:
        typer.echo(f"{each.family:16} {each.name:36} {each.title.zh} {each.title.en}")
    if not found:
        typer.echo("no method" if family is None else f"no method of family {family!r}")


@design.command()
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="A gold file.")],
    report: Annotated[
        Path | None, typer.Option("--report", help="Write the report as Markdown to this file.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail when a row disagrees without an explanation.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Recompute published numbers and print the agreement row by row."""
    from design.verification import read_gold, verify
    from design.verification.report import environment, markdown, table

    found = verify(read_gold(file))
    if report is not None:
        write_or_print(markdown(found, file.as_posix()), report)
    if json:
        print_json(found.to_json())
    else:
        typer.echo(f"{table(found)}\n{environment()}")
    if strict and not all(row.explained for row in found.rows):
        raise typer.Exit(1)


@design.command()
def curve(
    method: Annotated[str, typer.Argument(metavar="METHOD", help="A calculator.")],
    vary: Annotated[str, typer.Option("--vary", help="The input on the horizontal axis.")],
    output: Annotated[str, typer.Option("--output", help="The output followed: power, n1 …")],
    values: Annotated[
        str, typer.Option("--values", help="LOW..HIGH, LOW..HIGH/POINTS, or a list A,B,C.")
    ],
    by: Annotated[
        str | None, typer.Option("--by", help="NAME=A,B,C: a line for each value of it.")
    ] = None,
    given: Annotated[
        list[str] | None, typer.Option("--set", help="NAME=VALUE of another input; repeatable.")
    ] = None,
    inputs: Annotated[str | None, typer.Option(help="The other inputs as JSON.")] = None,
    mark: Annotated[
        float | None, typer.Option("--mark", help="Draw a horizontal line at this value.")
    ] = None,
    svg: Annotated[Path | None, typer.Option("--svg", help="Write the picture here.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write the table here.")] = None,
    lang: LanguageOption = "zh",
    json: JsonOption = False,
) -> None:
    """Follow an output of a calculator over a range of an input: picture, table or numbers."""
    from design.curves import curve

    fixed = _read_json(inputs) if inputs else {}
    fixed |= dict(_pair(text, "--set") for text in given or ())
    lines = _pair(by, "--by") if by else None
    levels = (lines[0], _listed(lines[1])) if lines else None
    made = curve(method, fixed, vary.replace("-", "_"), _range(values), output, levels)
    if svg is not None:
        write_or_print(made.svg(lang, mark=mark), svg)
    if csv is not None:
        write_or_print(made.to_csv(), csv)
    if json:
        print_json(made.to_json())
    elif svg is None and csv is None:
        typer.echo(made.to_csv(), nl=False)
    for gap in made.refused:
        typer.echo(f"{made.vary} = {gap.at:g}: {gap.reason}", err=True)


@design.command()
def randomise(
    arms: Annotated[str, typer.Option("--arms", help="Names of the arms: A,B.")],
    n: Annotated[int, typer.Option("--n", min=1, help="Rows of the list, of each stratum's.")],
    out: Annotated[Path, typer.Option("--out", help="The sealed list (CSV); must not exist.")],
    blocks: Annotated[
        str | None, typer.Option("--block-sizes", help="Such as 4,6; mixed at random.")
    ] = None,
    ratio: Annotated[str | None, typer.Option("--ratio", help="Such as 2,1.")] = None,
    strata: Annotated[
        str | None, typer.Option("--strata", help='JSON: {"site": ["01", "02"], "stage": […]}.')
    ] = None,
    scheme: Annotated[str, typer.Option(help="block, simple, biased_coin or urn.")] = "block",
    seed: Annotated[
        str | None, typer.Option("--seed", help="Drawn, and written beside the list, if not given.")
    ] = None,
) -> None:
    """Write a sealed randomisation list, and print its digest for the protocol.

    The list and the seed are for the unblinded statistician: they go to files that nobody else may
    read, and are never printed.
    """
    from design.randomisation import fresh_seed, make_list

    drawn = seed or fresh_seed()
    made = make_list(
        [name.strip() for name in arms.split(",")],
        n,
        seed=drawn,
        ratio=_whole(ratio, "--ratio"),
        strata=_read_json(strata) if strata else None,
        scheme=scheme,
        block_sizes=_whole(blocks, "--block-sizes") or (),
    )
    _write_sealed(out, made.to_csv())
    if seed is None:
        _write_sealed(out.with_name(f"{out.name}.seed"), drawn + "\n")
    typer.echo(f"{len(made.rows)} rows: {out}")
    typer.echo(f"SHA-256 {made.digest}")


def _write_sealed(path: Path, text: str) -> None:
    """A file for one reader; one that is there is kept."""
    import os

    from ingest.errors import BadInput

    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadInput(f"{path} is there already: a sealed list is never overwritten") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}") from None
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def _whole(text: str | None, option: str) -> list[int] | None:
    from design import BadDesign

    if text is None:
        return None
    try:
        return [int(part) for part in text.replace(":", ",").split(",")]
    except ValueError:
        raise BadDesign(f"{option} {text!r} is not whole numbers such as 4,6", option) from None


def _pair(text: str, option: str) -> tuple[str, Any]:
    from design import BadDesign

    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise BadDesign(f"{option} {text!r} is not NAME=VALUE", option)
    return name.strip().replace("-", "_"), read_value(value)


def _listed(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    return value if isinstance(value, list) else [value]


def _range(text: str) -> list[float]:
    """``0.2..0.8/31``, or numbers with commas."""
    from design import BadDesign
    from design.curves import spread

    try:
        low, dots, rest = text.partition("..")
        if not dots:
            return [float(part) for part in text.split(",")]
        high, _, points = rest.partition("/")
        return spread(float(low), float(high), int(points) if points else 41)
    except BadDesign:
        raise
    except ValueError:
        raise BadDesign(f"--values {text!r} is neither LOW..HIGH nor numbers", "values") from None


def described(method: Method) -> dict[str, Any]:
    """A method as machines read it."""
    return {
        "name": method.name,
        "family": method.family,
        "title": method.title.to_json(),
        "reference": method.reference,
        "formula": method.formula,
        "inputs": method.inputs.model_json_schema(),
    }


def _command(method: Method) -> Any:
    """The sub-command of a method: typer reads a signature that is made of its inputs."""
    options = {name: _option(name, info) for name, info in method.inputs.model_fields.items()}

    def run(**values: Any) -> None:
        inputs, language, json = values.pop("inputs"), values.pop("lang"), values.pop("json")
        given = _read_json(inputs) if inputs else {}
        given |= {name: read_value(text) for name, text in values.items() if text is not None}
        result = method(**given)
        if json:
            print_json(result.to_json())
        else:
            _show(result, language)

    text = str | None
    parameters = [_parameter(name, text, option) for name, option in options.items()]
    whole = typer.Option(None, help="All inputs as JSON, instead of the options.")
    parameters += [
        _parameter("inputs", text, whole),
        _parameter("lang", LanguageOption, "zh"),
        _parameter("json", JsonOption, False),
    ]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    title = f"{method.title.zh} {method.title.en}"
    run.__doc__ = f"{title}\n\n{method.description}\n\n{method.reference}"
    alone = typer.Typer(add_completion=False)
    alone.command(method.name)(run)
    return typer.main.get_command(alone)


def _parameter(name: str, annotation: Any, default: Any) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _option(name: str, info: Any) -> Any:
    help = info.description or ""
    choices = [str(choice) for choice in _choices(info.annotation)]
    if choices:
        help += f" One of {', '.join(choices)}."
    if info.is_required():
        help += " (needed)"
    elif info.default not in (None, (), [], {}):
        help += f" (default: {info.default})"
    return typer.Option(
        None, f"--{name.replace('_', '-')}", help=help, show_default=False, metavar="VALUE"
    )


def _choices(annotation: Any) -> list[Any]:
    """The values of a ``Literal``, also of one inside a union."""
    from typing import get_args, get_origin

    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [choice for part in get_args(annotation) for choice in _choices(part)]


def read_value(text: str) -> Any:
    """An option's text as a value: JSON, ``65%``, ``0.3,0.7,1``, else the text itself.

    Example:
        >>> [read_value(text) for text in ("0.05", "65%", "0.5,1", "[1, 2]", "pooled")]
        [0.05, 0.65, [0.5, 1], [1, 2], 'pooled']
    """
    from json import loads

    stripped = text.strip()
    if stripped.endswith("%"):
        try:
            return float(f"{float(stripped[:-1]) / 100:.12g}")
        except ValueError:
            return text
    try:
        return loads(f"[{stripped}]" if "," in stripped and stripped[0] not in "[{" else stripped)
    except ValueError:
        return text


def _read_json(text: str) -> dict[str, Any]:
    from json import loads

    from design import BadDesign

    try:
        found = loads(text)
    except ValueError as error:
        raise BadDesign(f"--inputs is not JSON: {error}", "inputs") from None
    if not isinstance(found, dict):
        raise BadDesign("--inputs is not a JSON object", "inputs")
    return found


def _show(result: Result, language: Language) -> None:
    """The result for people."""
    typer.echo(getattr(result.sentence, language))
    for name, value in result.outputs.items():
        typer.echo(f"  {name:28} {_shown(value)}")
    heads = {
        "zh": ("约定", "注意", "依据", "重算"),
        "en": ("Conventions", "Mind", "Source", "Again"),
    }
    conventions, warnings, source, again = heads[language]
    for head, texts in ((conventions, result.conventions), (warnings, result.warnings)):
        for text in texts:
            typer.echo(f"{head}: {getattr(text, language)}")
    typer.echo(f"{source}: {result.reference}")
    typer.echo(f"{again}: {result.call}")


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(item) for item in value)
    return str(value)
