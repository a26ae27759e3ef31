"""Text as the detectors read it: ASCII forms for full-width ones, nothing invisible."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

# Zero-width, joiner, direction and tag characters, soft hyphen, variation selectors.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_SAME = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    "\u3000": " ",
    "\u00a0": " ",
    **dict.fromkeys("‐‑‒–—−－", "-"),
    **dict.fromkeys("‘’", "'"),
}
# These, and Cyrillic and Greek letters that look like Latin ones.
_LOOKALIKE = {
    **_SAME,
    **dict(zip("аеорсухіјѕԁһАВЕКМНОРСТХІЈЅ", "aeopcyxijsdhABEKMHOPCTXIJS", strict=True)),
}
# Few characters of a text have another form: looking for them is quicker than translating all.
_HAS_SAME = re.compile(f"[{''.join(_SAME)}]")
_HAS_LOOKALIKE = re.compile(f"[{''.join(_LOOKALIKE)}]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; ``origins`` maps its offsets to those of the text it was made from."""

    text: str
    origins: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place of ``text[start:end]`` in the original."""
        if self.origins is None:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1

    def folded_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in ``text`` of the original's characters ``start:end``."""
        if self.origins is None:
            return start, end
        return bisect_left(self.origins, start), bisect_left(self.origins, end)


def fold(text: str, *, lookalikes: bool = False) -> Folded:
    """Fold ``text``; characters are replaced one for one or left out."""
    if text.isascii():
        return Folded(text)
    visible = text
    origins = None
    if _INVISIBLE.search(text):
        origins = tuple(at for at, mark in enumerate(text) if not _INVISIBLE.match(mark))
        visible = "".join(text[at] for at in origins)
    if lookalikes:
        folded = _HAS_LOOKALIKE.sub(lambda mark: _LOOKALIKE[mark.group()], visible)
    else:
        folded = _HAS_SAME.sub(lambda mark: _SAME[mark.group()], visible)
    return Folded(folded, origins)
