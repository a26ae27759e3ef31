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


class NoSolution(ArithmeticError):
    """A search for a number found none: what it searches does not change sign, or is no number.

    Inputs out of all proportion to each other do this, and :class:`design.registry.Method` refuses
    them. A plain ``ValueError`` is a fault of ours and is not caught.
    """
