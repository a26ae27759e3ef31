"""The open fields of a Word paragraph: their instructions, and whether a result is stored."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.structure.fieldcodes import field_text
from ingest.structure.raised import Piece, Shift, written


@dataclass(slots=True)
class Field:
    """A field; ``start`` and ``result`` are places among the pieces of its paragraph."""

    start: int
    result: int | None = None
    instruction: list[Piece] = field(default_factory=list)

    def shown(self) -> str | None:
        """What the field shows without a stored result, as :func:`field_text` tells it."""
        return field_text(written(self.instruction))


class Fields:
    """Follows the marks of fields (``w:fldChar``) through one paragraph."""

    def __init__(self) -> None:
        self._open: list[Field] = []

    def begin(self, place: int) -> None:
        """A field begins at a place."""
        self._open.append(Field(place))

    def separate(self, place: int) -> None:
        """The result of the innermost field begins."""
        if self._open:
            self._open[-1].result = place

    def end(self) -> Field | None:
        """The innermost field ends."""
        return self._open.pop() if self._open else None

    def add(self, text: str, shift: Shift) -> None:
        """Take text that is part of an instruction, also the result of a field inside it."""
        for item in reversed(self._open):
            if item.result is None:
                item.instruction.append((text, shift))
                return
