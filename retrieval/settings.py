"""Settings of the retrieval room; the settings tree in :mod:`api.settings` includes them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class SearchSettings(BaseModel):
    """How results are scored. The defaults were chosen with ``python -m eval.retrieval``."""

    model_config = ConfigDict(extra="forbid")

    k1: float = Field(1.0, gt=0, le=5, description="BM25: how fast repeated terms stop counting.")
    b: float = Field(0.7, ge=0, le=1, description="BM25: how much long chunks are discounted.")
    head_weight: float = Field(
        0.5, ge=0, le=10, description="Weight of title and headings against the text."
    )
    head_b: float = Field(0.3, ge=0, le=1, description="BM25 length discount for the headings.")
    synonym_weight: float = Field(
        0.15, ge=0, le=1, description="Weight of a word's synonyms against the word asked."
    )
    translation_weight: float = Field(
        0.5, ge=0, le=1, description="Weight of its names in the other language."
    )
    dense_weight: float = Field(
        0.1, ge=0, le=1, description="Share of the vector score in the fused score."
    )
    candidates: int = Field(
        200, ge=10, le=10_000, description="Candidates each half contributes to the fusion."
    )
    authority_weight: float = Field(
        0.04, ge=0, le=1, description="Most that a source's rank (law … study) adds to a score."
    )
    draft_penalty: float = Field(
        0.1, ge=0, le=1, description="What a text published for comment loses of its score."
    )
