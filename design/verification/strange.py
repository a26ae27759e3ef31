"""Words in the name of a row that stand for another analysis than the one a rule knows.

A rule for ``two_props_fisher.*`` would take ``two_props_fisher_midp`` for the exact test. The words
are reviewed in ``names.toml``; one of them is no stranger where the rule's pattern, the name of our
method or a choice among its inputs has it.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from design.errors import BadDesign
from design.registry import method as registered
from design.verification.spellings import words


def strange(name: str, method: str, pattern: str = "") -> list[str]:
    """The words of a row's name that mean an analysis which a rule or a method does not know.

    Args:
        name: The method as the row names it.
        method: The name of our method.
        pattern: The rule's pattern of names.
    """
    told = re.sub(r"[^a-z0-9]+", "_", "_".join(words(name)))
    found = [each for each in _strangers() if re.search(rf"(^|_)({each})($|_)", told)]
    if not found:
        return []
    patterns = " ".join(pattern.replace("_?", sign) for sign in ("", "_"))
    known = f"{patterns} {method} {_about(method)}".lower()
    shown = [each.split("|")[0].replace("_?", "-") for each in found]
    return [
        word
        for word, each in zip(shown, found, strict=True)
        if not any(part.replace("_?", "") in known for part in each.split("|"))
    ]


@cache
def _about(method: str) -> str:
    try:
        about = registered(method)
    except BadDesign:
        return ""
    choices = (str(each.annotation) for each in about.inputs.model_fields.values())
    return " ".join([about.family, *about.inputs.model_fields, *choices])


@cache
def _strangers() -> tuple[str, ...]:
    table: dict[str, Any] = tomllib.loads(
        Path(__file__).with_name("names.toml").read_text(encoding="utf-8")
    )
    return tuple(table["strangers"])
