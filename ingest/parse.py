"""Turn one file's bytes into documents and their chunks. Runs in a worker process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import PurePath

from ingest.chunking import ChunkSizes, chunk_blocks
from ingest.errors import BadInput
from ingest.files import document_id
from ingest.loaders import Format, Loaded, Source, format_of, sniff
from ingest.metadata import infer_metadata
from ingest.model import Block, Chunk, Document, Metadata
from ingest.options import ReadOptions
from ingest.privacy import flag_instructions
from ingest.quality import Quality, Remark
from ingest.remarks import hidden_remarks, instruction_remarks, privacy_remarks
from ingest.screening import screen_loaded
from ingest.tables import table_text
from ingest.text import squeeze
from ingest.vision.describe import describe_figures


@dataclass(slots=True)
class FileReading:
    """What one file gave.

    Attributes:
        documents: The documents with their chunks; several for a file of records.
        quarantined: Why documents of the file were kept out, masked, one sentence each.
        left_out: Records that could not be used, one sentence each.
        quality: How the whole file was read, the quarantined parts included.
    """

    documents: list[tuple[Document, list[Chunk]]] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    quality: Quality | None = None


def read_file(
    data: bytes, name: str, path: str, source_path: str, options: ReadOptions | None = None
) -> FileReading:
    """Load, describe, screen and chunk one file.

    Args:
        data: The bytes of the file.
        name: File name with ending; decides the format together with the content.
        path: Path below the ingested root; part of the document's id.
        source_path: Absolute path, kept so that a changed file replaces its old version.
        options: Limits and switches.

    Raises:
        BadInput: The file is empty, damaged, of a format no loader reads, or holds no text.
    """
    if not data.strip():
        raise BadInput("the file is empty; nothing to index")
    options = options or ReadOptions()
    found, warning = format_of(name, data)
    media_type = found.media_type
    if media_type == "image/*":
        media_type = f"image/{sniff(data).partition(' ')[0].lower()}"
    source = Source(name, data, options.max_pages, options.passwords, options.ocr)
    sha256 = hashlib.sha256(data).hexdigest()
    file = _File(name, found, media_type, warning, path, source_path, sha256, data)
    reading = FileReading()
    qualities = []
    seen: set[str] = set()
    for record, loaded in _records(found, source, options.max_records):
        try:
            if isinstance(loaded, BadInput):
                raise loaded
            if record is not None and record in seen:
                raise BadInput(f"{record} is in the file more than once; the first was read")
            seen.add(record or "")
            qualities.append(_take(reading, file, record, loaded, options))
        except BadInput as error:
            if record is None:
                raise
            reading.left_out.append(str(error))
    if not (reading.documents or reading.quarantined):
        raise BadInput(_nothing_usable(reading.left_out))
    _keep_no_copy_of_patients(reading)
    reading.quality = Quality(
        found.name,
        tuple(chain.from_iterable(quality.pages for quality in qualities)),
        tuple(chain.from_iterable(quality.remarks for quality in qualities)),
    )
    return reading


def _keep_no_copy_of_patients(reading: FileReading) -> None:
    """One record that holds personal data keeps the whole file from being copied."""
    if reading.quarantined or any(not one.keep_original for one, _ in reading.documents):
        reading.documents = [
            (
                replace(document, keep_original=False, complete=not reading.quarantined),
                chunks,
            )
            for document, chunks in reading.documents
        ]


def parse_file(
    data: bytes,
    name: str,
    path: str,
    source_path: str,
    max_pages: int = 5000,
    sizes: ChunkSizes | None = None,
) -> tuple[Document, list[Chunk]]:
    """Read a file that is one document; arguments as for :func:`read_file`.

    Raises:
        BadInput: As :func:`read_file`, and for a quarantined file and one of several records.
    """
    options = ReadOptions(max_pages=max_pages, sizes=sizes)
    reading = read_file(data, name, path, source_path, options)
    if reading.quarantined:
        raise BadInput(reading.quarantined[0])
    if len(reading.documents) > 1:
        raise BadInput(f"the file holds {len(reading.documents)} documents, not one")
    return reading.documents[0]


@dataclass(frozen=True, slots=True)
class _File:
    """What all documents of a file have in common."""

    name: str
    format: Format
    media_type: str
    warning: str | None
    path: str
    source_path: str
    sha256: str
    data: bytes

    def shown_path(self, record: str | None, private_name: bool) -> str:
        """The path people see: a name that may be a person's stays out of the index."""
        path = self.path
        if private_name:  # folders may be named after a person as well
            path = f"{self.format.name}-{self.sha256[:8]}{PurePath(path).suffix.lower()}"
        return path if record is None else f"{path}#{record}"


