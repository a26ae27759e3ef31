"""Arrays on disk."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_PARSING = threading.Lock()


def mapped(path: Path) -> npt.NDArray[Any]:
    """A saved array, memory-mapped.

    It is a plain array: a slice of a ``np.memmap`` object costs microseconds more, and a search
    takes hundreds of slices.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError, EOFError: It holds no plain array.
    """
    # NumPy parses the header as Python, which two threads must not do at once before Python
    # 3.11.9 and 3.12.2: "AST constructor recursion depth mismatch" (CPython issue 106905).
    with _PARSING:
        array: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return array.view(np.ndarray)
