"""Reading criteria and descriptions from YAML, TOML or JSON, and saying what is wrong with them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from design.cohort.errors import BadCohort
from design.cohort.rules import Criteria

_BYTES = 1_000_000
_Model = TypeVar("_Model", bound=BaseModel)


def load_criteria(path: Path) -> Criteria:
    """Criteria from a YAML, TOML or JSON file.

    Raises:
        BadCohort: It cannot be read, is not of these formats, or does not hold criteria.
    """
    return checked(Criteria, load_mapping(path), str(path))


def load_mapping(path: Path) -> dict[str, Any]:
    """The mapping a YAML, TOML or JSON file holds.

    Raises:
        BadCohort: It cannot be read or holds something else.
    """
    text = read_text(path)
    try:
        parse = _PARSERS.get(path.suffix.lower())
        if parse is None:
            raise BadCohort("give a .yaml, .toml or .json file")
        found = parse(text)
    except BadCohort as error:
        raise BadCohort(f"{path}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise BadCohort(f"{path} cannot be read: {' '.join(str(error).split())}") from None
    if not isinstance(found, dict):
        raise BadCohort(f"{path} holds no keys; see docs/feasibility/funnel.md for what it needs")
    return found


def read_text(path: Path) -> str:
    """A UTF-8 text of at most a megabyte.

    Raises:
        BadCohort: There is none, or it is larger or not UTF-8.
    """
    try:
        if path.stat().st_size > _BYTES:
            raise BadCohort(f"{path} is larger than a megabyte: not a list of criteria")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadCohort(f"{path} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise BadCohort(f"{path} is not UTF-8; save it again as UTF-8") from None


def checked(model: type[_Model], given: Any, where: str) -> _Model:
    """Validate a mapping, telling the first fault with its place.

    Raises:
        BadCohort: It does not fit the model.
    """
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part != "function-before")
        said = {"extra_forbidden": "there is no such key", "missing": "is missing"}.get(
            first["type"], first["msg"].removeprefix("Value error, ")
        )
        raise BadCohort(f"{where}: {place + ': ' if place else ''}{said}", place or None) from None
    except RecursionError:
        raise BadCohort(f"{where}: nested too deeply") from None


def _yaml(text: str) -> Any:
    import yaml

    try:
        # Aliases can make a small file hold billions of rules.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise BadCohort("YAML anchors and aliases are not used here; write it out")
        return _named(yaml.load(text, _loader()))  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None


@cache
def _loader() -> Any:
    """A safe loader that leaves dates as text, so that a wrong one is told with its field."""
    import yaml

    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own
            first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
            for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    return Loader


def _named(value: Any) -> Any:
    """Keys as written: YAML takes ``yes:`` and ``no:`` for true and false."""
    if isinstance(value, dict):
        spelled = {True: "yes", False: "no"}
        return {
            spelled[key] if isinstance(key, bool) else key: _named(held)
            for key, held in value.items()
        }
    return [_named(held) for held in value] if isinstance(value, list) else value


_PARSERS: dict[str, Callable[[str], Any]] = {
    ".yaml": _yaml,
    ".yml": _yaml,
    ".toml": tomllib.loads,
    ".json": json.loads,
}
