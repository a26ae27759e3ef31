"""Arrays on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt


def mapped(path: Path) -> npt.NDArray[Any]:
    """A saved array, memory-mapped.

    It is a plain array: a slice of a ``np.memmap`` object costs microseconds more, and a search
    takes hundreds of slices.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError, EOFError: It holds no plain array.
    """
    array: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)
    return array
