"""Inputs of a design computation, read from a question as typed values."""

from assistant.inputs.model import ParsedInputs
from assistant.inputs.parse import parse_inputs

__all__ = ["ParsedInputs", "parse_inputs"]
