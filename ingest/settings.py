"""Settings of the ingest room; the settings tree in :mod:`api.settings` includes them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class IngestSettings(BaseModel):
    """How files are read and cut."""

    model_config = ConfigDict(extra="forbid")

    jobs: int = Field(0, ge=0, le=64, description="Worker processes; 0 means one per CPU core.")
    max_file_mb: float = Field(
        100, gt=0, description="Larger files are reported and left out, in megabytes (10^6 bytes)."
    )
    max_pages: int = Field(5000, ge=1, description="Paged documents beyond this are left out.")
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
