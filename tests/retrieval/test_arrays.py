from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from retrieval.arrays import mapped


@pytest.mark.parametrize("array", [np.arange(5, dtype=np.uint16), np.zeros((0, 3), np.float16)])
def test_an_array_comes_back_plain_and_read_only(tmp_path: Path, array: np.ndarray) -> None:
    np.save(tmp_path / "a.npy", array)
    found = mapped(tmp_path / "a.npy")
    assert type(found) is np.ndarray and found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)
    assert not found.flags.writeable


def test_an_array_outlives_its_file(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(1000))
    found = mapped(tmp_path / "a.npy")
    (tmp_path / "a.npy").unlink()
    assert found.sum() == 499_500


def test_many_threads_may_open_arrays(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(10))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: mapped(tmp_path / "a.npy").sum(), range(2000)))
    assert set(found) == {45}


def test_what_is_no_array_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    with pytest.raises(FileNotFoundError):
        mapped(path)
    for content in (b"", b"nothing of the kind"):
        path.write_bytes(content)
        with pytest.raises((ValueError, EOFError)):
            mapped(path)
    np.save(path, np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="Python objects"):
        mapped(path)
