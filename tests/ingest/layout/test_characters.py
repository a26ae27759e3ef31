"""Codes that stand for other characters than they seem to."""

from __future__ import annotations

import pytest

from ingest.layout.characters import meaning


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (0x41, "A"),
        (0x2F64, "用"),  # a radical drawn like the character
        (0x2ED3, "长"),
        (0xFB01, "fi"),
        (0xF02B, "+"),
        (0xF03D, "="),
        (0xF062, "β"),
        (0xF0B3, "≥"),
        (0xF0B7, "•"),
        (0xAD, "-"),
        (0x200B, ""),
        (0x05, None),
        (0xD800, None),
    ],
)
def test_meaning(code: int, text: str | None) -> None:
    assert meaning(code) == text


def test_wingdings_are_not_symbol() -> None:
    assert meaning(0xF0FC, wingdings=True) == "✓"
    assert meaning(0xF06E, wingdings=True) == "■"
    assert meaning(0xF06E) == "ν"
