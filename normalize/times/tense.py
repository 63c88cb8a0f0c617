"""Tense: whether a sentence speaks of what is to come, told by the verbs near a time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from normalize.times.lexicon import Lexicon

SENTENCE = re.compile(r"[\w)\]]{2}[.!?]['\"”’)]*\s|\n\s*\n")
_EDGES = ".,;:!?()[]\"“”'’‘"
_REACH = 120  # characters before a time in which its verb is looked for


def looks_ahead(text: str, start: int, end: int, lexicon: Lexicon) -> bool | None:
    """Return whether the sentence speaks of what is to come; None where it does not say.

    The verb nearest before the time decides, else the first one after it, else a weaker word ("by", "until").
    """
    words = text[max(0, start - _REACH) : start].rpartition("\n\n")[2].split()
    cue, weak = _nearest(words, lexicon)
    if cue is None and not (weak == "modal" and text[end : end + 1] == ","):  # "could rule on Monday, she said"
        cue = _first(text[end : end + 60], lexicon)
    return (weak is not None or None) if cue is None else cue


def _nearest(words: list[str], lexicon: Lexicon) -> tuple[bool | None, str | None]:
    """Return what the verb nearest before the time says, and of what sort a weaker word is ("by", "could")."""
    tables = lexicon.words
    ahead, past, weak = tables["ahead"], tables["past_verb"], tables["weak"]
    passive, before_to = tables["passive"], tables["ahead_to"]
    suffix = lexicon.past_suffix
    doubt: str | None = None
    later = ""
    for n in range(len(words) - 1, -1, -1):
        raw = words[n]
        word = raw.strip(_EDGES).lower()
        if raw[-1] in ".!?" and len(raw) > (2 if raw[0].islower() else 6):  # not "U.S.", "Corp.", "Calif."
            break
        if word in ahead or (later == "to" and word in before_to) or word.endswith(("’ll", "'ll")):
            return True, doubt
        if word in weak and not (raw[0].isupper() and word in tables["doubtful"]):  # "May" is a month
            if weak[word] == "modal":
                return (False if later == "have" else None), "modal"
            doubt = weak[word]
        elif word in past or (word.endswith(suffix) and len(word) > 4 and word[-3:] != "eed"):
            # "to be published", "will be held": what looks past belongs to a future
            if n and words[n - 1].lower() in passive and later != "to":
                later = word
                continue
            return False, doubt
        later = word
    return None, doubt


def _first(after: str, lexicon: Lexicon) -> bool | None:
    ahead, past = lexicon.words["ahead"], lexicon.words["past_verb"]
    suffix = lexicon.past_suffix
    words = after.partition("\n\n")[0].split() if after[:1] not in (".", "!", "?") or after[1:2].isalnum() else []
    for n, raw in enumerate(words):
        word = raw.strip(_EDGES).lower()
        if word in lexicon.words["clause"]:  # "claiming on Tuesday that they would"
            return None
        if word in ahead or (n + 1 < len(words) and words[n + 1].lower() in ahead):  # "was due"
            return True
        if word in past or (word.endswith(suffix) and len(word) > 4 and word[-3:] != "eed"):
            return False
        if lexicon.words["weak"].get(word) == "modal" and raw.islower():
            return True
        if raw[-1] in ".!?" and len(raw) > 3:
            break
    return None
