"""Calculators for trial design and feasibility, validated against published numbers.

Pure functions of checked inputs: a calculator is declared with :func:`design.registry.calculator`
and hands out a :class:`Result` with its numbers, reference, conventions, warnings and a sentence
in Chinese and English. Nothing is read but what is passed in, and no language model is asked.
"""

from design.errors import BadDesign, UnknownMethod
from design.registry import Method, calculate, method, methods
from design.result import Outcome, Result
from design.wording import Text

__all__ = [
    "BadDesign",
    "Method",
    "Outcome",
    "Result",
    "Text",
    "UnknownMethod",
    "calculate",
    "method",
    "methods",
]
