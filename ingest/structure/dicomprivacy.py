"""What of a DICOM object may be shown: listed attributes only, descriptors cleaned.

The list keeps to the Basic Application Level Confidentiality Profile of DICOM PS3.15 Annex E with
its Clean Descriptors and Clean Structured Content options: an attribute that is not listed here
or in the other modules never leaves the file, private ones included, and a descriptor in which an
identifying value of the same file stands is withheld.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from ingest.structure import dicomscrub

WITHHELD = "[withheld: may identify a person or place]"
_MAX_DEPTH = 30
_SHORTEST = 3
# Identifying beside all person names and the whole group 0010.
_IDENTIFYING = frozenset(
    {"AccessionNumber", "AdmissionID", "DeviceSerialNumber", "DeviceUID", "FillerOrderNumber"}
    | {"FillerOrderNumberImagingServiceRequest", "InstitutionAddress", "InstitutionName"}
    | {"InstitutionalDepartmentName", "IssuerOfAdmissionID", "OrderCallbackPhoneNumber"}
    | {
        "PerformedProcedureStepID",
        "PerformedStationName",
        "PersonAddress",
        "CurrentPatientLocation",
    }
    | {"PersonTelephoneNumbers", "PlacerOrderNumberImagingServiceRequest", "RequestingService"}
    | {"ReferringPhysicianAddress", "ReferringPhysicianTelephoneNumbers", "RequestedProcedureID"}
    | {"ScheduledProcedureStepID", "ScheduledStationName", "ServiceEpisodeID", "StationName"}
    | {"StudyID", "ClinicalTrialSubjectID", "ClinicalTrialSiteName", "ClinicalTrialSiteID"}
    | {"ClinicalTrialSubjectReadingID", "PatientTransportArrangements", "DetectorID", "PlateID"}
    | {"GantryID", "CassetteID", "GeneratorID", "ResponsibleOrganization", "FrameOfReferenceUID"}
)
# In group 0010 but common words of every description.
_NOT_IDENTIFYING = frozenset(
    {"PatientSex", "PatientAge", "PatientSize", "PatientWeight", "SmokingStatus", "Pregnancy"}
    | {"PregnancyStatus", "PatientSpeciesDescription", "PatientSexNeutered", "EthnicGroup"}
)


class Cleaner:
    """Withholds descriptors that repeat an identifying value of the same object."""

    def __init__(self, dataset: Dataset) -> None:
        self.withheld = 0
        self._values = identifying_values(dataset)

    def text(self, value: object) -> str:
        """A descriptor as one clean line; dates, numbers and names of persons are taken out."""
        return self._clean(value, dicomscrub.descriptor)

    def report(self, value: object) -> str:
        """Free text of a report as one clean line, whatever its length."""
        return self._clean(value, dicomscrub.report)

    def _clean(self, value: object, scrub: Callable[[str], str]) -> str:
        line = " ".join(str(value).replace("\x00", "").split())
        lower = line.casefold()
        if any(_holds(lower, known) for known in self._values):
            self.withheld += 1
            return WITHHELD
        clean = scrub(line)
        self.withheld += clean != line
        return clean


def _holds(text: str, known: str) -> bool:
    """Whole words only for Latin letters, so that ``Ana`` does not withhold ``anatomy``."""
    if not known.isascii():
        return known in text
    return re.search(rf"(?<![a-z0-9]){re.escape(known)}(?![a-z0-9])", text) is not None


def identifying_values(dataset: Dataset) -> frozenset[str]:
    """Values, in lower case, of the attributes that identify persons, places and devices."""
    found: set[str] = set()
    for keyword, group, vr, value in _plain(dataset, 0):
        listed = keyword in _IDENTIFYING or (group == 0x0010 and keyword not in _NOT_IDENTIFYING)
        if vr == "PN" or listed:
            found.update(_parts(value, vr == "PN"))
    return frozenset(found)


def _parts(value: str, is_name: bool) -> Iterator[str]:
    whole = " ".join(value.split()).casefold()
    pieces = [whole]
    if is_name:
        pieces += [" ".join(re.split(r"[\^=\s]+", whole)), *re.split(r"[\^=\s,]+", whole)]
    for piece in pieces:
        # Two Chinese characters are a name, two Latin letters are anything.
        if len(piece) >= (_SHORTEST if piece.isascii() else 2) and piece not in {"none", "unknown"}:
            yield piece


def _plain(dataset: Dataset, depth: int) -> Iterator[tuple[str, int, str, str]]:
    """Every text value below a dataset with keyword, group and value representation."""
    if depth > _MAX_DEPTH:
        return
    for tag in list(dataset.keys()):
        try:
            element = dataset[tag]
            if element.VR == "SQ":
                for item in element.value or []:
                    yield from _plain(item, depth + 1)
            elif element.VR in {"PN", "LO", "SH", "LT", "ST", "UT", "AE", "DA", "AS", "UC", "UI"}:
                values = element.value if isinstance(element.value, MultiValue) else [element.value]
                for value in values:
                    if value:
                        yield element.keyword, element.tag.group, element.VR, str(value)
        except Exception:  # noqa: S112 - a broken element has no value that could be shown
            continue
