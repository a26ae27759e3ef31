"""The gate that every statement passes before it is shown, whoever wrote it."""

from assistant.verification.failures import FAILURES, Failure, Verdict
from assistant.verification.numbers import numbers_stand
from assistant.verification.quantities import quantities
from assistant.verification.verifier import quote_stands, supports, verify

__all__ = [
    "FAILURES",
    "Failure",
    "Verdict",
    "numbers_stand",
    "quantities",
    "quote_stands",
    "supports",
    "verify",
]
