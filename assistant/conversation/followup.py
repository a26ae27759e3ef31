"""Complete a follow-up from the conversation, without a language model.

「那器械呢？」 after a question on drugs is that question with 器械 for 药物. What is recognised
stands in ``followup.toml``; a question that fits nothing there is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.conversation.anaphora import with_subject
from assistant.conversation.history import bounded
from assistant.conversation.kinds import modifier, opening_member, replaced, same_kind
from assistant.conversation.recomputing import (
    is_design,
    named_value,
    recomputed,
    stands_alone,
)
from assistant.conversation.rules import aspects, first_group, pattern, patterns, table
from assistant.conversation.settings import ConversationSettings
from assistant.conversation.topic import entities, terms, topic
from assistant.conversation.wording import (
    chinese,
    finished,
    is_tied,
    plain,
    without_end,
    without_lead,
)
from assistant.model import Answer
from assistant.question import read_question
from retrieval.lexicon import Lexicon

FollowUpKind = Literal["completed", "inputs", "again", "more", "basis", "language"]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up as it was understood.

    Attributes:
        kind: ``completed`` from an earlier question, ``inputs`` given for a computation, ``again``
            when the asker doubts the answer, ``more`` of it, its ``basis``, or its ``language``.
        question: The completed question, which is what is searched.
        claim: What the asker holds against the last answer; never searched for.
        language: ``zh`` or ``en`` when the asker chose one.
    """

    kind: FollowUpKind
    question: str
    claim: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class _Turn:
    """What is known while one follow-up is read.

    ``text`` is the new question in plain form, ``core`` without lead and end; ``base`` the last
    question as it was understood, ``earlier`` all of them; ``root`` what the last was about before
    a follow-up was joined to it.
    """

    text: str
    core: str
    tied: bool
    base: str
    earlier: tuple[str, ...]
    root: str
    last: Answer
    lexicon: Lexicon | None


def resolve(
    question: str,
    history: Sequence[Answer],
    lexicon: Lexicon | None = None,
    settings: ConversationSettings | None = None,
) -> FollowUp | None:
    """Complete a follow-up, or ``None`` when the question stands for itself.

    Args:
        question: As asked.
        history: Earlier answers of the conversation, oldest first.
        lexicon: Tells which words are terms and of what kind; less is understood without it.
        settings: How far back is looked.
    """
    turns = [turn for turn in bounded(history, settings) if re.search(r"\w", turn.question)]
    text = plain(question)
    if not turns or not re.search(r"\w", text):
        return None
    last = turns[-1]
    base = plain(last.understood or last.question)
    if without_end(text) in {without_end(base), without_end(plain(last.question))}:
        return None  # asked once more
    turn = _Turn(
        text=text,
        core=without_end(without_lead(text)),
        tied=is_tied(text),
        base=base,
        earlier=tuple(plain(one.understood or one.question) for one in turns),
        root=_root(base, [plain(earlier.question) for earlier in turns]),
        last=last,
        lexicon=lexicon,
    )
    for rule in _RULES:
        found = rule(turn)
        if found is not None:
            return found
    return None


def _root(base: str, asked: Sequence[str]) -> str:
    """An understood question without the follow-up that was joined at its end."""
    whole = without_end(base)
    for question in asked:
        rest = without_end(without_lead(question))
        if base != question and whole.endswith(rest) and len(whole) - len(rest) >= 4:
            return whole[: -len(rest)].rstrip(" ,:")
    return base


def _language(turn: _Turn) -> FollowUp | None:
    for language in ("en", "zh"):
        if pattern("language", language).match(turn.text):
            return FollowUp("language", finished(turn.base), language=language)
    return None


def _inputs(turn: _Turn) -> FollowUp | None:
    """A reply that gives what was asked back for."""
    before = read_question(turn.base)
    if turn.last.status != "needs_clarification" or before.boundary is None:
        return None
    reply = named_value(turn.core, before.boundary.missing)
    joined = _with_inputs(turn, "inputs", reply)
    if read_question(joined).boundary is None:
        joined = _with_inputs(turn, "inputs_again", reply)
    after = read_question(joined).boundary
    given = set(before.boundary.missing) - set(after.missing if after else ())
    if not given or stands_alone(turn.text, before.boundary.name):
        return None
    return FollowUp("inputs", joined)


