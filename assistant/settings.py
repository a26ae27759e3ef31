"""Settings of the assistant room; the settings tree in :mod:`api.settings` includes them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class AnswerSettings(BaseModel):
    """How evidence is chosen and when the assistant abstains.

    The thresholds were set on our own question sets (``eval/questions``) with
    ``python -m eval.answers``; the figures are in docs/answering.md.
    """

    model_config = ConfigDict(extra="forbid")

    passages: int = Field(12, ge=1, le=100, description="Passages searched for a question.")
    max_statements: int = Field(3, ge=1, le=20, description="Statements for each part asked.")
    max_list_items: int = Field(14, ge=1, le=50, description="Items shown of a list.")
    max_statement_chars: int = Field(
        420, ge=80, le=4000, description="Longer sentences are passed over when a shorter answers."
    )
    min_coverage: float = Field(
        0.42,
        ge=0,
        le=1,
        description="Share of the question's weighted words the passage must cover, or abstain.",
    )
    min_coverage_off_subject: float = Field(
        0.45,
        ge=0,
        le=1,
        description="… when the passage does not hold the weightiest term that was asked about.",
    )
    min_lead_coverage: float = Field(
        0.45, ge=0, le=1, description="A sentence that introduces a list must cover this by itself."
    )
    min_sentence_coverage: float = Field(
        0.2, ge=0, le=1, description="The same for the quoted sentence alone."
    )
    min_headed_coverage: float = Field(
        0.75, ge=0, le=1, description="… or its headings cover this much instead."
    )
    keep_ratio: float = Field(
        0.88, ge=0, le=1, description="Further statements score at least this share of the best."
    )
    result_odds: float = Field(
        20.0,
        gt=1,
        description="How many times less likely than the best a sentence on a result may be.",
    )
    min_result_share: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Share of an outcome's words that a sentence on a result must say, with the "
        "one before it and its heading; and of the treatment's words that its paper must.",
    )
    context_weight: float = Field(
        0.6, ge=0, le=1, description="Worth of a word found in headings instead of the sentence."
    )
    name_weight: float = Field(
        0.9, ge=0, le=1, description="Worth of a word the document goes by (title, trial name)."
    )
    name_bonus: float = Field(
        0.2, ge=0, le=1, description="Added when a sentence names the trial or text asked about."
    )
    passage_weight: float = Field(
        0.35, ge=0, le=1, description="Worth of a word found elsewhere in the passage."
    )
    search_weight: float = Field(
        0.35, ge=0, le=2, description="Weight of the search score in a sentence's score."
    )
    header_weight: float = Field(
        0.6, ge=0, le=1, description="What a word counts that a row's column header holds."
    )
    label_weight: float = Field(
        0.3, ge=0, le=1, description="Added when a question names the row of a table it asks for."
    )
    number_weight: float = Field(
        0.2, ge=0, le=1, description="Added when a row holds the numbers that a question gives."
    )
    designator_weight: float = Field(
        0.25,
        ge=0,
        le=1,
        description="Added when a sentence deals with the numbered thing asked about (visit 3), "
        "taken off when it deals with another.",
    )
    want_bonus: float = Field(
        0.15, ge=0, le=1, description="Added when a sentence is of the kind asked for."
    )
    long_penalty: float = Field(
        0.15, ge=0, le=1, description="Taken off a sentence above max_statement_chars."
    )
    language_bonus: float = Field(
        0.1, ge=0, le=1, description="Added when a sentence is in the question's language."
    )
    want_penalty: float = Field(
        0.35, ge=0, le=1, description="Taken off when it lacks a required kind (a duration, …)."
    )
    contrast_penalty: float = Field(
        0.3,
        ge=0,
        le=1,
        description="Taken off when a sentence speaks of the opposite of what "
        "was asked: devices for drugs, secondary for primary.",
    )
    outdated_penalty: float = Field(
        0.15,
        ge=0,
        le=1,
        description="Taken off for a draft, or a text changed since.",
    )
    authority_weight: float = Field(
        0.1, ge=0, le=1, description="Most that a source's rank adds to a sentence's score."
    )
