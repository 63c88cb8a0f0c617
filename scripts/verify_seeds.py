"""Check documents against what a careful reader wrote down of them, and that their changes restore them.

    python scripts/verify_seeds.py                      two of the samples
    python scripts/verify_seeds.py FOLDER               FOLDER/expected.json, about the files in FOLDER
    python scripts/verify_seeds.py FOLDER some.json

Prints one line a document and each claim that does not hold; exit status 1 if there is one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from normalize import presets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalize import Cleaned

HERE = Path(__file__).resolve().parent


def claims(cleaned: Cleaned, expected: dict[str, Any]) -> Iterator[tuple[str, object, object]]:
    """Yield each claim about a document: what it is about, what was found, what was expected."""
    facts, text = cleaned.facts, cleaned.text
    found: dict[str, list[Any]] = {"time": [], "caption": [], "agency": []}
    for annotation in cleaned.annotations:
        found.setdefault(annotation.kind, []).append(annotation.value)
    day = facts.published.day if facts.published else None
    yield "title", facts.title, expected["title"]
    yield "language", facts.language, expected["language"]
    yield "published", day and day.isoformat(), expected["published"]
    yield (
        "agency",
        next(iter([facts.dateline.agency] if facts.dateline and facts.dateline.agency else found["agency"]), None),
        expected["agency"],
    )
    if expected["dateline"] is None:
        yield "dateline", facts.dateline, None
    else:
        for name, value in expected["dateline"].items():
            yield f"dateline.{name}", getattr(facts.dateline, name, None), value
    for caption in expected["captions"]:
        yield f"caption {caption[:40]!r}", any(caption in c for c in found["caption"]), True
    yield "first words", text[: len(expected["text_starts"])], expected["text_starts"]
    yield "last words", text[-len(expected["text_ends"]) :], expected["text_ends"]
    for words in expected["gone"]:
        yield f"gone: {words[:40]!r}", words in text, False
    for words in expected["kept"]:
        yield f"kept: {words[:40]!r}", words in text, True
    times = [(time.text, time.value) for time in found["time"]]
    for words, value in expected["times"]:
        choices = [words] if isinstance(words, str) else words
        yield f"time {choices[0]!r}", next((v for w, v in times if w in choices and v == value), times), value
    yield "restored", cleaned.restore() == cleaned.source, True


def main(folder: Path, expected: Path) -> int:
    """Print what does not hold; return the exit status."""
    wrong = 0
    for document in json.loads(expected.read_text(encoding="utf-8")):
        source = (folder / document["file"]).read_bytes().decode("utf-8")
        checked = list(claims(presets.news.run(source), document))
        bad = [f"  {name}: {have!r}, expected {want!r}" for name, have, want in checked if have != want]
        print(f"{document['file']}: {len(checked) - len(bad)} of {len(checked)} claims hold", *bad, sep="\n")
        wrong += len(bad)
    return 1 if wrong else 0


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "samples"
    default = folder / "expected.json" if len(sys.argv) > 1 else HERE / "expected.json"
    sys.exit(main(folder, Path(sys.argv[2]) if len(sys.argv) > 2 else default))
