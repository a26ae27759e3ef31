"""What DICOM objects other than images hold: reports, plans, structures, segments, waveforms."""

from __future__ import annotations

from pydicom.dataset import Dataset

from ingest.model import Block, Locator
from ingest.structure.dicomprivacy import Cleaner
from ingest.structure.dicomtags import items_of, meaning, value_of
from ingest.structure.tableshape import filled_table

_DEEPEST = 40
_MOST_ITEMS = 20_000
# Observation context of PS3.16 TID 1001 ff.: observers, organizations, subjects, procedure ids.
_CONTEXT = frozenset(str(code) for code in (*range(121008, 121018), *range(121018, 121042)))
_CODED_CONTEXT = frozenset({"121033", "121032"})
Rows = list[list[str]]


class Content:
    """Blocks of an object's own content; counts what was left out for privacy."""

    def __init__(self, cleaner: Cleaner) -> None:
        self.persons = 0
        self.references = 0
        self.truncated = False
        self._cleaner = cleaner
        self._items = 0

    def blocks(self, dataset: Dataset, level: int) -> list[Block]:
        """Everything this module knows how to read in the object."""
        found: list[Block] = []
        if items_of(dataset, "ContentSequence") and "ConceptNameCodeSequence" in dataset:
            found.extend(self._container(dataset, "ContentSequence", level, 0))
        for caption, rows, place in (
            ("Dose references", self._doses(dataset), "DoseReferenceSequence"),
            ("Fraction groups", self._fractions(dataset), "FractionGroupSequence"),
            ("Beams", self._beams(dataset), "BeamSequence"),
            (
                "Structures (regions of interest)",
                self._structures(dataset),
                "StructureSetROISequence",
            ),
            ("Segments", self._segments(dataset), "SegmentSequence"),
            ("Waveforms", self._waveforms(dataset), "WaveformSequence"),
        ):
            locator = Locator(path=place)
            if table := filled_table(rows, caption, locator):
                found.extend([Block("heading", caption, locator, level), *table])
        return found

    def _container(self, item: Dataset, path: str, level: int, depth: int) -> list[Block]:
        """A container of a structured report: its name as a heading, then what it contains."""
        name = self._name(item)
        blocks = [Block("heading", name, Locator(path=path), min(level, 9))] if name else []
        return blocks + self._inner(item, path, level + 1, depth)

    def _inner(self, item: Dataset, path: str, level: int, depth: int) -> list[Block]:
        blocks: list[Block] = []
        if depth > _DEEPEST:
            self.truncated = True
            return blocks
        prefix = path if depth == 0 else f"{path}.ContentSequence"
        for position, child in enumerate(items_of(item, "ContentSequence"), start=1):
            self._items += 1
            if self._items > _MOST_ITEMS:
                self.truncated = True
                break
            place = f"{prefix}[{position}]"
            if str(child.get("ValueType") or "") == "CONTAINER":
                blocks.extend(self._container(child, place, level, depth + 1))
                continue
            if text := self._item(child):
                blocks.append(Block("list_item", text, Locator(path=place)))
            blocks.extend(self._inner(child, place, level, depth + 1))
        return blocks

    def _item(self, item: Dataset) -> str:
        """One content item as ``concept: value``."""
        kind = str(item.get("ValueType") or "")
        concepts = items_of(item, "ConceptNameCodeSequence")
        code = str(concepts[0].get("CodeValue") or "") if concepts else ""
        if kind == "PNAME" or (
            code in _CONTEXT and not (kind == "CODE" and code in _CODED_CONTEXT)
        ):
            self.persons += 1
            return ""
        value = self._value(item, kind)
        name = self._name(item)
        return f"{name}: {value}" if name and value else value

    def _value(self, item: Dataset, kind: str) -> str:
        if kind == "TEXT":
            return self._cleaner.report(item.get("TextValue") or "")
        if kind == "CODE":
            codes = items_of(item, "ConceptCodeSequence")
            return ", ".join(text for code in codes if (text := meaning(code, self._cleaner)))
        if kind == "NUM":
            measured = items_of(item, "MeasuredValueSequence")
            found = ", ".join(text for value in measured if (text := self._measured(value)))
            return found or value_of(item, "NumericValueQualifierCodeSequence", self._cleaner)
        if kind in {"DATE", "DATETIME"}:
            year = str(item.get("Date" if kind == "DATE" else "DateTime") or "")[:4]
            return f"{year} (year)" if year.isdigit() else ""
        if kind in {"IMAGE", "COMPOSITE", "WAVEFORM", "SCOORD", "SCOORD3D", "TCOORD", "UIDREF"}:
            self.references += 1
        return ""

    def _measured(self, value: Dataset) -> str:
        units = items_of(value, "MeasurementUnitsCodeSequence")
        unit = str(units[0].get("CodeValue") or "") if units else ""
        count = value_of(value, "NumericValue", self._cleaner)
        return f"{count} {'' if unit == '1' else unit}".strip() if count else ""

    def _name(self, item: Dataset) -> str:
        concepts = items_of(item, "ConceptNameCodeSequence")
        return meaning(concepts[0], self._cleaner) if concepts else ""

    def _row(self, item: Dataset, *keywords: str) -> list[str]:
        return [value_of(item, keyword, self._cleaner) for keyword in keywords]

    def _doses(self, dataset: Dataset) -> Rows:
        rows = [["Number", "Type", "Description", "Prescription dose (Gy)", "Maximum dose (Gy)"]]
        for item in items_of(dataset, "DoseReferenceSequence"):
            head = self._row(item, "DoseReferenceNumber", "DoseReferenceType")
            head += self._row(item, "DoseReferenceDescription", "TargetPrescriptionDose")
            most = self._row(item, "OrganAtRiskMaximumDose", "TargetMaximumDose")
            rows.append([*head, next((text for text in most if text), "")])
        return rows

    def _fractions(self, dataset: Dataset) -> Rows:
        rows = [["Fraction group", "Fractions planned", "Beams", "Beam doses (Gy)"]]
        for item in items_of(dataset, "FractionGroupSequence"):
            doses = [
                self._row(beam, "BeamDose")[0] for beam in items_of(item, "ReferencedBeamSequence")
            ]
            head = self._row(
                item, "FractionGroupNumber", "NumberOfFractionsPlanned", "NumberOfBeams"
            )
            rows.append([*head, ", ".join(text for text in doses if text)])
        return rows

    def _beams(self, dataset: Dataset) -> Rows:
        rows = [["Beam", "Name", "Type", "Radiation", "Energy (MV/MeV)", "Control points"]]
        for item in items_of(dataset, "BeamSequence"):
            points = items_of(item, "ControlPointSequence")
            energy = self._row(points[0], "NominalBeamEnergy") if points else [""]
            head = self._row(item, "BeamNumber", "BeamName", "BeamType", "RadiationType")
            rows.append([*head, *energy, *self._row(item, "NumberOfControlPoints")])
        return rows

    def _structures(self, dataset: Dataset) -> Rows:
        rows = [["Number", "Structure", "Interpreted type", "Contours"]]
        kinds = {
            str(item.get("ReferencedROINumber")): self._row(item, "RTROIInterpretedType")[0]
            for item in items_of(dataset, "RTROIObservationsSequence")
        }
        contours = {
            str(item.get("ReferencedROINumber")): len(items_of(item, "ContourSequence"))
            for item in items_of(dataset, "ROIContourSequence")
        }
        for item in items_of(dataset, "StructureSetROISequence"):
            key = str(item.get("ROINumber"))
            count = str(contours.get(key, 0))
            rows.append([*self._row(item, "ROINumber", "ROIName"), kinds.get(key, ""), count])
        return rows

    def _segments(self, dataset: Dataset) -> Rows:
        rows = [["Number", "Label", "Category", "Type", "Algorithm"]]
        for item in items_of(dataset, "SegmentSequence"):
            rows.append(
                self._row(item, "SegmentNumber", "SegmentLabel")
                + self._row(item, "SegmentedPropertyCategoryCodeSequence")
                + self._row(item, "SegmentedPropertyTypeCodeSequence", "SegmentAlgorithmType")
            )
        return rows

    def _waveforms(self, dataset: Dataset) -> Rows:
        rows = [["Group", "Channels", "Samples", "Sampling frequency (Hz)", "Channel sources"]]
        for position, item in enumerate(items_of(dataset, "WaveformSequence"), start=1):
            sources = [
                meaning(source, self._cleaner)
                for channel in items_of(item, "ChannelDefinitionSequence")
                for source in items_of(channel, "ChannelSourceSequence")
            ]
            head = self._row(item, "NumberOfWaveformChannels", "NumberOfWaveformSamples")
            head += self._row(item, "SamplingFrequency")
            rows.append([str(position), *head, ", ".join(text for text in sources if text)])
        return rows
