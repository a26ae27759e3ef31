"""What inputs and outputs are called on an axis and in a sentence: the reviewed ``labels.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from design.registry import method

_LABELS = Path(__file__).with_name("labels.toml")
_CHINESE = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff0-9A-Za-z（）/ -]*")


def input_label(name: str, field: str, language: str) -> str:
    """The Chinese part of the input's description with its name, or as an output of this name."""
    about = method(name).inputs.model_fields[field].description or ""
    if language == "zh" and (found := _CHINESE.search(about)):
        return f"{found[0].strip()} ({field})"
    return output_label(field, language)


def output_label(output: str, language: str) -> str:
    """The label of an output with its name; an element of a list by that of the list."""
    known = labels()["outputs"].get(output.partition("[")[0])
    return f"{known[language]} ({output})" if known else output


@cache
def labels() -> dict[str, Any]:
    """The file of labels."""
    return tomllib.loads(_LABELS.read_text(encoding="utf-8"))
