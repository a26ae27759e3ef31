"""Hold a statement against the records of trials, by rules alone.

It decides too seldom and errs too often to answer users (docs/verification.md); here it measures
how far rules go.
"""

from eval.verification.checker.checker import Judgement, judge
from eval.verification.checker.records import Section, read_section

__all__ = ["Judgement", "Section", "judge", "read_section"]
