"""FHIR R4 data types in words, and which resources speak of patients.

FHIR R4 (HL7, 4.0.1), sections Data Types and Resource List.
"""

from __future__ import annotations

import re
from typing import Any

from ingest.structure.fhirreferences import is_reference, reference_text
from ingest.structure.htmlfragment import plain_text
from ingest.structure.jsontree import Node, node, nodes, string

# Resources that define or describe and speak of no single person. Everything else is counted.
DEFINITIONAL = frozenset(
    {"ActivityDefinition", "CapabilityStatement", "CodeSystem", "ConceptMap", "DeviceDefinition"}
    | {"DocumentReference", "EffectEvidenceSynthesis", "EventDefinition", "Evidence"}
    | {"EvidenceVariable", "Group", "GraphDefinition", "ImplementationGuide", "Library", "Measure"}
    | {"MedicationKnowledge", "MedicinalProduct", "NamingSystem", "ObservationDefinition"}
    | {"OperationDefinition", "PlanDefinition", "Questionnaire", "ResearchDefinition"}
    | {"ResearchElementDefinition", "ResearchStudy", "RiskEvidenceSynthesis", "SearchParameter"}
    | {"SpecimenDefinition", "StructureDefinition", "StructureMap", "TerminologyCapabilities"}
    | {"TestScript", "ValueSet", "Citation", "EvidenceReport"}
)
# Persons and how to reach them: never shown, wherever they stand.
PERSONS = frozenset(
    {"contact", "author", "editor", "reviewer", "endorser", "principalInvestigator", "telecom"}
    | {
        "address",
        "authenticator",
        "member",
        "photo",
        "birthDate",
        "associatedParty",
        "recorder",
        "sourcePatientInfo",
    }
    | {"managingEntity", "custodian", "sender", "receiver", "contributor", "asserter"}
    | {"individual", "who", "onBehalfOf", "attester", "enterer", "informant", "signature"}
)
# An element of several types has the type behind its name: authorString, authorReference.
_TYPED = re.compile(r"(?:String|Reference|Identifier|HumanName|ContactDetail)$")
# Nothing a reader looks for: bookkeeping of the server.
HOUSEKEEPING = frozenset(
    {"resourceType", "id", "meta", "implicitRules", "extension", "modifierExtension", "contained"}
    | {"text", "language", "fhir_comments", "linkId"}
)
_COMPARATORS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}


def is_personal(resource: Node) -> bool:
    """Tell whether a resource is about a patient or another person and may only be counted."""
    if resource.get("resourceType") not in DEFINITIONAL:
        return True
    context = node(resource.get("context"))
    about = (resource.get("subject"), resource.get("patient"))
    return any((*about, context.get("encounter"), context.get("sourcePatientInfo")))


def is_person_key(key: str) -> bool:
    """Tell whether an element of that name holds a person or how to reach one."""
    return key in PERSONS or _TYPED.sub("", key) in PERSONS


def line_of(value: Any) -> str:
    """A text on one line; markup in it, which FHIR allows in some texts, is read as such."""
    text = string(value)
    return " ".join(plain_text(text).split()) if "<" in text or "&" in text else text


def concept_text(value: Any) -> str:
    """A ``CodeableConcept`` or ``Coding``: its text, else its displays, with the codes."""
    item = node(value)
    codings = nodes(item.get("coding")) if "coding" in item else [item]
    shown = string(item.get("text"))
    displays = [string(coding.get("display")) for coding in codings]
    codes = list(dict.fromkeys(_code(coding) for coding in codings if coding.get("code")))
    name = shown or ", ".join(dict.fromkeys(text for text in displays if text))
    if not name:
        return ", ".join(codes)
    return f"{name} ({', '.join(codes)})" if codes else name


def _code(coding: Node) -> str:
    system = system_name(string(coding.get("system")))
    return f"{system} {string(coding.get('code'))}".strip()


def system_name(uri: str) -> str:
    """The customary name of a code system: ``http://snomed.info/sct`` is ``SNOMED CT``."""
    known = {
        "snomed.info/sct": "SNOMED CT",
        "loinc.org": "LOINC",
        "umls/rxnorm": "RxNorm",
        "icd-10": "ICD-10",
        "sid/cvx": "CVX",
        "unitsofmeasure": "UCUM",
        "meddra": "MedDRA",
        "whocc.no/atc": "ATC",
    }
    lower = uri.lower()
    found = next((name for part, name in known.items() if part in lower), None)
    return found or re.sub(r"^.*[/:]", "", uri.rstrip("/"))


def value_text(value: Any, key: str = "") -> str:
    """Any data type as words; what is not known as ``name: text`` pairs.

    ``key`` is the name of the element that holds the value; it may tell what a reference leads to.
    """
    if isinstance(value, list):
        return ", ".join(text for item in value if (text := value_text(item, key)))
    if not isinstance(value, dict):
        return plain_text(value) if isinstance(value, str) else string(value)
    if is_reference(value, key):
        return reference_text(value, key)
    for known in (_quantity, _range, _period):
        if text := known(value):
            return text
    if "coding" in value or {"system", "code"} <= value.keys() or "display" in value:
        return concept_text(value)
    if {"system", "value"} <= value.keys():
        return string(value["value"])
    pairs = [
        f"{words(name)}: {text}"
        for name, item in value.items()
        if name not in HOUSEKEEPING | {"data"}
        and not is_person_key(name)
        and (text := value_text(item, name))
    ]
    own = line_of(value.get("text"))
    return "; ".join([own, *pairs] if own else pairs)


def _quantity(item: Node) -> str:
    number = item.get("value")
    if not isinstance(number, (int, float)) or isinstance(number, bool):
        return ""
    unit = string(item.get("unit")) or string(item.get("code"))
    sign = _COMPARATORS.get(string(item.get("comparator")), "")
    return f"{sign}{string(number)} {unit}".strip()


def _range(item: Node) -> str:
    if item.keys() & {"low", "high"}:
        low, high = value_text(node(item.get("low"))), value_text(node(item.get("high")))
        return f"{low} to {high}" if low and high else f"≥{low}" if low else f"≤{high}"
    if {"numerator", "denominator"} <= item.keys():
        return f"{value_text(item['numerator'])} / {value_text(item['denominator'])}"
    return ""


def _period(item: Node) -> str:
    if not item.keys() & {"start", "end"} or item.keys() - {"start", "end", "extension"}:
        return ""
    return f"{string(item.get('start')) or '…'} to {string(item.get('end')) or '…'}"


def words(key: str) -> str:
    """``enableWhen`` as words."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key).lower()


def year_of(resource: Node) -> str:
    """The year an event took place, or nothing; never of a person's own dates."""
    if resource.get("resourceType") in {"Patient", "Person", "RelatedPerson", "Practitioner"}:
        return ""
    for key in ("effectiveDateTime", "onsetDateTime", "performedDateTime", "occurrenceDateTime"):
        if year := _year(resource.get(key)):
            return year
    for key in ("effectivePeriod", "performedPeriod", "period", "billablePeriod", "onsetPeriod"):
        if year := _year(node(resource.get(key)).get("start")):
            return year
    for key in ("authoredOn", "recordedDate", "issued", "created", "date", "whenHandedOver"):
        if year := _year(resource.get(key)):
            return year
    return ""


def _year(value: Any) -> str:
    match = re.match(r"(\d{4})(?:-|$)", value) if isinstance(value, str) else None
    return match.group(1) if match else ""
