"""Cut text into search terms.

Chinese gives overlapping character bigrams; Latin words are stemmed; codes such as PD-L1,
NCT03057977 or E6(R3) are kept whole and in parts. Both sides of a search use the same terms. Only
questions lose their question words, and there jieba with our lexicon tells which bigrams lie
across the border of two words: 受试者签署 asks for 受试者 and 签署, hardly for 者签. (Indexing
whole words of three or more characters as well made every Chinese set a little worse.)
"""

from __future__ import annotations

import itertools
import re
import tempfile
import tomllib
from collections.abc import Iterator
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from platformdirs import user_cache_dir

from ingest.text import CJK
from retrieval.lexicon import Lexicon
from retrieval.normalise import fold

VERSION = "2"  # part of the snapshot id; raise when terms change

_RUN = re.compile(
    rf"(?P<cjk>[{CJK}]+)|(?P<latin>[a-z0-9\u00c0-\u024f\u0370-\u03ff]+"
    r"(?:[-_./+][a-z0-9\u00c0-\u024f\u0370-\u03ff]+)*(?:\(r\d\))?)"
)
# A quantity with its unit and an article number are terms of their own: 60个工作日 is not 60日.
_QUANTITY = re.compile(
    r"(\d+(?:\.\d+)?)个?(工作日|自然日|小时|分钟|日|天|月|年|周|例|人|岁|%|倍|万元|元)|第(\d+)条"
)
_PART = re.compile(r"[a-z\u00c0-\u024f\u0370-\u03ff]+|\d+(?:\.\d+)?|[^\W_]+")
_STOPWORDS = Path(__file__).with_name("stopwords.toml")


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """Porter2 stem of a Latin word; words with digits and short words stay whole."""
    if len(word) <= 3 or not word.isascii() or not word.isalpha():
        return word
    stemmed: str = _stemmer().stemWord(word)
    return stemmed


class Analyser:
    """Turns text into terms.

    Args:
        lexicon: Words jieba should know; also recorded so that an index can tell which it used.

    Example:
        >>> Analyser(Lexicon.empty()).terms("SAE 60个工作日")
        ['60工作日', 'sae', '60', '个工', '工作', '作日']
    """

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon or Lexicon.empty()

    def terms(self, text: str) -> list[str]:
        """Search terms of a document text, with repetitions, in order of appearance."""
        return list(self._terms(fold(text)))

    def question_terms(self, question: str) -> list[str]:
        """Search terms of a question, without its question words and function words."""
        stripped, stop = strip_question_words(fold(question))
        return [term for term in self._terms(stripped) if term not in stop]

    def border_terms(self, question: str) -> frozenset[str]:
        """Bigrams of a question that only lie across the border of two words.

        Two characters that jieba leaves single are one: names and rare words look so to it.
        """
        stripped, _ = strip_question_words(fold(question))
        inside: set[str] = set()
        across: set[str] = set()
        for match in _RUN.finditer(stripped):
            if match.lastgroup != "cjk":
                continue
            words = list(self._words.cut(match.group(), HMM=False))
            for word in words:
                inside.update(word[start : start + 2] for start in range(len(word) - 1))
            for left, right in itertools.pairwise(words):
                single = len(left) == len(right) == 1
                (inside if single else across).add(left[-1] + right[0])
        return frozenset(across - inside)

    def _terms(self, folded: str) -> Iterator[str]:
        for match in _QUANTITY.finditer(folded):
            yield f"第{match.group(3)}条" if match.group(3) else match.group(1) + match.group(2)
        for match in _RUN.finditer(folded):
            if match.lastgroup == "cjk":
                yield from self._cjk_terms(match.group())
            else:
                yield from latin_terms(match.group())

    def _cjk_terms(self, run: str) -> Iterator[str]:
        if len(run) == 1:
            yield run
            return
        for start in range(len(run) - 1):
            yield run[start : start + 2]

    def words(self, folded: str) -> list[str]:
        """Words of a folded text: jieba's for Chinese, whole tokens for Latin; no n-grams."""
        found: list[str] = []
        for match in _RUN.finditer(folded):
            if match.lastgroup == "cjk":
                found.extend(self._words.cut(match.group(), HMM=False))
            else:
                found.append(match.group())
        return found

    @cached_property
    def _words(self) -> Any:
        """jieba with the lexicon's Chinese terms; its dictionary takes half a second to load."""
        import logging

        import jieba

        jieba.setLogLevel(logging.WARNING)
        tokenizer = jieba.Tokenizer()
        # Not in the shared temporary folder, where another user could plant the cache file. A
        # service account without a home reads the dictionary anew each time.
        try:
            tokenizer.tmp_dir = user_cache_dir("xinglin", ensure_exists=True)
        except OSError:
            tokenizer.tmp_dir = tempfile.mkdtemp(prefix="xinglin-")
        tokenizer.initialize()
        for word in self._lexicon.chinese_words():
            if len(word) >= 3:
                tokenizer.add_word(word)
        return tokenizer


def latin_terms(token: str) -> Iterator[str]:
    """Terms of one Latin token: a code whole (without its punctuation) and in parts."""
    parts = _PART.findall(token)
    if len(parts) == 1 and parts[0] == token:
        yield stem(token)
        return
    whole = re.sub(r"[^\w.]|_", "", token) if re.fullmatch(r"\d[\d.]*", token) is None else token
    yield re.sub(r"\.(?!\d)|(?<!\d)\.", "", whole)
    for part in parts:
        if len(part) > 1:
            yield stem(part)


@cache
def _stopwords() -> tuple[re.Pattern[str], frozenset[str]]:
    with _STOPWORDS.open("rb") as file:
        words = tomllib.load(file)
    chinese = sorted(set(words["zh"]), key=len, reverse=True)
    english = frozenset(stem(word) for word in words["en"]) | frozenset(words["en"])
    return re.compile("|".join(chinese)), english


def strip_question_words(folded: str) -> tuple[str, frozenset[str]]:
    """Blank out Chinese question words; return the text and the English stop terms."""
    pattern, english = _stopwords()
    return pattern.sub(" ", folded), english