def _records(
    found: Format, source: Source, limit: int
) -> Iterator[tuple[str | None, Loaded | BadInput]]:
    """The documents of a file, each with its name inside the file when there are several."""
    if not found.holds_records:
        yield None, found.loader()(source)
        return
    records = found.records(source)
    opening = list(islice(records, 2))
    if not opening:
        raise BadInput("no record was found in the file; check the export")
    if len(opening) == 1:
        yield None, opening[0][1]
        return
    for count, record in enumerate(chain(opening, records), start=1):
        if count > limit:
            raise BadInput(
                f"the file holds more than {limit} records; split it or raise ingest.max_records"
            )
        yield record


def _take(
    reading: FileReading, file: _File, record: str | None, loaded: Loaded, options: ReadOptions
) -> Quality:
    """Add one document to the reading, or the reason why it is kept out."""
    if file.warning:
        loaded.warnings.insert(0, file.warning)
    flagged, instructions = flag_instructions(loaded.blocks)
    blocks = [_tidy(block) for block in flagged]
    loaded.blocks = [block for block in blocks if block.text]
    if not loaded.blocks:
        raise BadInput("no text was found in the file; nothing to index")
    metadata = _describe(file.name, file, record, loaded)
    excerpts = [*(one.text for one in loaded.withheld), *(one.excerpt for one in instructions)]
    screened = screen_loaded(loaded, file.name, metadata.kind, options.mask, excerpts)
    remarks: list[Remark] = [
        *instruction_remarks(flagged, instructions, screened),
        *hidden_remarks(loaded.withheld, screened),
        *privacy_remarks(screened.shown, screened.findings),
    ]
    quality = Quality(file.format.name, tuple(loaded.quality), tuple(remarks))
    if screened.personal and not options.mask:
        reason = screened.reason or "personal data found"
        reading.quarantined.append(reason if record is None else f"{record}: {reason}")
        return quality
    if screened.personal:
        loaded.keep_original = False
        # The name of an export is not that of one of its patients, unless it says so.
        loaded.private_name |= record is None or screened.name_identifies
        loaded.warnings.append(f"indexed with pseudonyms: {screened.reason}")
        metadata = _describe(file.name, file, record, loaded)
    if loaded.private_name:
        metadata = _describe(f"{file.format.name} document", file, record, loaded)
    # What a masked document's pictures show is unknown: they are sent nowhere.
    if options.vision is not None and loaded.keep_original:
        loaded.blocks, told = describe_figures(
            loaded.blocks,
            file.data,
            file.media_type,
            metadata.language,
            options.vision,
            options.passwords,
        )
        loaded.warnings += told
    path = file.shown_path(record, loaded.private_name)
    document = Document(
        id=document_id(file.sha256, path),
        path=path,
        source_path=file.source_path,
        media_type=file.media_type,
        sha256=file.sha256,
        size=len(file.data),
        metadata=metadata,
        blocks=tuple(loaded.blocks),
        pages=loaded.pages,
        warnings=(*loaded.warnings, *_warnings(metadata, quality)),
        member=record,
        keep_original=loaded.keep_original,
        quality=quality,
    )
    reading.documents.append((document, chunk_blocks(document.blocks, document.id, options.sizes)))
    return quality


def _describe(name: str, file: _File, record: str | None, loaded: Loaded) -> Metadata:
    return infer_metadata(name, file.format.name, loaded, record)


def _warnings(metadata: Metadata, quality: Quality) -> Iterator[str]:
    if metadata.doubtful_names:
        yield (
            f"the file name says {', '.join(metadata.doubtful_names)}, the text never does; "
            "it is not found under that name"
        )
    instructions = [remark for remark in quality.remarks if remark.kind == "instruction"]
    if instructions:
        yield (
            f"{len(instructions)} passages speak to a language model instead of to a reader "
            f"({instructions[0].place}: {instructions[0].excerpt}); they are treated as quoted "
            "data only"
        )


def _nothing_usable(left_out: list[str]) -> str:
    shown = "; ".join(left_out[:3])
    return f"none of its {len(left_out)} records can be used ({shown})"


def _tidy(block: Block) -> Block:
    """Control characters and runs of blanks never reach the index.

    The text of a table stays what its cells give, so that each line can be traced to its row.
    """
    table = block.table
    if table is None or not block.text.startswith(table_text(table)):
        text = squeeze(block.text)
        return block if text == block.text else replace(block, text=text)
    rows = tuple(tuple(squeeze(cell) for cell in row) for row in table.rows)
    caption = squeeze(table.caption) if table.caption else None
    tidy = replace(table, rows=rows, caption=caption or None)
    notes = squeeze(block.text[len(table_text(table)) :])
    text = f"{table_text(tidy)}\n{notes}" if notes else table_text(tidy)
    return replace(block, text=text, table=tidy)
