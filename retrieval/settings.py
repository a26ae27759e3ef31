"""Settings of the retrieval room; the settings tree in :mod:`api.settings` includes them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class SearchSettings(BaseModel):
    """How candidates are found. How they are ranked is in ``retrieval/ranking.toml``."""

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
    border_weight: float = Field(
        0.55,
        ge=0,
        le=1,
        description="Weight of two characters of a question that belong to different words.",
    )
    candidates: int = Field(
        100, ge=10, le=10_000, description="Candidates that words and vectors each contribute."
    )
    candidates_other_language: int = Field(
        50,
        ge=0,
        le=10_000,
        description="Candidates that vectors add from passages in another language than the "
        "question's.",
    )
    postings: int = Field(
        200_000,
        ge=1000,
        description="How much of the inverted lists a question may read in full; beyond it, the "
        "most common words only help to choose among the best.",
    )
    rerank_depth: int = Field(
        30, ge=1, le=1000, description="How many of the best a configured re-ranker reads."
    )
    rerank_weight: float = Field(
        0.8, ge=0, le=1, description="Share of the re-ranker's score in that of those it read."
    )
