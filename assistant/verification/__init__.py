"""The gate that every statement passes before it is shown, whoever wrote it."""

from assistant.verification.quantities import quantities
from assistant.verification.verifier import (
    Failure,
    Verdict,
    numbers_stand,
    quote_stands,
    supports,
    verify,
)

__all__ = [
    "Failure",
    "Verdict",
    "numbers_stand",
    "quantities",
    "quote_stands",
    "supports",
    "verify",
]
