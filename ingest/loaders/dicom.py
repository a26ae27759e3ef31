"""DICOM objects: how an image, plan or report was made, never who it shows and never its pixels."""

from __future__ import annotations

import io
import warnings as python_warnings
import zlib

from pydicom import config, dcmread
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.model import Block, Locator
from ingest.structure.dicomcontent import Content
from ingest.structure.dicomprivacy import Cleaner
from ingest.structure.dicomtags import facts, object_name, value_of
from ingest.structure.headings import with_sections
from ingest.tables import make_table, table_block

RISK_FLAG = "burned_in_text_risk"
_MAX_INFLATED = 200_000_000
_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
_ULTRASOUND = ("1.2.840.10008.5.1.4.1.1.3.1.", "1.2.840.10008.5.1.4.1.1.6.")
_ENCAPSULATED = "1.2.840.10008.5.1.4.1.1.104"
_RISKY = frozenset(["US", "SC", "OT", "ES", "XC", "GM", "SM", "DOC", "IVUS", "BDUS", "ECG"])
_FIRST_ELEMENTS = frozenset({0x0000, 0x0001, 0x0002, 0x0005, 0x0008, 0x0010, 0x0012, 0x0016})
_HEADER = 8  # a tag and a length: an empty read of these is the proper end of the file
_NOT_IMAGES = ("Report", "SR Storage", "RT Plan", "RT Structure", "Waveform", "Document")


def recognise(name: str, data: bytes) -> bool:
    """Tell whether the file is DICOM: by its prefix, or by a first element as one must begin."""
    if data[128:132] == b"DICM":
        return True
    group, element = int.from_bytes(data[:2], "little"), int.from_bytes(data[2:4], "little")
    if group not in {0x0002, 0x0008} or element not in _FIRST_ELEMENTS or len(data) < 16:
        return False
    explicit = data[4:6].isalpha() and data[4:6].isupper()
    return explicit or 0 < int.from_bytes(data[4:8], "little") < 4096


def load(source: Source) -> Loaded:
    """Describe a DICOM object.

    Only listed attributes are shown (DICOM PS3.15 Annex E, basic profile with cleaned descriptors
    and structured content); dates are reduced to the year; pixel data are not decoded. Objects
    whose pictures may show text carry the flag ``burned_in_text_risk``. Raises :class:`BadInput`
    for a file that is no DICOM object or describes nothing.
    """
    dataset, warnings = _read(source.data)
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")  # they quote values
        lost = _drop_damaged(dataset)
        if lost:
            warnings.append(f"{lost} damaged attributes were left out; transfer the file again")
        return _describe(dataset, warnings)


def _drop_damaged(dataset: Dataset) -> int:
    """Take out the attributes whose values cannot be read; returns their number."""
    lost = 0
    for tag in list(dataset.keys()):
        try:
            element = dataset[tag]
            items = list(element.value) if element.VR == "SQ" else []
        except Exception:  # whatever pydicom says of bytes that are no value
            del dataset[tag]
            lost += 1
        else:
            lost += sum(map(_drop_damaged, items))
    return lost


def _describe(dataset: Dataset, warnings: list[str]) -> Loaded:
    cleaner = Cleaner(dataset)
    risk = _burned_in_risk(dataset)
    flags = (RISK_FLAG,) if risk else ()
    title = _title(dataset, cleaner)
    blocks = [Block("heading", title, Locator(path="/"), 1)]
    for name, rows in facts(dataset, cleaner):
        table = make_table([["Attribute", "Value"], *rows], 1, name) if rows else None
        if table is not None:
            blocks.append(table_block(table, Locator(path="/"), flags))
    content = Content(cleaner)
    blocks.extend(content.blocks(dataset, 2))
    if len(blocks) == 1:
        raise BadInput(
            "the DICOM file holds no attribute that describes an image, plan or report; "
            "export it again"
        )
    warnings.append(
        "patient, physician, institution and device identifiers, dates and private attributes "
        "were left out; the file itself and its name may still hold them"
    )
    if risk:
        warnings.append(f"the pictures may show text about the patient ({risk}); do not share them")
    if cleaner.withheld:
        warnings.append(
            f"{cleaner.withheld} descriptions were withheld or shortened because they may "
            "identify a person or place"
        )
    warnings.extend(_left_out(dataset, content))
    return Loaded(
        with_sections(blocks),
        title,
        {"kind": "data"},
        warnings=warnings,
        keep_original=False,
        private_name=True,
    )