def _recomputed(turn: _Turn) -> FollowUp | None:
    """Another value for an input of what was computed."""
    named = [name for name in entities(turn.core, turn.lexicon) if not is_design(name)]
    if not turn.last.calculations or named:
        return None
    changed = recomputed(turn.base, turn.text, turn.core)
    return FollowUp("completed", changed) if changed else None


def _with_inputs(turn: _Turn, key: str, reply: str) -> str:
    form: str = table()["join"][f"{'zh' if chinese(turn.base) else 'en'}_{key}"]
    return finished(form.format(question=without_end(turn.base), reply=reply))


def _basis(turn: _Turn) -> FollowUp | None:
    if turn.last.citations and _asks(turn, "basis"):
        return FollowUp("basis", finished(turn.base))
    return None


def _more(turn: _Turn) -> FollowUp | None:
    if _asks(turn, "more"):
        return FollowUp("more", finished(turn.base))
    return None


def _asks(turn: _Turn, section: str) -> bool:
    # 「还有呢」 is asked with what is otherwise a lead.
    texts = (without_end(turn.text), turn.core)
    return any(one.match(text) for text in texts for one in patterns(section, "ask"))


def _again(turn: _Turn) -> FollowUp | None:
    """Doubt: the same is asked again, and what is claimed is kept for whoever checks premises."""
    for text in (without_end(turn.text), turn.core):
        for one in patterns("insist", "ask"):
            found = one.match(text)
            if found:
                return _doubt(turn, first_group(found))
    return None


def _doubt(turn: _Turn, claim: str | None) -> FollowUp | None:
    if claim and (entities(claim, turn.lexicon) or len(terms(claim, turn.lexicon)) > 2):
        return None  # it speaks of something of its own
    return FollowUp("again", finished(turn.base), claim=_bare_claim(claim))


def _bare_claim(claim: str | None) -> str | None:
    """A claim without 「我记得是」."""
    if claim is None:
        return None
    inner = [first_group(one.match(claim)) for one in patterns("insist", "ask")]
    claim = next(filter(None, inner), claim)
    return pattern("insist", "says").sub("", claim).strip() or claim


def _ellipsis(turn: _Turn) -> FollowUp | None:
    """A bare name: 「那器械呢」, ``what about visit 4``."""
    name = _name(turn)
    alone = None if name else _match(turn, patterns("ellipsis", "alone"))
    shown = name or alone
    if shown is None:
        return None
    changed = (
        replaced(turn.base, shown, turn.lexicon) or _aspect(turn, shown) or _modified(turn, shown)
    )
    if changed is None and name:
        changed = _joined_name(turn, name)
    return FollowUp("completed", finished(changed)) if changed else None


def _name(turn: _Turn) -> str | None:
    marked = [*patterns("ellipsis", "ask"), *patterns("ellipsis", "changed")]
    if turn.tied:
        marked += patterns("ellipsis", "tied")
    return _match(turn, marked)


def _match(turn: _Turn, marked: Sequence[re.Pattern[str]]) -> str | None:
    """What the first pattern that fits says is named, if that is a bare name."""
    for one in marked:
        name = first_group(one.match(turn.core))
        if name and not pattern("ellipsis", "predicate").search(name):
            name = without_lead(name)
            return name if _brief(name, turn) else None
    return None


def _brief(name: str, turn: _Turn) -> bool:
    """A name names one thing, or one thing of another; it is no sentence."""
    return len(entities(name, turn.lexicon)) <= 1 and len(terms(name, turn.lexicon)) <= 3


def _aspect(turn: _Turn, name: str) -> str | None:
    """Something else asked of the trial or document that the last question named."""
    about = entities(turn.base, turn.lexicon)
    if not about or entities(name, turn.lexicon):
        return None
    of = ("和" if chinese(turn.base) else " and ").join(about)
    for aspect in aspects():
        if aspect.pattern.fullmatch(name):
            return aspect.form.format(of=of, x=name)
    return None


def _modified(turn: _Turn, name: str) -> str | None:
    if not modifier(name):
        return None
    if chinese(turn.base) and chinese(name):
        return str(table()["join"]["zh_modified"]).format(x=name, question=turn.base)
    form: str = table()["join"]["en_modified"]
    return form.format(x=name, question=without_end(turn.base))


