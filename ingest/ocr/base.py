"""What a text recognition engine gives back, whichever it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""Pixels, ``height × width × 3``, red-green-blue."""

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""Corners as the text reads: its top left, top right, bottom right, bottom left, in pixels."""


@dataclass(frozen=True, slots=True)
class Character:
    """One recognised character, or a space between words.

    Attributes:
        text: The character.
        x0, x1: Where it begins and ends along its line, as parts of the line's length.
        confidence: 0 to 1; engines that know it for whole words only repeat the word's.
    """

    text: str
    x0: float
    x1: float
    confidence: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """A recognised line, or the part of one up to a wide gap."""

    quad: Quad
    characters: tuple[Character, ...]

    @property
    def text(self) -> str:
        """The characters as one string."""
        return "".join(c.text for c in self.characters)

    @property
    def confidence(self) -> float:
        """Mean over the characters; 0 for an empty line."""
        if not self.characters:
            return 0.0
        return sum(c.confidence for c in self.characters) / len(self.characters)

    @property
    def words(self) -> list[tuple[str, float]]:
        """Words with the confidence of their weakest character."""
        found: list[tuple[str, float]] = []
        word: list[Character] = []
        for character in [*self.characters, None]:
            if character is not None and not character.text.isspace():
                word.append(character)
            elif word:
                found.append(("".join(c.text for c in word), min(c.confidence for c in word)))
                word = []
        return found


class OcrEngine(Protocol):
    """A text recognition engine."""

    @property
    def name(self) -> str:
        """What a curator knows it by."""

    def read(self, image: Image) -> Sequence[TextLine]:
        """The lines of ``image``, which may lie on its side or stand on its head.

        Raises whatever the engine raises; a page that fails must not lose the document, so the
        caller catches it.
        """


class OcrUnavailable(Exception):
    """The engine is not installed or its models are missing; the message says what to do."""