class _Watched(io.BytesIO):
    """Remembers that a reader wanted more than the file holds; pydicom passes over it.

    All that is left is only asked for to inflate it.
    """

    cut_off = False

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        wanted = size is not None and size > len(found)
        self.cut_off |= wanted and (len(found) > 0 or size != _HEADER)
        if size is None or size < 0:
            _check_inflated(found)
        return found


def _read(data: bytes) -> tuple[Dataset, list[str]]:
    """Read everything up to the pixels; what the parser complains of is not repeated.

    Its complaints quote values, which may be a patient's.
    """
    watched = _Watched(data)
    config.settings.reading_validation_mode = config.IGNORE
    with python_warnings.catch_warnings(record=True) as caught:
        python_warnings.simplefilter("always")
        try:
            dataset = dcmread(watched, stop_before_pixels=True, force=True)
            len(dataset.keys())
        except BadInput:
            raise
        except (InvalidDicomError, EOFError) as error:
            raise BadInput("the DICOM file is cut off near its start; transfer it again") from error
        except RecursionError as error:
            raise BadInput("the DICOM file is nested too deeply; export it again") from error
        except Exception as error:
            raise BadInput(
                f"the DICOM file is damaged ({type(error).__name__}); export it again"
            ) from error
    found = []
    if watched.cut_off:
        found.append("the file is cut off; what stands before the end was read")
    elif caught:
        found.append(f"the file breaks the standard in {len(caught)} places; it was read as it is")
    return dataset, found


def _check_inflated(deflated: bytes) -> None:
    """A deflated data set must not grow beyond bounds (PS3.5 annex A.5)."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        inflater.decompress(deflated, _MAX_INFLATED)
    except zlib.error as error:
        raise BadInput("the compressed DICOM file is damaged; export it again") from error
    if inflater.unconsumed_tail:
        raise BadInput("the DICOM file unpacks to more than 200 MB; export it uncompressed")


def _burned_in_risk(dataset: Dataset) -> str:
    """Why the pictures may show text, or nothing."""
    stated = str(dataset.get("BurnedInAnnotation") or "").upper()
    if stated == "YES":
        return "the file says so"
    if stated == "NO" or any(word in object_name(dataset) for word in _NOT_IMAGES):
        return ""
    sop_class = str(dataset.get("SOPClassUID") or "")
    modality = str(dataset.get("Modality") or "").upper()
    if f"{sop_class}.".startswith(f"{_SECONDARY_CAPTURE}."):
        return "a secondary capture that does not say its pictures are free of text"
    if f"{sop_class}.".startswith(_ULTRASOUND) or modality in _RISKY:
        return f"modality {modality or 'US'}, which often shows text"
    if str(dataset.get("ConversionType") or ""):
        return "a converted picture"
    return ""


def _title(dataset: Dataset, cleaner: Cleaner) -> str:
    parts = [value_of(dataset, key, cleaner) for key in ("Modality", "BodyPartExamined")]
    name = object_name(dataset) or "object"
    words = ", ".join(part for part in parts if part and not part.startswith("["))
    return f"DICOM {name}: {words}" if words else f"DICOM {name}"


def _overlays(dataset: Dataset) -> bool:
    """Groups 6000 to 60FF hold graphics drawn over the picture (PS3.3 C.9.2)."""
    tags = list(dataset.keys())
    return any(0x6000 <= tag.group <= 0x60FF for tag in tags)


def _left_out(dataset: Dataset, content: Content) -> list[str]:
    """What the object holds and is not read."""
    found = []
    if content.persons:
        found.append(f"{content.persons} entries on observers and subjects were left out")
    if content.references:
        found.append(f"{content.references} references to images or regions were left out")
    if content.truncated:
        found.append("the report is too long or too deep; its last entries were left out")
    if str(dataset.get("SOPClassUID") or "").startswith(_ENCAPSULATED):
        found.append("the enclosed document was not read; extract it and add it on its own")
    if "WaveformSequence" in dataset:
        found.append("samples and annotations of the waveforms were not read")
    if _overlays(dataset):
        found.append("overlays, which may show text, were not read")
    return found
