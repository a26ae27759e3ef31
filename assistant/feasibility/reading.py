"""Read a synopsis from a file or a request, and tell the first fault with its file and field."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from assistant.feasibility.faults import value_given
from assistant.feasibility.synopsis import Synopsis
from design import BadDesign
from design.cohort import BadCohort
from design.cohort.files import load_mapping

_OWN_PLACE = re.compile(r"([a-z_]+(?:\.\w+)*): ")


class BadSynopsis(BadDesign):
    """A synopsis that cannot be read; the message names the file and the field."""


def load_synopsis(path: Path) -> Synopsis:
    """Read a synopsis from a YAML, TOML or JSON file.

    Raises:
        BadSynopsis: It cannot be read, or a field is missing, unknown or does not fit.
    """
    try:
        given = load_mapping(path)
    except BadCohort as error:
        said = str(error).replace("docs/feasibility/funnel.md", "docs/feasibility/synopsis.md")
        raise BadSynopsis(said, error.field) from None
    return checked_synopsis(given, str(path))


def checked_synopsis(given: Any, where: str) -> Synopsis:
    """Validate a synopsis, telling the first fault with its field.

    Raises:
        BadSynopsis: It does not fit; the message names the field.
    """
    try:
        return Synopsis.model_validate(given)
    except ValidationError as error:
        raise _told(where, error) from None
    except RecursionError:
        raise BadSynopsis(f"{where}: nested too deeply") from None


def _told(where: str, error: ValidationError) -> BadSynopsis:
    first = error.errors()[0]
    parts = [str(part) for part in first["loc"] if not str(part).startswith("function-")]
    said = {
        "extra_forbidden": "there is no such field",
        "missing": "is missing",
    }.get(first["type"], first["msg"].removeprefix("Value error, "))
    if first["type"] == "extra_forbidden":
        said += _near(parts)
    elif first["type"] not in {"missing", "value_error"}:
        said += value_given(first)
    if own := first["type"] == "value_error" and _OWN_PLACE.match(said):
        parts = parts if parts[-1:] == [own[1]] else [*parts, own[1]]
        said = said[own.end() :]
    place = ".".join(parts)
    text = f"{place}: {said}" if place else said
    return BadSynopsis(f"{where}: {' '.join(text.split())}", place or None)


def _near(parts: list[str]) -> str:
    """A known field of nearly this name."""
    model: Any = Synopsis
    for part in parts[:-1]:
        if part.isdigit():
            continue
        field = getattr(model, "model_fields", {}).get(part)
        if field is None:
            return ""
        model = _model_in(field.annotation)
        if model is None:
            return ""
    near = difflib.get_close_matches(parts[-1], model.model_fields, n=1)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(model.model_fields)}"


def _model_in(annotation: Any) -> Any:
    """The model an annotation speaks of, if it does."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
