"""The DICOM loader, on synthetic objects made here."""

from __future__ import annotations

import io
import struct
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.loaders.dicom import RISK_FLAG, load, recognise
from ingest.structure.dicomtags import number

MR = "1.2.840.10008.5.1.4.1.1.4"
SC = "1.2.840.10008.5.1.4.1.1.7"
US = "1.2.840.10008.5.1.4.1.1.6.1"
SR = "1.2.840.10008.5.1.4.1.1.88.33"
PLAN = "1.2.840.10008.5.1.4.1.1.481.5"
STRUCTURES = "1.2.840.10008.5.1.4.1.1.481.3"

# Attributes that the basic profile of PS3.15 Annex E removes or replaces and that no option of
# ours keeps, each with a value that is found nowhere else.
IDENTIFYING = {
    "AccessionNumber": "ACC4711",
    "AcquisitionDate": "20210304",
    "AcquisitionComments": "acquisitioncommentx",
    "AdditionalPatientHistory": "historyx",
    "AdmissionID": "ADM12",
    "Allergies": "allergyx",
    "BranchOfService": "branchx",
    "CountryOfResidence": "countryx",
    "CurrentPatientLocation": "ward17",
    "DeviceSerialNumber": "SER999",
    "DischargeDiagnosisDescription": "dischargex",
    "EthnicGroup": "ethnicx",
    "ImageComments": "imagecommentx",
    "InstitutionAddress": "Hospitalroad 5",
    "InstitutionName": "Northern Clinic",
    "InstitutionalDepartmentName": "Neuroimaging",
    "MedicalAlerts": "alertx",
    "MedicalRecordLocator": "locatorx",
    "MilitaryRank": "rankx",
    "NameOfPhysiciansReadingStudy": "Readerman^Rita",
    "Occupation": "occupationx",
    "OperatorsName": "Operatora^Olga",
    "OtherPatientIDs": "OTHER88",
    "OtherPatientNames": "Alias^Anna",
    "PatientAddress": "Patientstreet 3",
    "PatientAge": "061Y",
    "PatientBirthDate": "19600708",
    "PatientBirthName": "Maiden^Mia",
    "PatientBirthTime": "101112",
    "PatientComments": "patientcommentx",
    "PatientID": "PID0815",
    "PatientMotherBirthName": "Mother^Maria",
    "PatientName": "Doe^Jane^欧阳",
    "PatientReligiousPreference": "religionx",
    "PatientState": "statex",
    "PatientTelephoneNumbers": "5551234",
    "PerformingPhysicianName": "Performer^Paul",
    "PersonAddress": "personaddressx",
    "PhysiciansOfRecord": "Recordman^Rolf",
    "PreMedication": "premedicationx",
    "ReasonForStudy": "reasonx",
    "ReferringPhysicianName": "Referrer^Rosa",
    "ReferringPhysicianAddress": "referrerroad",
    "RegionOfResidence": "regionx",
    "RequestingPhysician": "Requester^Ruth",
    "RequestingService": "servicex",
    "ResponsibleOrganization": "organizationx",
    "ResponsiblePerson": "Responsible^Ralf",
    "ScheduledPerformingPhysicianName": "Scheduled^Sven",
    "SeriesDate": "20210305",
    "SeriesInstanceUID": "1.2.3.4.5.1",
    "SOPInstanceUID": "1.2.3.4.5.2",
    "SpecialNeeds": "needsx",
    "StationName": "STATION7",
    "StudyComments": "studycommentx",
    "StudyDate": "20210306",
    "StudyID": "STU55",
    "StudyInstanceUID": "1.2.3.4.5.3",
    "StudyTime": "131415",
    "VisitComments": "visitcommentx",
    "FrameOfReferenceUID": "1.2.3.4.5.4",
}


def dataset(sop_class: str = MR, **attributes: object) -> Dataset:
    found = Dataset()
    found.SOPClassUID = sop_class
    for keyword, value in attributes.items():
        setattr(found, keyword, value)
    return found


