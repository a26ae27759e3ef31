"""Words that stand for what the talk is about: 「这个试验」, 「它」, ``the trial``, ``it``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.conversation.rules import pattern, table
from assistant.conversation.topic import entities, subject, terms, topic
from assistant.conversation.wording import chinese, without_lead
from retrieval.lexicon import Lexicon

_LONGEST = 40  # characters of a Chinese question
_LONGEST_EN = 16  # words of an English one
_OWN_TERMS = 2  # terms by which a question has a matter of its own
_VERBS = 1  # words beside question words before an English pronoun: who sponsored it


def with_subject(
    text: str, earlier: Sequence[str], root: str, lexicon: Lexicon | None
) -> str | None:
    """A question with its subject in the place of the word that stands for it, or ``None``.

    Args:
        text: The new question.
        earlier: The questions before, as they were understood, oldest first.
        root: What that was about.
        lexicon: Tells which words are terms.
    """
    if entities(text, lexicon):
        return None
    text, base = without_lead(text), earlier[-1]
    several = pattern("anaphora", "several").match(text)
    named = _named_last(earlier, lexicon) if several else []
    if several and len(named) > 1:
        return "和".join(named) + text[several.end() :]
    if chinese(text):
        return _chinese(text, base, root, lexicon) if len(text) <= _LONGEST else None
    return _english(text, base, root, lexicon) if len(text.split()) <= _LONGEST_EN else None


def _chinese(text: str, base: str, root: str, lexicon: Lexicon | None) -> str | None:
    joined = pattern("anaphora", "joined").match(text)
    leaning = pattern("anaphora", "leaning").match(text)
    if joined or (leaning and len(terms(text, lexicon)) < _OWN_TERMS):
        rest = text[joined.end() :].lstrip(" ,，") if joined else text
        form: str = table()["join"]["zh"]
        return form.format(topic=topic(root, lexicon), rest=rest) if rest else None
    for key in ("above", "that", "it", "bare"):
        found = pattern("anaphora", key).search(text)
        if found and _opens(text[: found.start()]):
            name = _chinese_name(found, base, root, lexicon)
            return text[: found.start()] + name + text[found.end() :]
    return (
        _person(text, base, lexicon)
        or _repeated(text, base, root, lexicon)
        or _of_what_was_said(text, root, lexicon)
    )


def _person(text: str, base: str, lexicon: Lexicon | None) -> str | None:
    """「什么时候必须有他在场」, when the last question was on a 公正见证人."""
    found = pattern("anaphora", "person").search(text)
    named = [t for t in terms(base, lexicon) if pattern("anaphora", "persons").search(t)]
    if found is None or not named or not _opens(text[: found.start()]):
        return None
    return text[: found.start()] + named[-1] + text[found.end() :]


def _of_what_was_said(text: str, root: str, lexicon: Lexicon | None) -> str | None:
    """「这种使用可以在别的医院做吗」: of what the last question was about."""
    if not pattern("anaphora", "said").match(text):
        return None
    return str(table()["join"]["zh"]).format(topic=topic(root, lexicon), rest=text)


def _repeated(text: str, base: str, root: str, lexicon: Lexicon | None) -> str | None:
    """「这个界值」, when the last question was on a 非劣效界值."""
    found = pattern("anaphora", "repeated").match(text)
    if found is None:
        return None
    words = found["words"]
    said = next((words[:n] for n in range(len(words), 1, -1) if words[:n] in base), None)
    if said is None:
        return None
    whole = next((term for term in terms(base, lexicon) if term.endswith(said)), None)
    name = whole or f"{topic(root, lexicon)}的{said}"
    return text[: found.start()] + name + text[found.start("words") + len(said) :]


def _chinese_name(found: re.Match[str], base: str, root: str, lexicon: Lexicon | None) -> str:
    noun = found.groupdict().get("noun")
    named = entities(base, lexicon)
    about = "和".join(named) if named else None
    own = pattern("anaphora", "own_nouns")
    if noun and not own.fullmatch(noun):
        about = about or topic(root, lexicon)
        return about if about.endswith(noun) else f"{about}的{noun}"
    about = re.sub(r"》第\d+条", "》", about or subject(base, lexicon) or topic(root, lexicon))
    genitive = "的" if found.groupdict().get("of") or found.group() == "其" else ""
    return about + genitive


def _english(text: str, base: str, root: str, lexicon: Lexicon | None) -> str | None:
    named = entities(base, lexicon)
    about = " and ".join(named) if named else subject(base, lexicon)
    key = "en_that_noun"
    if named:
        key = "en_law" if named[0].startswith("《") else "en_trial"
    noun = pattern("anaphora", key).search(text) or pattern("anaphora", "en_that_noun").search(text)
    if noun:
        return _put_english(text, noun, about or topic(root, lexicon), noun["noun"])
    its = pattern("anaphora", "en_its").search(text)
    if its and about and _opens(text[: its.start()]):
        return f"{text[: its.start()]}{about}'s{text[its.end() :]}"
    they = its or pattern("anaphora", "en_they").search(text)
    if they and _opens(text[: they.start()]):
        return str(table()["join"]["en"]).format(topic=topic(root, lexicon), rest=text)
    it = pattern("anaphora", "en_it").search(text)
    if it is None or pattern("anaphora", "en_empty").search(text):
        return None
    if not _opens(text[: it.start()]):
        return None
    return text[: it.start()] + (about or f"({topic(root, lexicon)})") + text[it.end() :]


def _named_last(earlier: Sequence[str], lexicon: Lexicon | None) -> list[str]:
    """The trials or documents named last, at least two where there are, in the order named."""
    found: list[str] = []
    for question in reversed(earlier):
        found = [name for name in entities(question, lexicon) if name not in found] + found
        if len(found) > 1:
            break
    return found


def _opens(before: str) -> bool:
    """Whether hardly anything stands before a word: it may else stand for what is named there."""
    if chinese(before):
        return len(re.sub(r"[\s,，]", "", pattern("bare", "weak").sub("", before))) <= 1
    rest = pattern("bare", "weak_en").sub(" ", before)
    return len(re.findall(r"[A-Za-z0-9]+", rest)) <= _VERBS


def _put_english(text: str, found: re.Match[str], about: str, noun: str) -> str:
    if not pattern("anaphora", "own_nouns").fullmatch(noun.lower()):
        about = str(table()["join"]["en_noun"]).format(topic=about, noun=noun)
    return text[: found.start()] + about + text[found.end() :]
