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
    max_statements: int = Field(
        3, ge=1, le=20, description="Statements for each part asked that are its answer itself."
    )
    max_details: int = Field(
        4,
        ge=0,
        le=20,
        description="Further statements for each part, shown after the answers as details.",
    )
    max_answer_chars: int = Field(
        1200, ge=80, le=20_000, description="No more statements for a part beyond so many."
    )
    max_list_items: int = Field(14, ge=1, le=50, description="Items shown of a list.")
    max_statement_chars: int = Field(
        420, ge=80, le=4000, description="Longer sentences are passed over when a shorter answers."
    )
    min_confidence: float = Field(
        0.55,
        ge=0,
        le=1,
        description="How likely it must be that the best sentence answers, or abstain.",
    )
    min_coverage: float = Field(
        0.25,
        ge=0,
        le=1,
        description="Share of the question's weighted words that the best sentence must have with "
        "what stands above and around it, or abstain.",
    )
    min_coverage_off_focus: float = Field(
        0.42,
        ge=0,
        le=1,
        description="… when it has less than half of the words that say what is asked for.",
    )
    min_lead_coverage: float = Field(
        0.45, ge=0, le=1, description="A sentence that introduces a list must cover this by itself."
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
    keep_within: float = Field(
        3.0,
        ge=0,
        description="Further statements score at most so much less than the best: they are "
        "e**keep_within times less likely to hold what was asked.",
    )
    repetition_penalty: float = Field(
        2.0, ge=0, description="Taken off a further statement that only repeats what was said."
    )
    together_bonus: float = Field(
        3.0, ge=0, description="Added when it speaks of a thing asked about and not covered yet."
    )
    kind_bonus: float = Field(
        0.7, ge=0, description="Added when it tells a further kind of fact (limit, consequence)."
    )
    entailment_model: str = Field(
        "none",
        description="Cross-encoder for natural language inference that has the last word on what "
        "a language model wrote: a folder or hub id, `none` for rules alone. Needs the extra "
        "`models`.",
    )
    entailment_threshold: float = Field(
        0.5, ge=0, le=1, description="Least probability of entailment at which a statement passes."
    )
