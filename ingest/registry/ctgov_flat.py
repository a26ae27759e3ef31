"""ClinicalTrials.gov records flattened to one JSON object of texts, one a line.

Two kinds: full records, whose keys are paths of the registry's former XML
(``eligibility/criteria/textblock``) and whose lists are written as Python literals; and facts of
trials derived from their results, such as drop-out. Data sets for machine learning come this way.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from ingest.loaders.base import Member, Source
from ingest.registry.collect import Entry, members_of
from ingest.registry.criteria import split_eligibility
from ingest.registry.dates import RegistryDate, read_date
from ingest.registry.fields import text_of, value_at, whole_number
from ingest.registry.jsonstream import json_entries
from ingest.registry.record import (
    Eligibility,
    Enrolment,
    Field,
    Intervention,
    Title,
    TrialRecord,
    Value,
)

# One slot, and the keys it may stand under.
_KEYS: dict[str, tuple[str, ...]] = {
    "title": ("brief_title",),
    "official": ("official_title",),
    "status": ("overall_status",),
    "why_stopped": ("why_stopped",),
    "study_type": ("study_type",),
    "phases": ("phase",),
    "allocation": ("study_design_info/allocation", "allocation"),
    "design": ("study_design_info/intervention_model",),
    "purpose": ("study_design_info/primary_purpose",),
    "summary": ("brief_summary/textblock",),
    "description": ("detailed_description/textblock",),
    "criteria": ("eligibility/criteria/textblock",),
    "min_age": ("eligibility/minimum_age", "min_age"),
    "max_age": ("eligibility/maximum_age", "max_age"),
    "sex": ("eligibility/gender", "gender"),
    "healthy": ("eligibility/healthy_volunteers",),
    "sponsor": ("sponsors/lead_sponsor/agency",),
    "enrolment": ("enrollment",),
    "start": ("start_date",),
    "completion": ("completion_date",),
    "updated": ("last_update_posted", "lastchanged_date"),
    "conditions": ("condition",),
    "keywords": ("keyword",),
    "interventions": ("intervention/intervention_name",),
    "kinds": ("intervention/intervention_type",),
    "details": ("intervention/description",),
    "sites": ("location/facility/address/city", "cities"),
}
_MASKING = ("study_design_info/masking", "study_design_info/masking_description")
_TAKEN = frozenset(["nct", *_MASKING, *(key for keys in _KEYS.values() for key in keys)])
# Columns that count arms, interventions and masked roles: 0 says there is none.
_COUNTED = re.compile(r"( Number$|^MaskingType-)")
_LITERAL_MAX = 1_000_000


def members(source: Source) -> Iterator[Member]:
    """Yield every record of the file under its NCT number."""
    return members_of(lambda: json_entries(source.data), _key, read)


def _key(row: dict[str, Any]) -> tuple[str, str]:
    found = (read_date(text_of(row.get(key)), key).iso for key in _KEYS["updated"])
    return text_of(row.get("nct")), next((iso for iso in found if iso), "")


def read(entry: Entry) -> TrialRecord:
    """Read one record of either kind."""
    row: dict[str, Any] = entry.content
    slot = {name: _first(row, entry.path, keys) for name, keys in _KEYS.items()}
    number = value_at(row, entry.path, "nct")
    assert number is not None
    criteria, enrolment = slot["criteria"], slot["enrolment"]
    title, official = slot["title"], slot["official"]
    titles = [Title(title, "en", "public")] if title else []
    if official:
        titles.append(Title(official, "en", "scientific"))
    return TrialRecord(
        id=number,
        registry="ClinicalTrials.gov",
        line=entry.line,
        titles=tuple(titles),
        status=slot["status"],
        why_stopped=slot["why_stopped"],
        study_type=slot["study_type"],
        phases=_list(slot["phases"]),
        allocation=slot["allocation"],
        design=slot["design"],
        masking=tuple(v for key in _MASKING if (v := value_at(row, entry.path, key))),
        purpose=slot["purpose"],
        conditions=_list(slot["conditions"]),
        keywords=_list(slot["keywords"]),
        summary=_unwrapped(slot["summary"]),
        description=_unwrapped(slot["description"]),
        interventions=_interventions(slot["interventions"], slot["kinds"], slot["details"]),
        enrolment=Enrolment(enrolment, whole_number(enrolment.text)) if enrolment else None,
        start=_date(slot["start"]),
        completion=_date(slot["completion"]),
        updated=_date(slot["updated"]),
        eligibility=split_eligibility(criteria.text, criteria.path, wrapped=True)
        if criteria
        else Eligibility(),
        min_age=slot["min_age"],
        max_age=slot["max_age"],
        sex=slot["sex"],
        healthy_volunteers=slot["healthy"],
        sponsor=slot["sponsor"],
        sites=tuple({value.text: value for value in _list(slot["sites"])}.values()),
        other=_other(row, entry.path),
    )


def _first(row: dict[str, Any], prefix: str, keys: tuple[str, ...]) -> Value | None:
    return next((value for key in keys if (value := value_at(row, prefix, key))), None)


def _date(value: Value | None) -> RegistryDate | None:
    return read_date(value.text, value.path) if value else None


def _list(value: Value | None) -> tuple[Value, ...]:
    """The items of a list written as a Python literal; any other text is one item."""
    if value is None:
        return ()
    return tuple(Value(item, value.path) for item in _items(value.text) if item and item != "None")


def _items(text: str) -> list[str]:
    if not text.startswith("[") or len(text) > _LITERAL_MAX:
        return [text]
    try:
        items = ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return [text]
    if not isinstance(items, list):
        return [text]
    if len(items) == 1 and isinstance(items[0], str) and items[0].startswith("["):
        return _items(items[0])
    return [_one_line(text_of(item)) for item in items]


def _interventions(
    names: Value | None, kinds: Value | None, details: Value | None
) -> tuple[Intervention, ...]:
    """Names with kinds and descriptions where the lists are equally long.

    A list of another length lacks some entry, so what belongs to which name cannot be told: the
    descriptions then stand as items without a name.
    """
    listed = _list(names)
    kind_list, detail_list = _list(kinds), _list(details)
    same_kinds = kind_list if len(kind_list) == len(listed) else ()
    same_details = detail_list if len(detail_list) == len(listed) else ()
    found = [
        Intervention(
            value.text,
            value.path,
            same_kinds[number].text if same_kinds else "",
            same_details[number].text if same_details else "",
        )
        for number, value in enumerate(listed)
    ]
    if not same_details:
        found.extend(Intervention("", value.path, "", value.text) for value in detail_list)
    if not same_kinds:
        found.extend(Intervention("", value.path, value.text) for value in kind_list)
    return tuple(found)


def _other(row: dict[str, Any], prefix: str) -> tuple[Field, ...]:
    fields: list[Field] = []
    for key, content in row.items():
        if key in _TAKEN:
            continue
        if isinstance(content, dict):
            for name in content:
                value = value_at(row, prefix, key, name)
                if value:
                    fields.append(Field(f"{key} {name}", value))
            continue
        for value in _list(value_at(row, prefix, key)):
            if not (_COUNTED.search(key) and whole_number(value.text) == 0):
                fields.append(Field(key, value))
    return tuple(fields)


def _unwrapped(value: Value | None) -> Value | None:
    """Paragraphs on one line each: the export breaks lines at a width."""
    if value is None:
        return None
    paragraphs = re.split(r"\n\s*\n", value.text)
    return Value("\n\n".join(_one_line(part) for part in paragraphs), value.path)


def _one_line(text: str) -> str:
    return " ".join(text.split())