def written(found: Dataset, syntax: str = ExplicitVRLittleEndian) -> bytes:
    found.file_meta = FileMetaDataset()
    found.file_meta.TransferSyntaxUID = syntax
    found.file_meta.MediaStorageSOPClassUID = found.SOPClassUID
    found.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4.5.2"
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def read(found: Dataset) -> Loaded:
    return load(Source("a.dcm", written(found)))


def coded(text: str, value: str = "1") -> list[Dataset]:
    entry = Dataset()
    entry.CodeValue, entry.CodingSchemeDesignator, entry.CodeMeaning = value, "99X", text
    return [entry]


def content(kind: str, concept: str, value: str = "1", **attributes: object) -> Dataset:
    item = Dataset()
    item.ValueType = kind
    item.ConceptNameCodeSequence = coded(concept, value)
    for keyword, given_value in attributes.items():
        setattr(item, keyword, given_value)
    return item


def whole(loaded: Loaded) -> str:
    places = [f"{block.text}\n{block.locator}\n{block.table}" for block in loaded.blocks]
    return "\n".join([*places, str(loaded.title), str(loaded.metadata), *loaded.warnings])


def test_acquisition_is_told_with_units() -> None:
    found = dataset(
        Modality="MR",
        BodyPartExamined="HEAD",
        StudyDate="20210306",
        ProtocolName="t1 mprage",
        MagneticFieldStrength="3",
        RepetitionTime="2300.0",
        SliceThickness="0.90",
        PixelSpacing=["0.5", "0.5"],
        Rows=256,
        ContrastBolusAgent="Gadolinium",
    )
    loaded = read(found)
    text = "\n".join(block.text for block in loaded.blocks)
    assert loaded.title == "DICOM MR Image Storage: MR, HEAD"
    assert loaded.metadata["kind"] == "data"
    for line in (
        "Year | 2021",
        "Protocol name | t1 mprage",
        "Magnetic field strength (T) | 3",
        "Repetition time (ms) | 2300",
        "Slice thickness (mm) | 0.9",
        "Pixel spacing (mm) | 0.5 × 0.5",
        "Rows (matrix) | 256",
        "Contrast agent | Gadolinium",
    ):
        assert line in text.splitlines()


def test_no_value_of_the_basic_profile_appears() -> None:
    values = IDENTIFYING
    found = dataset(Modality="MR", Rows=64, SpecificCharacterSet="ISO_IR 192", **values)
    nested = Dataset()
    nested.PatientID = "NESTED1"
    found.ReferencedPatientSequence = [nested]
    block = found.private_block(0x0029, "SYNTHETIC", create=True)
    block.add_new(0x01, "LO", "privatevaluex")
    shown = whole(read(found)).casefold()
    parts = [part for value in values.values() for part in value.split("^")]
    assert not [part for part in parts if part.casefold() in shown]
    assert "nested1" not in shown
    assert "privatevaluex" not in shown
    assert "synthetic" not in shown


@pytest.mark.parametrize(
    "keyword", ["StudyDescription", "SeriesDescription", "ProtocolName", "ContrastBolusAgent"]
)
@pytest.mark.parametrize(
    "text", ["brain of JANE", "knee PID0815", "tel 13800000000", "on 2021-03-06", "欧阳 头部"]
)
def test_descriptors_are_cleaned(keyword: str, text: str) -> None:
    found = dataset(
        Modality="MR",
        SpecificCharacterSet="ISO_IR 192",
        PatientName="Doe^Jane=欧阳",
        PatientID="PID0815",
        **{keyword: text},
    )
    shown = whole(read(found))
    secrets = ("JANE", "PID0815", "13800000000", "2021-03-06", "欧阳")
    assert not [secret for secret in secrets if secret in shown]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=40)
