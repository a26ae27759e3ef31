"""A short trial paper, ingested as the labelled text that exports of articles are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant import Answerer
from retrieval import Index, Searcher
from retrieval.embedders import Embedder
from retrieval.lexicon import Lexicon

PAPER = """TITLE:
Yoga for back pain: a randomised trial

ABSTRACT.BACKGROUND:
We aimed to determine whether yoga reduces back pain compared with usual care.

ABSTRACT.RESULTS:
Back pain fell more with yoga than with usual care (mean difference 12 mm, P = 0.01).

BODY.INTRODUCTION:
Previous studies reported that yoga reduced back pain compared with usual care (P = 0.03) [4].

BODY.METHODS:
Back pain was measured on a visual analogue scale and compared between groups with a t test.
The quality of life (QoL) was assessed with a questionnaire of 36 items.

BODY.RESULTS:
The baseline characteristics of 120 patients were similar in both groups.

BODY.QUALITY OF LIFE:
QoL was measured in all patients. There was no significant difference between the groups (P = 0.6).

BODY.DISCUSSION:
Yoga may reduce back pain because it strengthens muscles.

BODY.ACKNOWLEDGEMENTS:
We thank the yoga teachers.
"""
CHINESE = """题目：针刺治疗腰痛的随机对照试验

摘要

目的：探讨针刺治疗腰痛的疗效。方法：选择120例腰痛患者，随机分为针刺组与对照组，测定疼痛评分。\
结果：治疗后针刺组疼痛评分低于对照组，差异有统计学意义(P<0.05)。两组不良反应发生率相似。\
结论：针刺可以减轻腰痛。

讨论

既往文献报道针刺组疼痛评分低于对照组[3]。
"""


@pytest.fixture(scope="session")
def papers(
    tmp_path_factory: pytest.TempPathFactory,
    build_index: Callable[..., object],
    embedder: Embedder,
    lexicon: Lexicon,
) -> Answerer:
    """An answerer over an English and a Chinese paper."""
    folder = tmp_path_factory.mktemp("papers")
    (folder / "in").mkdir()
    (folder / "in" / "yoga.txt").write_text(PAPER, encoding="utf-8")
    (folder / "in" / "zhenci.txt").write_text(CHINESE, encoding="utf-8")
    build_index(folder / "index", folder / "in")
    return Answerer(
        Index(folder / "index"), Searcher(embedder, lexicon), clock=lambda: "2026-11-22"
    )
