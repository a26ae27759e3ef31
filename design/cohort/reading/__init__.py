"""Free-text criteria in Chinese or English read into rules, for the user to confirm.

What is not understood is listed with the reason, never dropped and never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from design.cohort.describe import describe
from design.cohort.errors import BadCohort
from design.cohort.files import checked
from design.cohort.reading.atoms import Reader
from design.cohort.reading.clause import Unparsed
from design.cohort.reading.grammar import read_item
from design.cohort.reading.headings import placed
from design.cohort.reading.segments import items
from design.cohort.rules import MAX_CRITERIA, Criteria, Rule
from design.cohort.texts import said
from design.cohort.vocabulary import Vocabulary
from design.wording import Text

_LONGEST = 50_000

__all__ = ["ParsedCriteria", "Unparsed", "parse_criteria"]


@dataclass(frozen=True, slots=True)
class ParsedCriteria:
    """Criteria read from text, to be confirmed before they are used.

    Attributes:
        criteria: The rules; ``None`` when none was read.
        meanings: Each rule in words, exclusions after inclusions.
        unparsed: What was not made a rule, with the reason.
        questions: What was taken as meant and should be confirmed.
    """

    criteria: Criteria | None
    meanings: tuple[Text, ...]
    unparsed: tuple[Unparsed, ...]
    questions: tuple[Text, ...]

    @property
    def rules(self) -> list[Any]:
        """The rules to be met, as the funnel applies them."""
        return self.criteria.rules() if self.criteria else []

    def to_json(self) -> dict[str, Any]:
        """For machines; ``criteria`` can be given to the funnel as it is."""
        return {
            "criteria": self.criteria.to_json() if self.criteria else None,
            "meanings": [text.to_json() for text in self.meanings],
            "unparsed": [each.to_json() for each in self.unparsed],
            "questions": [text.to_json() for text in self.questions],
        }


def parse_criteria(text: str, vocabulary: Vocabulary) -> ParsedCriteria:
    """Read free text into criteria.

    Args:
        text: Criteria in Chinese or English, one a line or separated by ``；``; headings such as
            ``纳入标准`` or ``Exclusion criteria`` tell which they are, inclusions without one.
        vocabulary: Of the source the criteria are for.

    Raises:
        BadCohort: The text is longer than 50,000 characters.
    """
    if len(text) > _LONGEST:
        raise BadCohort(f"the criteria are longer than {_LONGEST} characters", "text")
    reader = Reader(vocabulary)
    given: dict[str, list[Any]] = {"inclusion": [], "exclusion": []}
    unparsed: list[Unparsed] = []
    questions: list[Text] = []
    for item, reason in placed(items(text)):
        if reason is not None:
            unparsed.append(Unparsed(item.text, reason, item.excluded))
            continue
        found = read_item(reader, item.text, item.excluded)
        given["exclusion" if item.excluded else "inclusion"] += found.rules
        unparsed += found.unparsed
        questions += found.questions
    room = MAX_CRITERIA
    for side in ("inclusion", "exclusion"):
        for rule in given[side][room:]:
            reason = said("unparsed", "too_many", most=MAX_CRITERIA)
            unparsed.append(Unparsed(rule["name"], reason, side == "exclusion"))
        given[side] = given[side][:room]
        room -= len(given[side])
    criteria = checked(Criteria, given, "the criteria") if any(given.values()) else None
    if criteria is not None and any(_windowed(leaf) for rule in criteria.rules()
                                    for leaf in rule.leaves()):  # fmt: skip
        questions.append(said("questions", "index"))
    inclusion = criteria.inclusion if criteria else []
    exclusion = criteria.exclusion if criteria else []
    meanings = [describe(rule, vocabulary) for rule in inclusion]
    meanings += [said("rule", "exclude", rule=describe(rule, vocabulary)) for rule in exclusion]
    return ParsedCriteria(
        criteria, tuple(meanings), tuple(unparsed), tuple(dict.fromkeys(questions))
    )


def _windowed(leaf: Rule) -> bool:
    given = leaf.measurement or leaf.coded
    return leaf.washout is not None or (given is not None and given.window.before is not None)