@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=12))
def test_a_patient_s_name_never_appears_wherever_it_stands(name: str) -> None:
    found = dataset(
        SR,
        PatientName=f"{name.title()}^X",
        StudyDescription=f"MRI {name.upper()} follow-up",
        ValueType="CONTAINER",
        ConceptNameCodeSequence=coded("Report"),
        ContentSequence=[
            content("TEXT", "Finding", TextValue=f"{name} is well"),
            content("PNAME", "Observer", PersonName=name),
        ],
    )
    lines = [line for line in whole(read(found)).casefold().splitlines() if name in line.split()]
    assert not lines


@pytest.mark.parametrize(
    ("sop_class", "attributes", "risky"),
    [
        (SC, {"Modality": "OT"}, True),
        (US, {"Modality": "US"}, True),
        (MR, {"Modality": "MR"}, False),
        (MR, {"Modality": "MR", "BurnedInAnnotation": "YES"}, True),
        (SC, {"Modality": "OT", "BurnedInAnnotation": "NO"}, False),
        (MR, {"Modality": "MR", "ConversionType": "SD"}, True),
    ],
)
def test_pictures_that_may_show_text_are_flagged(
    sop_class: str, attributes: dict[str, str], risky: bool
) -> None:
    loaded = read(dataset(sop_class, Rows=8, **attributes))
    flagged = [block for block in loaded.blocks if RISK_FLAG in block.flags]
    assert bool(flagged) is risky
    assert any("may show text" in warning for warning in loaded.warnings) is risky


def test_structured_report_as_headings_and_items() -> None:
    measured = Dataset()
    measured.NumericValue = "3.50"
    measured.MeasurementUnitsCodeSequence = coded("centimeter", "cm")
    found = dataset(
        SR,
        Modality="SR",
        ValueType="CONTAINER",
        ConceptNameCodeSequence=coded("Chest CT report"),
        ContentSequence=[
            content("PNAME", "Person observer", "121008", PersonName="Reader^Rita"),
            content("TEXT", "Subject ID", "121030", TextValue="SUBJ-1"),
            content(
                "CONTAINER",
                "Findings",
                ContentSequence=[
                    content("TEXT", "Finding", TextValue="A nodule."),
                    content("NUM", "Diameter", MeasuredValueSequence=[measured]),
                    content("CODE", "Site", ConceptCodeSequence=coded("Upper lobe")),
                    content("DATE", "Seen on", Date="20210306"),
                ],
            ),
        ],
    )
    loaded = read(found)
    start = next(i for i, b in enumerate(loaded.blocks) if b.text == "Chest CT report")
    assert [(b.kind, b.text) for b in loaded.blocks[start:]] == [
        ("heading", "Chest CT report"),
        ("heading", "Findings"),
        ("list_item", "Finding: A nodule."),
        ("list_item", "Diameter: 3.5 cm"),
        ("list_item", "Site: Upper lobe"),
        ("list_item", "Seen on: 2021 (year)"),
    ]
    assert "2 entries on observers and subjects were left out" in loaded.warnings


def measured(value: str | float, unit: str = "mm3", keyword: str = "NumericValue") -> Dataset:
    found = Dataset()
    setattr(found, keyword, value)
    found.MeasurementUnitsCodeSequence = coded(unit, unit)
    return found


def items(*contents: Dataset, **attributes: object) -> list[str]:
    """The list items of a report."""
    found = dataset(
        SR,
        ValueType="CONTAINER",
        SpecificCharacterSet="ISO_IR 192",
        ConceptNameCodeSequence=coded("Report"),
        ContentSequence=list(contents),
        **attributes,
    )
    return [block.text for block in read(found).blocks if block.kind == "list_item"]


