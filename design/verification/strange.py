"""Words in the name of a row that stand for another analysis than the one a rule knows.

A rule for ``two_props_fisher.*`` would take ``two_props_fisher_midp`` for the exact test. The words
are reviewed in ``names.toml``; one of them is no stranger where the rule's pattern, the name of our
method or a choice among its inputs has it. A choice that the rule sets otherwise is a stranger too:
``two_props_score`` is not the unpooled test.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from design.errors import BadDesign
from design.registry import method as registered
from design.verification.spellings import words

_CHOSEN = ("test", "aim", "interval", "method", "variance", "measure", "criterion")


def strange(
    name: str, method: str, pattern: str = "", chosen: Mapping[str, Any] | None = None
) -> list[str]:
    """The words of a row's name that mean an analysis which a rule or a method does not know.

    Args:
        name: The method as the row names it.
        method: The name of our method.
        pattern: The rule's pattern of names.
        chosen: What the rule sets.
    """
    told = "_".join(words(name))
    found = [each for each in _strangers() if _has(told, each)]
    own = " ".join(pattern.replace("_?", sign) for sign in ("", "_"))
    known = f"{own} {method} {_about(method)}".lower()
    left = [each for each in found if not _has(known, each)]
    shown = [each.split("|")[0].replace("_?", "-") for each in left]
    return shown + _chosen_otherwise(told, method, own.lower(), chosen or {})


def _chosen_otherwise(told: str, method: str, own: str, chosen: Mapping[str, Any]) -> list[str]:
    """Choices that a name says and a rule sets otherwise, its pattern naming neither."""
    found = []
    for field, value in chosen.items():
        choices = choices_of(method).get(field, ()) if field in _CHOSEN else ()
        parts = words(str(value))
        if not choices or _has(told, str(value)) or any(_has(own, part) for part in parts):
            continue
        said = [each for each in choices if _has(told, each)]
        found += [each for each in said if not all(_has(own, part) for part in words(each))]
    return found


def _has(text: str, word: str) -> bool:
    return re.search(rf"(^|[^a-z0-9])({word})($|[^a-z0-9])", text) is not None


@cache
def choices_of(method: str) -> dict[str, list[str]]:
    """The texts that each input of a method may be; none for an input that is a number."""
    try:
        fields = registered(method).inputs.model_fields
    except BadDesign:
        return {}
    return {name: _texts(field.annotation) for name, field in fields.items()}


def _texts(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return [choice for choice in get_args(annotation) if isinstance(choice, str)]
    return [choice for part in get_args(annotation) for choice in _texts(part)]


@cache
def _about(method: str) -> str:
    try:
        about = registered(method)
    except BadDesign:
        return ""
    texts = [choice for choices in choices_of(method).values() for choice in choices]
    return " ".join([about.family, *about.inputs.model_fields, *texts])


@cache
def _strangers() -> tuple[str, ...]:
    path = Path(__file__).with_name("names.toml")
    return tuple(tomllib.loads(path.read_text(encoding="utf-8"))["strangers"])
