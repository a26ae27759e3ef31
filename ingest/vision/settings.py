"""Settings of the model that describes figures."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class VisionSettings(BaseModel):
    """A vision-capable model behind an OpenAI-compatible endpoint."""

    model_config = ConfigDict(extra="forbid")

    model: str | None = Field(
        None, description="Its name at the endpoint; without one figures get no description."
    )
    base_url: str = Field(
        "http://127.0.0.1:8001/v1", description="The endpoint. Pictures are sent there."
    )
    api_key: SecretStr | None = Field(None, description="Sent as a bearer token.")
    timeout_s: float = Field(60, gt=0, description="Longest wait for one description.")
    max_figures: int = Field(50, ge=0, description="Most figures described of one document.")