def _joined_name(turn: _Turn, name: str) -> str:
    about = topic(turn.root, turn.lexicon)
    about = same_kind(about, name) or about
    form: str = table()["join"]["zh_name" if chinese(name) else "en_name"]
    return form.format(topic=about, x=name)


def _anaphora(turn: _Turn) -> FollowUp | None:
    """A word that stands for the subject: 「这个试验」, 「它」, ``the trial``."""
    changed = with_subject(turn.text, turn.earlier, turn.root, turn.lexicon)
    return FollowUp("completed", finished(changed)) if changed else None


def _fragment(turn: _Turn) -> FollowUp | None:
    """「非致死的是多少天？」: a thing of a kind, and nothing else but what was asked before."""
    name = opening_member(turn.core)
    rest = turn.core[len(name) :] if name else ""
    if not name or not rest or _left(rest) or not _wants(rest + "?") & _wants(turn.base):
        return None
    changed = replaced(turn.base, name, turn.lexicon) or _modified(turn, name)
    return FollowUp("completed", finished(changed)) if changed else None


def _wants(question: str) -> set[str]:
    """The kinds of answer that a question wants."""
    return {want.name for part in read_question(question).parts for want in part.wants}


def _tied(turn: _Turn) -> FollowUp | None:
    """「那申办者多久报告？」: a question of the same kind on another thing of a kind."""
    if not turn.tied:
        return None
    core = turn.core
    if entities(core, turn.lexicon) or len(core) > 2 * table()["bare"]["longest"]:
        return None
    changed = same_kind(turn.base, core)
    own = terms(core, turn.lexicon)
    if changed and _wants(core + "?") & _wants(turn.base) and len(own) <= 2:
        return FollowUp("completed", finished(changed))
    return None


def _bare(turn: _Turn) -> FollowUp | None:
    """A question without a subject: 「谁负责？」, ``how long?``"""
    core = turn.core
    rules = table()["bare"]
    longest = rules["longest"] if chinese(core) else rules["longest_en"]
    length = len(core) if chinese(core) else len(core.split())
    if length > longest or not _is_question(turn) or pattern("bare", "definition").search(core):
        return None
    if entities(core, turn.lexicon):
        return None
    if not _names_nothing(core, turn) and not _takes_up(core, turn):
        return None
    about = topic(turn.root, turn.lexicon)
    about = same_kind(about, core) or about
    key = "zh" if chinese(core) or chinese(about) else "en"
    end = "?" if turn.text.endswith("?") or key == "en" else ""
    joined: str = table()["join"][key].format(topic=about, rest=core + end)
    return FollowUp("completed", finished(joined))


def _takes_up(core: str, turn: _Turn) -> bool:
    """Whether a brief question opens with a word of the last: 「退出后数据还能用吗」"""
    word = core[:2]
    if not chinese(word) or len(core) > table()["bare"]["longest_taken_up"]:
        return False
    about = topic(turn.root, turn.lexicon)
    opened = terms(core, turn.lexicon)[:1]
    # A term at the head of a question is its own subject.
    if pattern("bare", "common").match(word):
        return False
    return word in about and not (opened and len(opened[0]) > 2 and core.startswith(opened[0]))


def _is_question(turn: _Turn) -> bool:
    return turn.text.endswith("?") or bool(pattern("ellipsis", "predicate").search(turn.core))


def _names_nothing(core: str, turn: _Turn) -> bool:
    """Whether nothing that names a matter is left beside question words and weak verbs."""
    rules, language = table()["bare"], "" if chinese(core) else "_en"
    left = _left(core)
    most = rules[f"rest_tied{language}"] if turn.tied else rules[f"rest{language}"]
    length = len(re.sub(r"\s", "", left)) if chinese(core) else len(left.split())
    return length <= most and (turn.tied or not terms(left, turn.lexicon))


def _left(text: str) -> str:
    """What is left of a text without question words and weak verbs."""
    if chinese(text):
        return re.sub(r"[\s,，]", "", pattern("bare", "weak").sub("", text))
    return " ".join(re.findall(r"[A-Za-z0-9]+", pattern("bare", "weak_en").sub(" ", text)))


_RULES: tuple[Callable[[_Turn], FollowUp | None], ...] = (
    _language,
    _inputs,
    _recomputed,
    _basis,
    _more,
    _again,
    _ellipsis,
    _anaphora,
    _fragment,
    _tied,
    _bare,
)
