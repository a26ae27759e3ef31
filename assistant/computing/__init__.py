"""Questions that are calculated: which calculators a question needs, and the answer they give."""

from assistant.computing.answers import computed, with_computed
from assistant.computing.calculation import Calculation
from assistant.computing.common import Call
from assistant.computing.plans import plan
from assistant.computing.tools import as_tools, offered_tools

__all__ = [
    "Calculation",
    "Call",
    "as_tools",
    "computed",
    "offered_tools",
    "plan",
    "with_computed",
]
