"""The lines the model of refused requests is trained on."""

from __future__ import annotations

from assistant.resemblance import CLASSES
from eval.train_boundaries import examples, lines


def test_held_out_lines_are_never_trained_on() -> None:
    texts, classes = examples()
    held_out = {line["question"] for line in lines("held_out")}
    assert len(held_out) > 50
    assert not held_out & set(texts)
    assert len(texts) == len(classes)


def test_every_class_has_examples() -> None:
    _, classes = examples()
    assert set(classes) == set(range(len(CLASSES)))


def test_lines_are_told_apart() -> None:
    every = [*lines("tune"), *lines("held_out")]
    assert len({line["id"] for line in every}) == len(every)
    assert len({line["question"] for line in every}) == len(every)
    assert all((line["expect"] == "answer") == (line["boundary"] is None) for line in every)
