"""「这句话对吗」: hold a statement against the record of a trial, by rules alone."""

from assistant.claims.checker import Judgement, judge
from assistant.claims.records import Section, read_section

__all__ = ["Judgement", "Section", "judge", "read_section"]
