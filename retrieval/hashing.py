"""Terms as 64-bit integers.

Postings are keyed by a hash of the term instead of the term, so that the lexical index is plain
integer arrays: memory-mapped, merged by sorting, searched by bisection, and free of any readable
word of a deleted document. With a million distinct terms the chance that any two collide is
about 3e-8 (birthday bound on 64 bits).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

TermIds = npt.NDArray[np.uint64]


@lru_cache(maxsize=1 << 19)
def term_id(term: str) -> int:
    """BLAKE2b of the term's UTF-8 bytes, truncated to 64 bits."""
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "little")


def term_ids(terms: Iterable[str]) -> TermIds:
    """Hash many terms into an array of ``uint64``, in order."""
    return np.fromiter((term_id(term) for term in terms), dtype=np.uint64)
