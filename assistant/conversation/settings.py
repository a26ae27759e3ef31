"""Settings of conversations."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ConversationSettings(BaseModel):
    """How much of a conversation is looked at when a question is answered."""

    model_config = ConfigDict(extra="forbid")

    history_turns: int = Field(
        12, ge=1, le=200, description="Earlier turns that a follow-up may refer to."
    )
    history_chars: int = Field(
        12000, ge=200, le=200_000, description="… and their questions and statements together."
    )
