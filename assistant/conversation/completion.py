"""Follow-ups that lack a part which an earlier question has: a subject, a name, all but a name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.conversation.anaphora import with_subject
from assistant.conversation.kinds import modifier, opening_member, replaced, same_kind
from assistant.conversation.rules import aspects, first_group, pattern, patterns, table
from assistant.conversation.topic import entities, terms, topic
from assistant.conversation.turn import FollowUp, Turn
from assistant.conversation.wording import chinese, finished, without_end, without_lead
from assistant.question import read_question


def named(turn: Turn) -> FollowUp | None:
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


def _name(turn: Turn) -> str | None:
    marked = [*patterns("ellipsis", "ask"), *patterns("ellipsis", "changed")]
    if turn.tied:
        marked += patterns("ellipsis", "tied")
    return _match(turn, marked)


def _match(turn: Turn, marked: Sequence[re.Pattern[str]]) -> str | None:
    """What the first pattern that fits says is named, if that is a bare name."""
    for one in marked:
        name = first_group(one.match(turn.core))
        if name and not pattern("ellipsis", "predicate").search(name):
            name = without_lead(name)
            return name if _brief(name, turn) else None
    return None


def _brief(name: str, turn: Turn) -> bool:
    """A name names one thing, or one thing of another; it is no sentence."""
    return len(entities(name, turn.lexicon)) <= 1 and len(terms(name, turn.lexicon)) <= 3


def _aspect(turn: Turn, name: str) -> str | None:
    """Something else asked of the trial or document that the last question named."""
    about = entities(turn.base, turn.lexicon)
    if not about or entities(name, turn.lexicon):
        return None
    of = ("和" if chinese(turn.base) else " and ").join(about)
    for aspect in aspects():
        if aspect.pattern.fullmatch(name):
            return aspect.form.format(of=of, x=name)
    return None


def _modified(turn: Turn, name: str) -> str | None:
    if not modifier(name):
        return None
    if chinese(turn.base) and chinese(name):
        return str(table()["join"]["zh_modified"]).format(x=name, question=turn.base)
    form: str = table()["join"]["en_modified"]
    return form.format(x=name, question=without_end(turn.base))


def _joined_name(turn: Turn, name: str) -> str:
    about = topic(turn.root, turn.lexicon)
    about = same_kind(about, name) or about
    form: str = table()["join"]["zh_name" if chinese(name) else "en_name"]
    return form.format(topic=about, x=name)


def with_referent(turn: Turn) -> FollowUp | None:
    """A word that stands for the subject: 「这个试验」, 「它」, ``the trial``."""
    changed = with_subject(turn.text, turn.earlier, turn.root, turn.lexicon)
    return FollowUp("completed", finished(changed)) if changed else None


def fragment(turn: Turn) -> FollowUp | None:
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


def tied(turn: Turn) -> FollowUp | None:
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


def without_subject(turn: Turn) -> FollowUp | None:
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


def _takes_up(core: str, turn: Turn) -> bool:
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


def _is_question(turn: Turn) -> bool:
    return turn.text.endswith("?") or bool(pattern("ellipsis", "predicate").search(turn.core))


def _names_nothing(core: str, turn: Turn) -> bool:
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
