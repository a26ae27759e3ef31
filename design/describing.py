"""What an input means: the text of its type, completed from the reviewed ``inputs.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from pydantic import Field
from pydantic.fields import FieldInfo

from design import quantities

_FILE = Path(__file__).with_name("inputs.toml")
_RANGES = (
    quantities.Probability,
    quantities.Share,
    quantities.Positive,
    quantities.NotNegative,
    quantities.Count,
)
_BARE = {get_args(kind)[1].description for kind in _RANGES} | {
    "Between 0 and 1.",
    "Patients. 例数",
    "Patients of an arm, for the power. 例数",
    "Expected mean. 均数",
    "Standard deviation. 标准差",
    "A value on the scale of the outcome.",
    "A time, in the unit of all times.",
}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def described(method: str, name: str, hint: Any) -> Any:
    """An annotation with what the input means, in English with the Chinese term.

    A text of the method itself goes first, then one of the input's name where the type only tells
    a range or a kind of quantity; a text without Chinese gets the Chinese word of the name.

    Example:
        >>> from design.quantities import Count
        >>> get_args(described("two_means", "n1", Count | None))[1].description
        'Patients of group 1 (treatment), for the power. 试验组例数（求把握度）'
    """
    texts = _texts()
    own = _text_of_type(hint)
    told = texts.get(method, {}).get(name) or own
    if told in _BARE:
        told = texts["meaning"].get(name, told)
    if told and not _CHINESE.search(told) and name in texts["word"]:
        told = f"{told} {texts['word'][name]}"
    return Annotated[hint, Field(description=told)] if told else hint


def _text_of_type(hint: Any) -> str | None:
    """The description of a type; of ``Power | None`` that of ``Power``."""
    parts = [hint] if get_origin(hint) is Annotated else get_args(hint)
    for part in parts:
        for said in reversed(getattr(part, "__metadata__", ())):  # the outermost says most
            if isinstance(said, FieldInfo) and said.description:
                return said.description
    return None


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
