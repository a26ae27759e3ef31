"""How ``python -m eval.…`` ends."""

from __future__ import annotations

import pytest

from eval.commands import exit_status
from ingest.errors import BadInput


def test_bad_input_is_one_sentence_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        raise BadInput("there is no such file")

    assert exit_status("eval.x", work) == 2
    assert capsys.readouterr().err == "eval.x: there is no such file\n"


def test_our_own_bugs_are_not_hidden() -> None:
    def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        exit_status("eval.x", work)


def test_done_is_0() -> None:
    assert exit_status("eval.x", lambda: None) == 0
