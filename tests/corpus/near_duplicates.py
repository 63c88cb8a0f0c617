"""A labelled set of near duplicates, all of it fictional: wire stories and what newspapers make of them.

`wire_stories.json` holds what was written by hand: the wire's story, a rewrite of it, the lead of an update,
another reporter's story of the same event (with the same quotation) and a translation. The rest is made from them.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from pathlib import Path

EVENTS = json.loads(Path(__file__).with_name("wire_stories.json").read_text("utf-8"))
SYNONYMS = {
    "said": "stated",
    "people": "persons",
    "early": "soon",
    "about": "roughly",
    "because": "since",
    "until": "till",
    "while": "as",
    "smaller": "lesser",
    "largest": "biggest",
    "children": "kids",
    "which": "that",
    "after": "following",
}


@dataclass(frozen=True)
class Made:
    """A document of the set; those with one `story` are duplicates of each other."""

    id: str
    story: str
    text: str


def cut(paragraphs: list[str], share: float) -> list[str]:
    return paragraphs[: max(2, round(len(paragraphs) * share))]


def drop_some(paragraphs: list[str], rng: random.Random, count: int) -> list[str]:
    gone = set(rng.sample(range(1, len(paragraphs)), count))
    return [p for n, p in enumerate(paragraphs) if n not in gone]


def edit(paragraphs: list[str], rng: random.Random, share: float) -> list[str]:
    """Change a share of the words: by synonyms where there are some, else leave them out or double-check them."""

    def change(match: re.Match[str]) -> str:
        word = match[0]
        if word in SYNONYMS and rng.random() < 0.5:
            return SYNONYMS[word]
        return "the said " + word if rng.random() < share else word

    return [re.sub(r"\b[a-z]{4,}\b", change, p) for p in paragraphs]


def scan(paragraphs: list[str], rng: random.Random, share: float) -> list[str]:
    """Misread a share of the letters, as a scanner does."""
    wrong = {"e": "c", "l": "1", "o": "0", "m": "rn", "h": "b", "i": "l", "s": "5"}
    return ["".join(wrong[c] if c in wrong and rng.random() < share else c for c in p) for p in paragraphs]


def local(paragraphs: list[str], rng: random.Random) -> list[str]:
    """Put a local paper's words around a story."""
    town = rng.choice(["Ambleford", "Quillhaven", "Sandry", "Otterby", "Fennimore"])
    intro = f"Readers in {town} have followed this story with interest; here is what is known so far."
    end = f"Do you live in {town} and know more? The newsroom of the {town} Courier would like to hear from you."
    return [intro, *paragraphs, end]


def split_sentences(paragraphs: list[str]) -> list[str]:
    return [s for p in paragraphs for s in re.split(r"(?<=[.!?”]) (?=[A-Z“])", p)]


def variants(event: dict, rng: random.Random) -> dict[str, list[str]]:
    wire, rewrite, update = event["wire"], event["rewrite"], event["update"]
    return {
        "wire": wire,
        "wire in capitals, without quotes": [p.upper() for p in wire],
        "cut to three fifths": cut(wire, 0.6),
        "cut to two fifths": cut(wire, 0.4),
        "without three paragraphs": drop_some(wire, rng, 3),
        "sentences as paragraphs, local": local(split_sentences(wire), rng),
        "edited lightly": edit(wire, rng, 0.03),
        "edited": edit(wire, rng, 0.08),
        "scanned": scan(wire, rng, 0.02),
        "order changed": [wire[0], *rng.sample(wire[1:], len(wire) - 1)],
        "rewritten": rewrite,
        "rewritten, local": local(rewrite, rng),
        "updated": [*update, *wire[1:7]],
        "updated and cut": [*update, *wire[1:5]],
        "edited and cut": cut(edit(wire, rng, 0.05), 0.6),
    }


def briefs(rng: random.Random, count: int) -> list[list[str]]:
    """Reports of the markets, made by one template: alike, and no duplicates."""
    names = [
        "Arbor",
        "Bexley",
        "Corvin",
        "Delmar",
        "Ektal",
        "Fjord",
        "Galen",
        "Hadley",
        "Ibex",
        "Jarrow",
        "Kestrel",
        "Lumen",
    ]
    made = []
    for _ in range(count):
        first, second, third = rng.sample(names, 3)
        one, two, level = rng.uniform(0.2, 4), rng.uniform(0.2, 4), rng.randint(2_000, 9_000)
        made.append(
            [
                f"The Port Elder index closed {rng.choice(['up', 'down'])} {one:.1f} percent at {level} points on {rng.choice(['Monday', 'Tuesday', 'Friday'])}.",
                f"Shares of {first} gained {two:.1f} percent while {second} lost most among the larger companies listed on the exchange.",
                f"Trading in {third} was suspended for {rng.randint(5, 55)} minutes ahead of an announcement to shareholders.",
                "The exchange opens again tomorrow at nine. Prices are delayed by a quarter of an hour and given without guarantee.",
            ]
        )
    return made


def make(seed: int = 7) -> list[Made]:
    """Return the documents of the set, shuffled."""
    rng = random.Random(seed)
    made = []
    for event in EVENTS:
        name = event["event"]
        made += [Made(f"{name}: {kind}", name, "\n\n".join(text)) for kind, text in variants(event, rng).items()]
        made += [Made(f"{name}: {k}", f"{name}: {k}", "\n\n".join(event[k])) for k in ("other", "translation")]
        made.append(Made(f"{name}: other, local", f"{name}: other", "\n\n".join(local(event["other"], rng))))
    for n, paragraphs in enumerate(briefs(rng, 40)):
        made.append(Made(f"brief {n}", f"brief {n}", "\n\n".join(paragraphs)))
    rng.shuffle(made)
    return made
