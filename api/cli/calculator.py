"""A calculator as a command: options that are its inputs, and its result for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import Parameter, Signature
from json import loads
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

import typer

from api.cli.common import JsonOption, print_json

if TYPE_CHECKING:
    from design import Method, Result

Language = Literal["zh", "en"]
LanguageOption = Annotated[Language, typer.Option("--lang", help="Language of the texts.")]
_OWN = "inputs"  # the option with all inputs; a method that has an input of this name goes without
_HEADS = {
    "zh": ("约定", "注意", "依据", "重算"),
    "en": ("Conventions", "Mind", "Source", "Again"),
}


def command_of(method: Method) -> Any:
    """The sub-command of a method: typer reads a signature that is made of its inputs."""
    fields = method.inputs.model_fields
    kinds = {name: set(_kinds(info.annotation)) for name, info in fields.items()}

    def run(**values: Any) -> None:
        language, json = values.pop("lang"), values.pop("json")
        whole = values.pop(_OWN) if _OWN not in fields else None
        given = read_json(whole, "--inputs") if whole else {}
        given |= {
            name: read_input(text, kinds[name]) for name, text in values.items() if text is not None
        }
        result = method(**given)
        if json:
            print_json(result.to_json())
        else:
            _show(result, language)

    text = str | None
    needed_first = sorted(fields, key=lambda name: not fields[name].is_required())
    parameters = [_parameter(name, text, _option(name, fields[name])) for name in needed_first]
    if _OWN not in fields:
        whole = typer.Option(None, help="All inputs as JSON, instead of the options.")
        parameters.append(_parameter(_OWN, text, whole))
    parameters += [_parameter("lang", LanguageOption, "zh"), _parameter("json", JsonOption, False)]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    run.__doc__ = _help(method)
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(method.name)(run)
    return typer.main.get_command(alone)


def _help(method: Method) -> str:
    from design.result import command_line

    told = re.sub(r"(?<!\n)\n(?!\n)", " ", method.description)
    example = command_line(method.name, method.example)
    title = f"{method.title.zh} {method.title.en}"
    return f"{title}\n\n{told}\n\nExample: {example}\n\nSource: {method.reference}"


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
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [choice for part in get_args(annotation) for choice in _choices(part)]


def _kinds(annotation: Any) -> Iterator[type]:
    """What an input may be: ``{float, list}`` of ``float | list[float] | None``."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _kinds(get_args(annotation)[0])
    elif origin in (list, dict):
        yield origin
    elif origin is Literal:
        yield from {type(value) for value in get_args(annotation)}
    elif isinstance(annotation, type):
        yield annotation
    else:
        for part in get_args(annotation):
            yield from _kinds(part)


def read_input(text: str, kinds: set[type]) -> Any:
    """An option's text as a value of an input.

    A text is left as it is, so that a seed of digits stays one; a list may be written with commas
    and without brackets, or as its only member.
    """
    if str in kinds and list not in kinds:
        return text
    value = read_value(text)
    if list in kinds and isinstance(value, str) and value.strip()[:1] not in "[{":
        return [part.strip() for part in re.split("[,，、]", value)]
    if list in kinds and not kinds & {float, int, str} and isinstance(value, (int, float)):
        return [value]
    return value


def read_value(text: str) -> Any:
    """An option's text as a value: JSON, ``65%``, ``0.3,0.7,1``, else the text itself.

    Example:
        >>> [read_value(text) for text in ("0.05", "65%", "0.5,1", "[1, 2]", "pooled")]
        [0.05, 0.65, [0.5, 1], [1, 2], 'pooled']
    """
    stripped = text.strip()
    if stripped.endswith("%"):
        try:
            return float(f"{float(stripped[:-1]) / 100:.12g}")
        except ValueError:
            return text
    try:
        return loads(f"[{stripped}]" if "," in stripped and stripped[0] not in "[{" else stripped)
    except (ValueError, RecursionError):
        return text


def read_json(text: str, option: str) -> dict[str, Any]:
    """The JSON object that an option holds.

    Raises:
        BadDesign: It holds none.
    """
    from design import BadDesign

    try:
        found = loads(text)
    except (ValueError, RecursionError) as error:
        raise BadDesign(f"{option} is not JSON: {error}", "inputs") from None
    if not isinstance(found, dict):
        raise BadDesign(f"{option} is not a JSON object", "inputs")
    return found


def _show(result: Result, language: Language) -> None:
    """The result for people."""
    typer.echo(getattr(result.sentence, language))
    for name, value in result.outputs.items():
        typer.echo(f"  {name:28} {_shown(value)}")
    conventions, warnings, source, again = _HEADS[language]
    for head, texts in ((conventions, result.conventions), (warnings, result.warnings)):
        for text in texts:
            typer.echo(f"{head}: {getattr(text, language)}")
    typer.echo(f"{source}: {result.reference}")
    typer.echo(f"{again}: {result.call}")


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, (list, tuple)):
        nested = any(isinstance(item, (list, tuple)) for item in value)
        return ("; " if nested else ", ").join(_shown(item) for item in value)
    return str(value)
