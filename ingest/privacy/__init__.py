"""What must not reach the index unseen: data of patients, and instructions hidden in documents.

:func:`screen` looks for personal data and quarantines or masks; :func:`flag_instructions` marks
blocks that speak to a language model instead of to a reader. Both are pure functions of blocks.
"""

from ingest.privacy.findings import Finding, FindingKind, Severity
from ingest.privacy.gate import Screened, screen
from ingest.privacy.instructions import InstructionFinding, flag_instructions

__all__ = [
    "Finding",
    "FindingKind",
    "InstructionFinding",
    "Screened",
    "Severity",
    "flag_instructions",
    "screen",
]
