"""The attributes of a DICOM object that describe how it was acquired, with labels and units.

Names and units follow DICOM PS3.3 and PS3.6. Descriptors are free text and are cleaned.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from decimal import Decimal

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.uid import UID

from ingest.structure.dicomprivacy import Cleaner

_STUDY = {
    "Modality": "Modality",
    "BodyPartExamined": "Body part examined",
    "AnatomicRegionSequence": "Anatomic region",
    "Laterality": "Laterality",
    "ImageLaterality": "Image laterality",
    "ViewPosition": "View position",
    "PatientPosition": "Patient position",
    "StudyDescription": "Study description",
    "SeriesDescription": "Series description",
    "ProtocolName": "Protocol name",
    "RequestedProcedureDescription": "Requested procedure",
    "PerformedProcedureStepDescription": "Performed procedure step",
    "ProcedureCodeSequence": "Procedure",
    "ImageType": "Image type",
    "ConversionType": "Conversion type",
    "Manufacturer": "Manufacturer",
    "ManufacturerModelName": "Manufacturer's model",
    "SoftwareVersions": "Software versions",
    "BurnedInAnnotation": "Burned-in annotation",
    "RecognizableVisualFeatures": "Recognizable visual features",
    "PatientIdentityRemoved": "Patient identity removed",
}
_CONTRAST = {
    "ContrastBolusAgent": "Contrast agent",
    "ContrastBolusIngredient": "Contrast ingredient",
    "ContrastBolusRoute": "Contrast route",
    "ContrastBolusVolume": "Contrast volume (mL)",
    "ContrastBolusTotalDose": "Contrast total dose (mL)",
    "ContrastFlowRate": "Contrast flow rate (mL/s)",
    "ContrastBolusIngredientConcentration": "Contrast concentration (mg/mL)",
    "Radiopharmaceutical": "Radiopharmaceutical",
    "RadionuclideTotalDose": "Radionuclide total dose (Bq)",
    "RadionuclideHalfLife": "Radionuclide half life (s)",
}
_ACQUISITION = {
    "MagneticFieldStrength": "Magnetic field strength (T)",
    "ScanningSequence": "Scanning sequence",
    "SequenceVariant": "Sequence variant",
    "ScanOptions": "Scan options",
    "MRAcquisitionType": "MR acquisition type",
    "SequenceName": "Sequence name",
    "PulseSequenceName": "Pulse sequence name",
    "RepetitionTime": "Repetition time (ms)",
    "EchoTime": "Echo time (ms)",
    "EffectiveEchoTime": "Effective echo time (ms)",
    "InversionTime": "Inversion time (ms)",
    "EchoTrainLength": "Echo train length",
    "EchoNumbers": "Echo numbers",
    "FlipAngle": "Flip angle (degrees)",
    "NumberOfAverages": "Number of averages",
    "NumberOfPhaseEncodingSteps": "Phase encoding steps",
    "InPlanePhaseEncodingDirection": "Phase encoding direction",
    "PercentSampling": "Sampling (%)",
    "PixelBandwidth": "Pixel bandwidth (Hz/pixel)",
    "ImagedNucleus": "Imaged nucleus",
    "ImagingFrequency": "Imaging frequency (MHz)",
    "DiffusionBValue": "Diffusion b-value (s/mm²)",
    "ReceiveCoilName": "Receive coil",
    "TransmitCoilName": "Transmit coil",
    "KVP": "Peak tube voltage (kV)",
    "XRayTubeCurrent": "X-ray tube current (mA)",
    "ExposureTime": "Exposure time (ms)",
    "Exposure": "Exposure (mAs)",
    "CTDIvol": "CTDIvol (mGy)",
    "EntranceDoseInmGy": "Entrance dose (mGy)",
    "OrganDose": "Organ dose (dGy)",
    "ImageAndFluoroscopyAreaDoseProduct": "Dose area product (dGy·cm²)",
    "ConvolutionKernel": "Convolution kernel",
    "FilterType": "Filter type",
    "SpiralPitchFactor": "Spiral pitch factor",
    "SingleCollimationWidth": "Single collimation width (mm)",
    "TotalCollimationWidth": "Total collimation width (mm)",
    "GantryDetectorTilt": "Gantry tilt (degrees)",
    "DataCollectionDiameter": "Data collection diameter (mm)",
    "ReconstructionDiameter": "Reconstruction diameter (mm)",
    "DistanceSourceToDetector": "Distance source to detector (mm)",
    "DistanceSourceToPatient": "Distance source to patient (mm)",
    "CompressionForce": "Compression force (N)",
    "BodyPartThickness": "Body part thickness (mm)",
    "ReconstructionMethod": "Reconstruction method",
    "AttenuationCorrectionMethod": "Attenuation correction",
    "ScatterCorrectionMethod": "Scatter correction",
    "DecayCorrection": "Decay correction",
    "Units": "Units",
    "ActualFrameDuration": "Frame duration (ms)",
    "FrameTime": "Frame time (ms)",
    "TransducerType": "Transducer type",
    "TransducerFrequency": "Transducer frequency (kHz)",
}
_IMAGE = {
    "Rows": "Rows (matrix)",
    "Columns": "Columns (matrix)",
    "NumberOfFrames": "Frames",
    "AcquisitionMatrix": "Acquisition matrix",
    "SliceThickness": "Slice thickness (mm)",
    "SpacingBetweenSlices": "Spacing between slices (mm)",
    "PixelSpacing": "Pixel spacing (mm)",
    "ImagerPixelSpacing": "Imager pixel spacing (mm)",
    "BitsStored": "Bits stored",
    "PhotometricInterpretation": "Photometric interpretation",
    "RescaleType": "Rescale type",
    "LossyImageCompression": "Lossy image compression",
}
GROUPS = (
    ("Study and series", _STUDY),
    ("Contrast and radiopharmaceuticals", _CONTRAST),
    ("Acquisition", _ACQUISITION),
    ("Image", _IMAGE),
)
_NUMBERS = frozenset({"DS", "IS", "FL", "FD", "US", "UL", "SS", "SL", "SV", "UV"})
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?")
_MOST_DIGITS = 20
_DATES = ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate")


def facts(dataset: Dataset, cleaner: Cleaner) -> Iterator[tuple[str, list[list[str]]]]:
    """Pairs of a group's name and its filled rows ``[label, value]``."""
    for name, labels in GROUPS:
        rows = []
        if labels is _STUDY:
            rows = [["Object", object_name(dataset)], *_year(dataset)]
        for keyword, label in labels.items():
            if text := value_of(dataset, keyword, cleaner):
                rows.append([label, text])
        if labels is _IMAGE and rows:
            rows.append(["Transfer syntax", transfer_syntax(dataset)])
        yield name, [row for row in rows if row[1]]