@pytest.mark.parametrize(
    ("value", "unit", "line"),
    [
        ("0", "{score}", "Measure: 0 {score}"),
        ("0.0", "1", "Measure: 0"),
        ("1256789", "mm3", "Measure: 1256789 mm3"),
        ("12345678.9", "dGy.cm2", "Measure: 12345678.9 dGy.cm2"),
        ("12.50", "mm", "Measure: 12.5 mm"),
        ("1.23E-05", "mm2/s", "Measure: 0.0000123 mm2/s"),
        ("-0.75", "1", "Measure: -0.75"),
    ],
)
def test_measured_numbers_stand_in_full(value: str, unit: str, line: str) -> None:
    assert items(content("NUM", "Measure", MeasuredValueSequence=[measured(value, unit)])) == [line]


def test_a_measure_without_a_number_says_why() -> None:
    reason = coded("Measurement failure")
    empty = content("NUM", "Diameter", NumericValueQualifierCodeSequence=reason)
    assert items(empty) == ["Diameter: Measurement failure"]


def test_numbers_of_every_kind_and_texts_that_look_like_numbers() -> None:
    found = dataset(
        Modality="PT",
        SoftwareVersions="2.10",
        SequenceName="1e5",
        RadionuclideTotalDose="370000000",
        ImagingFrequency="63.924339",
        EchoTime=["0", "2.46"],
        FrameTime="33.30",
        ImageType=["DERIVED", "0001"],
    )
    found.add_new(0x00189098, "FD", 0.1)
    found.DiffusionBValue = 1000.0
    found.add_new(0x00189087, "FD", 1234.5678)
    lines = "\n".join(block.text for block in read(found).blocks).splitlines()
    for line in (
        "Software versions | 2.10",
        "Sequence name | 1e5",
        "Radionuclide total dose (Bq) | 370000000",
        "Imaging frequency (MHz) | 63.924339",
        "Echo time (ms) | 0, 2.46",
        "Frame time (ms) | 33.3",
        "Image type | DERIVED, 0001",
        "Diffusion b-value (s/mm²) | 1234.5678",
    ):
        assert line in lines


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.3, "0.3"), (struct.unpack("f", struct.pack("f", 0.3))[0], "0.3"), (1 / 3, repr(1 / 3)),
     (16777216.0, "16777216"), (3.7e8, "370000000"), (1e300, "1e+300"), (0.0, "0"), (-0.0, "0")],
)  # fmt: skip
def test_binary_numbers_in_the_digits_that_mean_them(value: float, shown: str) -> None:
    assert number(value) == shown


def test_a_long_text_is_read_to_its_end() -> None:
    text = "Nodule stable. " * 500 + "CONCLUSION: progressive disease."
    assert items(content("TEXT", "Findings", TextValue=text)) == [f"Findings: {text}"]


def test_texts_of_reports_are_cleaned() -> None:
    text = (
        "Compared with 12/03/2019, 15-Mar-2019 and 2019年3月5日. Phone 138-1234-5678. "
        "Seen by Dr. Smith and Roe^Rita. Volume 1256789 mm3."
    )
    assert items(content("TEXT", "Findings", TextValue=text)) == [
        "Findings: Compared with …2019, …2019 and 2019年…. Phone …. Seen by Dr. … and … "
        "Volume 1256789 mm3."
    ]


def test_plans_and_structures_are_summed_up() -> None:
    dose, point, beam = Dataset(), Dataset(), Dataset()
    dose.DoseReferenceNumber, dose.DoseReferenceType = 1, "TARGET"
    dose.DoseReferenceDescription, dose.TargetPrescriptionDose = "PTV", "60"
    point.NominalBeamEnergy = "6"
    beam.BeamNumber, beam.BeamName, beam.RadiationType = 1, "AP", "PHOTON"
    beam.ControlPointSequence = [point]
    plan = read(dataset(PLAN, DoseReferenceSequence=[dose], BeamSequence=[beam]))
    lines = "\n".join(block.text for block in plan.blocks).splitlines()
    assert "1 | TARGET | PTV | 60" in lines
    assert "1 | AP | PHOTON | 6" in lines  # no type, no control points
    roi = Dataset()
    roi.ROINumber, roi.ROIName = 1, "Spinal cord"
    structures = read(dataset(STRUCTURES, StructureSetROISequence=[roi]))
    assert "1 | Spinal cord | 0" in "\n".join(block.text for block in structures.blocks)


