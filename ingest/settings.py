"""Settings of the ingest room; the settings tree in :mod:`api.settings` includes them."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from ingest.chunking import ChunkSizes
from ingest.options import ReadOptions
from ingest.vision.model import VisionModel
from ingest.vision.settings import VisionSettings

_RECOGNITION_MB = 2048  # address space that the models and their threads take
_SCANNED_PAGE = 20_000  # bytes that a scanned page takes at least
# Pages, pictures, and office files with pictures in them.
_RECOGNISED = frozenset((
    ".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp",
    ".docx", ".pptx", ".xlsx", ".doc", ".ppt", ".xls", ".wps",
))  # fmt: skip


class IngestSettings(BaseModel):
    """How files are read and cut."""

    model_config = ConfigDict(extra="forbid")

    jobs: int = Field(0, ge=0, le=64, description="Worker processes; 0 means one per CPU core.")
    max_file_mb: float = Field(
        100, gt=0, description="Larger files are reported and left out, in megabytes (10^6 bytes)."
    )
    max_pages: int = Field(5000, ge=1, description="Paged documents beyond this are left out.")
    max_records: int = Field(
        200_000, ge=1, description="Files of more records (registry exports) are left out."
    )
    ocr: Literal["rapidocr", "tesseract", "none"] = Field(
        "rapidocr",
        description="Text recognition for scanned pages and pictures; tesseract must be installed.",
    )
    ocr_page_timeout_s: float = Field(
        20,
        ge=0,
        description="Added to file_timeout_s for each page or picture a file may hold, judged by "
        "its size.",
    )
    vision: VisionSettings = Field(
        default_factory=VisionSettings, description="A model that describes figures."
    )
    mask_personal_data: bool = Field(
        False,
        description="Index documents with patients' data under pseudonyms; they are quarantined "
        "otherwise.",
    )
    passwords: tuple[SecretStr, ...] = Field(
        (), description="Tried in turn on files that need a password to be opened."
    )
    file_timeout_s: float = Field(
        300, gt=0, description="A file that takes longer to read is stopped and reported."
    )
    worker_memory_mb: int = Field(
        4096, ge=512, description="Address space of one worker process; protects the machine."
    )
    batch_chunks: int = Field(
        2000, ge=1, description="A snapshot is published each time this many chunks are ready."
    )
    batch_seconds: float = Field(
        20, gt=0, description="… or when this many seconds have passed since the last one."
    )
    follow_links: bool = Field(
        False, description="Follow symbolic links that lead out of the ingested folder."
    )
    chunk_target: int = Field(320, ge=32, description="Paragraphs are packed up to this size.")
    chunk_limit: int = Field(
        512, ge=64, description="Largest chunk of paragraphs, in tokens (one CJK character each)."
    )
    chunk_hard_limit: int = Field(
        1200, ge=128, description="Articles, lists and tables are kept whole up to this size."
    )

    @model_validator(mode="after")
    def _room_for_recognition(self) -> Self:
        if self.ocr == "rapidocr" and self.worker_memory_mb < _RECOGNITION_MB:
            raise ValueError(
                f"worker_memory_mb must be at least {_RECOGNITION_MB} for text recognition; raise "
                "it or set ocr = none"
            )
        return self

    def timeout_of(self, name: str, size: int) -> float:
        """Seconds that reading a file may take; more for one whose pages may need recognition."""
        if self.ocr == "none" or PurePath(name).suffix.lower() not in _RECOGNISED:
            return self.file_timeout_s
        pages = min(self.max_pages, 1 + size // _SCANNED_PAGE)
        return self.file_timeout_s + pages * self.ocr_page_timeout_s

    def _vision(self) -> VisionModel | None:
        given = self.vision
        if given.model is None:
            return None
        key = given.api_key.get_secret_value() if given.api_key else None
        return VisionModel(given.model, given.base_url, key, given.timeout_s, given.max_figures)

    def read_options(self) -> ReadOptions:
        """What a worker needs to read a file."""
        return ReadOptions(
            max_pages=self.max_pages,
            max_records=self.max_records,
            sizes=ChunkSizes(self.chunk_target, self.chunk_limit, self.chunk_hard_limit),
            mask=self.mask_personal_data,
            ocr=self.ocr,
            vision=self._vision(),
            passwords=tuple(password.get_secret_value() for password in self.passwords),
        )
