"""``xinglin design``: the calculators, one sub-command a method; lists, checks of gold files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from api.cli.calculator import LanguageOption, command_of, read_json, read_value
from api.cli.common import JsonOption, print_json, write_or_print

if TYPE_CHECKING:
    from design import Method


class _Methods(TyperGroup):
    """Finds a method where there is no command of the name; its options are its inputs."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            return found
        from design import method

        return command_of(method(cmd_name))


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
    from design import BadDesign, methods

    families = sorted({each.family for each in methods().values()})
    if family is not None and family not in families:
        raise BadDesign(
            f"no method of family {family!r}; there are {', '.join(families)}", "family"
        )
    found = [each for each in methods().values() if family in (None, each.family)]
    if json:
        print_json([described(each) for each in found])
        return
    for each in found:
        typer.echo(f"{each.family:16} {each.name:36} {each.title.zh} {each.title.en}")


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

    fixed = read_json(inputs, "--inputs") if inputs else {}
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
    from design import method
    from design.randomisation import fresh_seed, make_list

    drawn = seed or fresh_seed()
    asked = {
        "arms": [name.strip() for name in arms.split(",")],
        "n": n,
        "seed": drawn,
        "ratio": _whole(ratio, "--ratio"),
        "strata": read_json(strata, "--strata") if strata else None,
        "scheme": scheme,
        "block_sizes": _whole(blocks, "--block-sizes") or [],
    }
    known = method("randomisation_list").checked(
        {name: value for name, value in asked.items() if value is not None}
    )
    made = make_list(known.pop("arms"), known.pop("n"), **known)
    seed_file = out.with_name(f"{out.name}.seed")
    _keep(out, *([] if seed else [seed_file]))
    _write_sealed(out, made.to_csv())
    if not seed:
        _write_sealed(seed_file, drawn + "\n")
    typer.echo(f"{len(made.rows)} rows: {out}")
    typer.echo(f"SHA-256 {made.digest}")


def _keep(*paths: Path) -> None:
    """Refuse before the first is written, so that no list is left without its seed."""
    from ingest.errors import BadInput

    for path in paths:
        if path.exists():
            raise BadInput(f"{path} is there already: a sealed list is never overwritten")


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
        "example": dict(method.example),
    }