def value_of(dataset: Dataset, keyword: str, cleaner: Cleaner) -> str:
    """One attribute as clean text, from the object or its shared functional groups."""
    for holder in _holders(dataset):
        try:
            if keyword not in holder:
                continue
            value, is_number = holder[keyword].value, holder[keyword].VR in _NUMBERS
        except Exception:  # noqa: S112 - a broken element is as good as absent
            continue
        if isinstance(value, Sequence):
            return ", ".join(text for item in value if (text := meaning(item, cleaner)))
        if isinstance(value, (MultiValue, list, tuple)):
            joint = " × " if keyword.endswith(("Spacing", "Matrix")) else ", "
            texts = [number(item) if is_number else str(item).strip() for item in value]
            text = joint.join(filter(None, texts))
            return text if is_number else cleaner.text(text)
        if value is not None and str(value).strip():
            # A measured number is no telephone number, however long.
            return number(value) if is_number else cleaner.text(value)
    return ""


def _holders(dataset: Dataset) -> Iterator[Dataset]:
    """The object itself, its radiopharmaceuticals and the macros that all frames share."""
    yield dataset
    for keyword in ("SharedFunctionalGroupsSequence", "RadiopharmaceuticalInformationSequence"):
        for item in items_of(dataset, keyword)[:4]:
            yield item
            for tag in list(item.keys()):
                try:
                    element = item[tag]
                except Exception:  # noqa: S112
                    continue
                if element.VR == "SQ" and not element.tag.is_private:
                    yield from list(element.value)[:1]


def items_of(dataset: Dataset, keyword: str) -> list[Dataset]:
    """The items of a sequence; none when it is absent or broken."""
    try:
        value = dataset[keyword].value if keyword in dataset else []
        return list(value or []) if not isinstance(value, (str, bytes)) else []
    except Exception:  # pydicom parses on access and raises anything: broken is as good as absent
        return []


def meaning(item: Dataset, cleaner: Cleaner) -> str:
    """The meaning of a coded entry."""
    return cleaner.text(item.get("CodeMeaning") or "")


def number(value: object) -> str:
    """A number in full, without needless zeros; anything else as it prints."""
    text = str(value).strip()
    if isinstance(value, float) and not hasattr(value, "original_string"):
        text = _shortest(value)
    if not _DECIMAL.fullmatch(text):
        return text
    whole = f"{Decimal(text):f}"
    if len(whole) > _MOST_DIGITS:
        return text  # 1E+30
    trimmed = whole.rstrip("0").rstrip(".") if "." in whole else whole
    return trimmed if trimmed.strip("-0") else "0"


def _shortest(value: float) -> str:
    """A binary number in the fewest digits that mean it, of single precision where it has no more.

    0.3 in single precision is 0.30000001192092896 in double precision.
    """
    try:
        single = struct.unpack("f", struct.pack("f", value))[0] == value
    except OverflowError:
        single = False
    for digits in range(6, 10) if single else ():
        text = f"{value:.{digits}g}"
        if struct.pack("f", float(text)) == struct.pack("f", value):
            return text
    return repr(value)


def object_name(dataset: Dataset) -> str:
    """The name of the SOP class; empty for classes that the standard does not know."""
    return _uid_name(dataset.get("SOPClassUID"))


def transfer_syntax(dataset: Dataset) -> str:
    """The name of the transfer syntax, where the file states one."""
    meta = getattr(dataset, "file_meta", None)
    return _uid_name(meta.get("TransferSyntaxUID")) if meta is not None else ""


def _uid_name(value: object) -> str:
    """What the standard calls a UID; nothing for one it does not know."""
    uid = UID(str(value or ""))
    return "" if uid.name == str(uid) else uid.name


def _year(dataset: Dataset) -> list[list[str]]:
    for keyword in _DATES:
        text = str(dataset.get(keyword) or "")[:4]
        if text.isdigit() and 1950 <= int(text) <= 2100:
            return [["Year", text]]
    return []
