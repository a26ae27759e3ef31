"""What a calculator refuses, told so that it can be put right."""

from __future__ import annotations


class BadDesign(ValueError):
    """Inputs that cannot be a design: out of range, missing, or at odds with each other.

    Attributes:
        field: The input at fault, when it is one.
    """

    def __init__(self, text: str, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


class UnknownMethod(BadDesign):
    """A method that is not there."""
