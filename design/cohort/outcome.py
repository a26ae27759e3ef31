"""What a counted funnel is: options, steps, groups, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from design.cohort.texts import said
from design.wording import Text

USUAL_THRESHOLD = 10


class Options(BaseModel):
    """How to count."""

    model_config = ConfigDict(extra="forbid")

    missing: Literal["exclude", "keep", "both"] = Field(
        "exclude",
        description="Persons for whom a criterion is not known: left out, kept, or both shown.",
    )
    threshold: int = Field(
        USUAL_THRESHOLD, ge=1, le=1000, description="Counts from 1 to one less are hidden."
    )
    off: list[int] = Field([], max_length=30, description="Numbers of criteria not to apply.")


@dataclass(frozen=True, slots=True)
class Step:
    """One criterion in the funnel. A count is ``None`` when it is hidden or not applicable.

    Attributes:
        number: Place in the list, from 1.
        name: What the criterion is called.
        meaning: The rule in words.
        status: ``applied``, ``off`` (switched off) or ``not_evaluable``.
        remaining: Persons left after it.
        lost: Persons it takes from those left before.
        not_met: Of the persons left before, those who do not meet it.
        unknown: Of the persons left before, those for whom it is not known.
        remaining_keep: Persons left when those not known are kept (``missing=both``).
        alone: Of all persons: ``met``, ``not_met``, ``unknown``, ``cost`` (not kept by it alone).
        without: Persons left when only this criterion is left out.
        gain: How many more that is.
        reasons: Why it is not known, with persons of all persons.
        records: Records that count for it.
        why: Why it could not be applied.
    """

    number: int
    name: Text
    meaning: Text
    status: Literal["applied", "off", "not_evaluable"]
    remaining: int | None
    lost: int | None
    not_met: int | None
    unknown: int | None
    remaining_keep: int | None
    alone: dict[str, int | None]
    without: int | None
    gain: int | None
    reasons: tuple[tuple[str, int | None], ...]
    records: int | None
    why: Text | None = None

    def to_json(self) -> dict[str, Any]:
        """For machines; ``suppressed`` names the counts that are hidden."""
        applied = self.status == "applied"
        hidden = [
            name
            for name in ("remaining", "lost", "not_met", "unknown", "without", "gain")
            if applied and getattr(self, name) is None
        ]
        judged = self.status != "not_evaluable"
        hidden += [f"alone.{key}" for key, value in self.alone.items() if judged and value is None]
        return {
            "number": self.number,
            "name": self.name.to_json(),
            "meaning": self.meaning.to_json(),
            "status": self.status,
            "why": self.why.to_json() if self.why else None,
            "remaining": self.remaining,
            "lost": self.lost,
            "not_met": self.not_met,
            "unknown": self.unknown,
            "remaining_keep": self.remaining_keep,
            "alone": dict(self.alone),
            "leave_one_out": {"remaining": self.without, "gain": self.gain},
            "missing": [
                {"reason": key, "text": said("reasons", key).to_json(), "persons": count}
                for key, count in self.reasons
            ],
            "records": self.records,
            "suppressed": hidden,
        }


@dataclass(frozen=True, slots=True)
class Group:
    """A site or a year: persons there, and those who remain; ``None`` is hidden."""

    name: str | None
    persons: int | None
    remaining: int | None
    remaining_keep: int | None = None


@dataclass(frozen=True, slots=True)
class Funnel:
    """A counted funnel; it holds counts only, never a person.

    Attributes:
        source: What was counted in.
        title: Of the criteria.
        persons: Persons of the source.
        base: Persons with an index date.
        remaining: Persons who meet all applied criteria; ``None`` when hidden.
        remaining_keep: The same with those not known kept, when both are asked for.
        steps: One for each criterion, in order.
        sites: By site, those of most persons first.
        years: By calendar year of the index date.
        costliest: Numbers of the criteria with the greatest cost alone and the greatest gain, of
            those shown.
    """

    source: str
    title: str | None
    persons: int | None
    base: int | None
    remaining: int | None
    remaining_keep: int | None
    steps: tuple[Step, ...]
    sites: tuple[Group, ...]
    years: tuple[Group, ...]
    options: Options
    index: Text
    notes: tuple[Text, ...]
    conventions: tuple[Text, ...]
    warnings: tuple[Text, ...]
    costliest: dict[str, int | None] = field(default_factory=dict)

    @property
    def sentence(self) -> Text:
        """The result in a few sentences that can be quoted."""
        told = [
            said(
                "sentence", "remaining",
                source=self.source, persons=shown(self.persons), base=shown(self.base),
                count=sum(step.status == "applied" for step in self.steps),
                remaining=shown(self.remaining),
            )
        ]  # fmt: skip
        if self.options.missing == "both":
            told.append(said("sentence", "bounds", keep=shown(self.remaining_keep)))
        for key in ("cost", "gain"):
            number = self.costliest.get(key)
            if number is None:
                continue
            applied = [step for step in self.steps if step.status == "applied"]
            values = [step.alone["cost"] if key == "cost" else step.gain for step in applied]
            # A hidden count may be greater than those shown.
            which = f"{key}_of_shown" if None in values else key
            step = self.steps[number - 1]
            value = step.alone["cost"] if key == "cost" else step.gain
            kept = "keep" if self.options.missing == "keep" else "exclude"
            values_said = {key: shown(value), "unmet": said("sentence", f"unmet_{kept}")}
            told.append(said("sentence", which, number=number, name=step.name, **values_said))
        told += [Text(f"（{note.zh}）", f"({note.en})") for note in self.notes]
        return Text("".join(each.zh for each in told), " ".join(each.en for each in told))

    def to_json(self) -> dict[str, Any]:
        """All of it, for machines; a hidden count is null."""
        groups = [
            [
                {
                    "name": group.name,
                    "persons": group.persons,
                    "remaining": group.remaining,
                    **(
                        {"remaining_keep": group.remaining_keep}
                        if self.options.missing == "both"
                        else {}
                    ),
                    "suppressed": group.persons is None or group.remaining is None,
                }
                for group in rows
            ]
            for rows in (self.sites, self.years)
        ]
        return {
            "source": self.source,
            "title": self.title,
            "index": self.index.to_json(),
            "options": self.options.model_dump(),
            "persons": self.persons,
            "with_index_date": self.base,
            "remaining": self.remaining,
            "remaining_keep": self.remaining_keep,
            "suppressed": self.remaining is None,
            "steps": [step.to_json() for step in self.steps],
            "costliest": dict(self.costliest),
            "sites": groups[0],
            "years": groups[1],
            "sentence": self.sentence.to_json(),
            "notes": [note.to_json() for note in self.notes],
            "conventions": [each.to_json() for each in self.conventions],
            "warnings": [each.to_json() for each in self.warnings],
        }

    def table(self, language: str = "zh") -> str:
        """The funnel as a text table."""
        from design.cohort.show import table

        return table(self, language)

    def svg(self, language: str = "zh") -> str:
        """The funnel as a drawing."""
        from design.cohort.svg import draw

        return draw(self, language)


def shown(count: int | None) -> Text:
    """A count in words; one that is hidden is said to be so."""
    if count is None:
        return said("table", "hidden_count")
    return Text(str(count), str(count))
