from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.hashing import term_id, term_ids


def test_ids_never_change() -> None:
    # BLAKE2b-64, little-endian: an index on disk is only as good as this stays.
    assert term_id("知情同意") == 16887914255273042422


@given(st.lists(st.text(max_size=8), unique=True, max_size=200))
def test_different_terms_have_different_ids(terms: list[str]) -> None:
    ids = term_ids(terms)
    assert ids.dtype == np.uint64
    assert len(set(ids.tolist())) == len(terms)


@given(st.lists(st.text(max_size=8), max_size=30))
def test_many_terms_hash_like_one_in_order(terms: list[str]) -> None:
    assert term_ids(terms).tolist() == [term_id(term) for term in terms]
