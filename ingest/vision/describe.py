"""Ask a vision-capable model what a figure shows; the answer is marked as generated.

A description makes a figure findable. It is never quoted in an answer, and a document is described
only after the privacy gate has let it pass. A model that fails costs descriptions, no document.
"""

from __future__ import annotations

import base64
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ingest.errors import BadInput
from ingest.flags import GENERATED
from ingest.model import Block
from ingest.pictures import block_picture
from ingest.privacy import screen
from ingest.text import squeeze
from ingest.vision.model import VisionModel

_PROMPTS = Path(__file__).with_name("prompts.toml")
_MOST_TOKENS = 500
_LONGEST = 2000  # characters of a description that are kept
_GIVE_UP = 2  # failures in a row after which a model is not asked again
_WITHOUT_KEY = "none"  # servers inside a hospital often want no key, the client always sends one


def describe_figures(
    blocks: Sequence[Block],
    data: bytes,
    media_type: str,
    language: str | None,
    model: VisionModel,
    passwords: Sequence[str] = (),
) -> tuple[list[Block], list[str]]:
    """Put a generated description after each figure that has a picture.

    Args:
        blocks: Of one document, in reading order.
        data: The document's file, from which the pictures are taken.
        media_type: Of the file.
        language: Of the document; descriptions are asked for in it.
        model: Who is asked.
        passwords: Tried in turn on a file that needs one.

    Returns:
        The blocks with the descriptions (flag ``generated``, place of their figure), and warnings.
    """
    asked = _Asked(model, "en" if language == "en" else "zh", passwords)
    described: list[Block] = []
    for block in blocks:
        described.append(block)
        if block.kind == "figure" and (text := asked.about(block, data, media_type)):
            described.append(Block("paragraph", text, block.locator, flags=(GENERATED,)))
    return described, asked.warnings()


class _Asked:
    """The questions asked about one document, and what went wrong with them."""

    def __init__(self, model: VisionModel, language: str, passwords: Sequence[str]) -> None:
        self._model = model
        self._passwords = passwords
        self._language = language
        self._told = 0
        self._left_out = 0
        self._withheld = 0
        self._failures: list[str] = []
        self._in_a_row = 0

    def about(self, block: Block, data: bytes, media_type: str) -> str | None:
        try:
            picture = block_picture(data, media_type, block, self._passwords)
        except BadInput:
            picture = None
        if picture is None:
            return None
        if self._told >= self._model.max_figures or self._in_a_row >= _GIVE_UP:
            self._left_out += 1
            return None
        try:
            text = _ask(self._model, self._language, block.text, picture)
        except Exception as error:  # whatever a server or the line to it may do
            self._failures.append(type(error).__name__)
            self._in_a_row += 1
            return None
        self._in_a_row = 0
        self._told += 1
        if screen([Block("paragraph", text)]).quarantined:
            self._withheld += 1
            return None
        return text or None

    def warnings(self) -> list[str]:
        found = []
        if self._told:
            found.append(
                f"{self._told} figures were described by {self._model.model}; the descriptions are "
                "marked as generated and never quoted"
            )
        if self._failures:
            found.append(
                f"{len(self._failures)} figures got no description: {self._model.model} at "
                f"{self._model.base_url} failed ({self._failures[0]}); check ingest.vision"
            )
        if self._left_out:
            found.append(f"{self._left_out} further figures were not described")
        if self._withheld:
            found.append(
                f"{self._withheld} descriptions held personal data and were left out; look at the "
                "figures"
            )
        return found


def _ask(model: VisionModel, language: str, caption: str, picture: bytes) -> str:
    prompts = _prompts()[language]
    image = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    answer = _client(model).chat.completions.create(
        model=model.model,
        temperature=0,
        max_tokens=_MOST_TOKENS,
        messages=[
            {"role": "system", "content": prompts["system"]},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": prompts["caption"].format(caption=caption or "–")},
                    {"type": "image_url", "image_url": {"url": image}},
                ],
            },
        ],
    )
    return squeeze(answer.choices[0].message.content or "")[:_LONGEST]


@cache
def _client(model: VisionModel) -> Any:
    import openai

    return openai.OpenAI(
        base_url=model.base_url,
        api_key=model.key or _WITHOUT_KEY,
        timeout=model.timeout_s,
        max_retries=1,
    )


@cache
def _prompts() -> dict[str, dict[str, str]]:
    with _PROMPTS.open("rb") as file:
        return tomllib.load(file)
