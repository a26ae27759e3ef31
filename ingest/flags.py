"""The flags a block may carry, and what they mean for what is shown.

Loaders set them, chunks inherit those of their blocks, answers obey them.
"""

from __future__ import annotations

# Speaks to a language model instead of to a reader: data, never an answer.
INSTRUCTION_LIKE = "instruction_like"
# Words of ours about the document (a line that it was retracted), not the document's own.
SUPPLIED = "supplied"
# Written by a model about a picture, not read from it.
GENERATED = "generated"
# An entry of a bibliography.
REFERENCE = "reference"
# The whole article was withdrawn, doubted by its journal, or has a published correction.
RETRACTED = "retracted"
CONCERN = "concern"
CORRECTED = "corrected"
# Read from a picture; with little confidence; with digits that must be compared with the page.
OCR = "ocr"
LOW_CONFIDENCE = "low_confidence"
DOUBTFUL_DIGITS = "doubtful_digits"

NEVER_QUOTED = frozenset({INSTRUCTION_LIKE, SUPPLIED, GENERATED})
"""Blocks with one of these are found and shown, but no answer quotes them."""

APART = NEVER_QUOTED | {REFERENCE}
"""Blocks with one of these share no chunk with others, so that they do not taint them."""
