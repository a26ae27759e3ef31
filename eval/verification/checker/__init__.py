"""Hold a statement against the records of trials, by rules alone.

It decides too seldom and errs too often to answer users; it measures how far rules go
(docs/verification.md).
"""

from eval.verification.checker.checker import Judgement, judge
from eval.verification.checker.records import Section, read_section

__all__ = ["Judgement", "Section", "judge", "read_section"]
