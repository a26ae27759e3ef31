"""How alike a question and texts are."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.likeness import likeness
from retrieval.embedders import Embedder

TEXTS = ["严重不良事件应当在24小时内报告。", "今天天气很好。", "SAE reports are due in 24 hours."]


def test_one_cosine_for_each_text(embedder: Embedder) -> None:
    found = likeness("严重不良事件多久报告", TEXTS)
    [asked] = embedder.encode(["严重不良事件多久报告"])
    np.testing.assert_allclose(found, embedder.encode(TEXTS) @ asked, atol=1e-6)
    assert found.shape == (3,)
    assert np.all(np.abs(found) <= 1 + 1e-6)


def test_a_text_is_most_like_itself_whatever_else_is_compared() -> None:
    found = likeness(TEXTS[0], TEXTS)
    assert found[0] == pytest.approx(1.0, abs=1e-5)
    assert found.argmax() == 0
    np.testing.assert_allclose(found[::-1], likeness(TEXTS[0], TEXTS[::-1]))


def test_nothing_is_like_no_text() -> None:
    assert likeness("多久报告", []).shape == (0,)
