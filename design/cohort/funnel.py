"""The funnel: criterion by criterion, how many persons remain, and what each criterion costs."""

from __future__ import annotations

from design.cohort.counting import Counter
from design.cohort.errors import BadCohort
from design.cohort.evaluate import evaluate
from design.cohort.outcome import Funnel, Options
from design.cohort.people import gather
from design.cohort.rules import Criteria
from design.cohort.source import Source


def funnel(source: Source, criteria: Criteria, options: Options | None = None) -> Funnel:
    """Count who remains, criterion by criterion.

    Args:
        source: An opened cohort.
        criteria: Rules in the order they are applied.
        options: How missing data and small counts are dealt with, and which criteria are off.

    Raises:
        BadCohort: A rule names what the source does not know, or the source cannot be read.
    """
    options = options or Options()
    rules = criteria.rules()
    for number in options.off:
        if not 1 <= number <= len(rules):
            raise BadCohort(f"there is no criterion {number}; they are 1 to {len(rules)}", "off")
    people = gather(source, criteria.index)
    judged = evaluate(source, people, rules)
    return Counter(source, criteria, options, people, judged).count()
