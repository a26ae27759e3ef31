"""The cohort funnel: how many persons of a source remain, criterion by criterion.

    with open_source(path) as source:
        print(funnel(source, load_criteria(file)).table("en"))

Free text is read into rules by :func:`parse_criteria`; what it could not read is listed. Counts
come out, never a person: small ones are hidden, and so is what would give them away.
"""

from design.cohort.errors import BadCohort
from design.cohort.files import load_criteria
from design.cohort.funnel import funnel
from design.cohort.outcome import Funnel, Options
from design.cohort.reading import ParsedCriteria, Unparsed, parse_criteria
from design.cohort.rules import Criteria, Rule
from design.cohort.source import Source, open_source

__all__ = [
    "BadCohort",
    "Criteria",
    "Funnel",
    "Options",
    "ParsedCriteria",
    "Rule",
    "Source",
    "Unparsed",
    "funnel",
    "load_criteria",
    "open_source",
    "parse_criteria",
]
