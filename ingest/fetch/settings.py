"""Settings of the connectors."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class FetchSettings(BaseModel):
    """Where public sources are reached, how often and how long."""

    model_config = ConfigDict(extra="forbid")

    clinicaltrials_url: str = Field(
        "https://clinicaltrials.gov/api/v2",
        description="ClinicalTrials.gov API version 2, or a mirror of it.",
    )
    eutils_url: str = Field(
        "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
        description="NCBI E-utilities (PubMed, PubMed Central), or a mirror of them.",
    )
    email: str | None = Field(
        None,
        pattern=r"^[^\s@]+@[^\s@]+$",
        description="Where NCBI can write to before it blocks somebody who asks too often.",
    )
    api_key: SecretStr | None = Field(
        None, description="NCBI API key: 10 requests a second instead of 3."
    )
    tool: str = Field(
        "xinglin", pattern=r"^[!-~]+$", description="Name this program gives to NCBI."
    )
    trials_per_minute: float = Field(
        50, gt=0, description="Most requests a minute to ClinicalTrials.gov."
    )
    page_size: int = Field(100, ge=1, le=1000, description="Trials asked for in one request.")
    max_pages: int = Field(5000, ge=1, description="Most requests for pages in one run.")
    max_response_mb: float = Field(200, gt=0, description="Larger answers are broken off.")
    timeout_s: float = Field(30, gt=0, description="Longest silence of a source.")
    response_timeout_s: float = Field(300, gt=0, description="Longest time for a whole answer.")
    retries: int = Field(
        5, ge=0, le=20, description="Times a request is repeated after 429, 5xx or a lost line."
    )
    backoff_s: float = Field(
        1, gt=0, description="First pause before a repetition; doubled each time."
    )
    longest_wait_s: float = Field(
        120, gt=0, description="A source that asks for a longer pause ends the run."
    )

    @field_validator("clinicaltrials_url", "eutils_url")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("is not an address like https://host/path")
        if "@" in parts.netloc:
            raise ValueError("holds a password; leave it out")
        return value.rstrip("/")