def test_a_file_cut_off_is_read_up_to_its_end_with_a_warning() -> None:
    data = written(dataset(Modality="MR", Manufacturer="Maker", StudyDescription="long " * 12))
    loaded = load(Source("a.dcm", data[:-20]))
    assert any("cut off" in warning for warning in loaded.warnings)
    assert not any("cut off" in warning for warning in load(Source("a.dcm", data)).warnings)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_damaged_files_are_read_or_refused(data: st.DataObject) -> None:
    whole_file = bytearray(written(dataset(Modality="MR", Rows=8, ProtocolName="abc")))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(132, len(whole_file) - 1))
        whole_file[place] = data.draw(st.integers(0, 255))
    try:
        assert load(Source("a.dcm", bytes(whole_file))).blocks
    except BadInput as error:
        assert "DICOM" in str(error)


@pytest.mark.parametrize("data", [b"", b"abc", b"\x00" * 128 + b"DICM", b"%PDF-1.4 " * 40])
def test_unusable_files_are_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(BadInput):
        load(Source("a.dcm", data))


def test_deflated_objects_are_read_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    found = dataset(Modality="MR", ProtocolName="t1 mprage", SeriesDescription="x" * 60)
    data = written(found, DeflatedExplicitVRLittleEndian)
    assert "t1 mprage" in whole(load(Source("a.dcm", data)))
    monkeypatch.setattr("ingest.loaders.dicom._MAX_INFLATED", 50)
    with pytest.raises(BadInput, match="unpacks"):
        load(Source("a.dcm", data))


def test_a_long_header_does_not_hide_that_an_object_is_deflated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = dataset(Modality="MR", SeriesDescription="x" * 60)
    data = written(found, DeflatedExplicitVRLittleEndian)
    # (0002,0102) private information, before the transfer syntax in the file and 4 kB long
    start = data.index(b"\x02\x00\x10\x00UI")
    padding = b"\x02\x00\x02\x01OB\x00\x00" + (4000).to_bytes(4, "little") + b"\x00" * 4000
    length = int.from_bytes(data[140:144], "little") + len(padding)
    longer = data[:140] + length.to_bytes(4, "little") + data[144:start] + padding + data[start:]
    assert "MR" in whole(load(Source("a.dcm", longer)))
    monkeypatch.setattr("ingest.loaders.dicom._MAX_INFLATED", 50)
    with pytest.raises(BadInput, match="unpacks"):
        load(Source("a.dcm", longer))


def test_recognise() -> None:
    data = written(dataset(Modality="MR"))
    assert recognise("a", data)
    assert recognise("a", b"\x08\x00\x05\x00CS\x0a\x00ISO_IR 100")
    assert recognise("a", b"\x08\x00\x16\x00\x1a\x00\x00\x001.2.840.10008")
    assert not recognise("a.dcm", b"plain text, long enough to be looked at")
    assert not recognise("a.dcm", b"%PDF-1.7 and so on and on")


@pytest.mark.shared
def test_every_real_object_is_recognised_and_shows_no_identifying_value(shared: Path) -> None:
    files = sorted((shared / "documents" / "dicom").glob("*.dcm"))
    if not files:
        pytest.skip("the objects are not here")
    for path in files:
        data = path.read_bytes()
        assert recognise(path.name, data)
        shown = whole(load(Source(path.name, data))).casefold()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            source = dcmread(io.BytesIO(data), stop_before_pixels=True, force=True)
            for keyword in ("PatientName", "PatientID", "PatientBirthDate", "AccessionNumber"):
                value = str(source.get(keyword) or "").casefold()
                assert len(value) < 3 or value not in shown.split()
