"""Learning a site's furniture: which lines recur on its pages, as TOML for a person to review and for `run` to use."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus.config import ConfigError
from normalize.furniture.templates import Templates
from normalize.lines import split_lines
from normalize.phrases import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from corpus.document import Document

LEAST_PAGES, LEAST_SHARE = 3, 0.1
_LONGEST = 500  # letters; a longer line is a paragraph, and what recurs of those are whole stories
_PAGES = 2_000  # of one site are enough to learn from
_LINES = 100_000  # of one site are kept at most: then those seen once go
HEAD = """\
# Lines that recur on the pages of a site, by copydesk learn. Please review: each of these lines is
# cut wherever it stands as a line of its own on a page of its site, told apart neither by case nor
# by marks. Delete those that belong to stories, or refuse them: copydesk review THIS-FILE
# Then: copydesk run --furniture THIS-FILE
"""


@dataclass(frozen=True, slots=True)
class Recurring:
    """A line, and on how many of its site's pages it stands."""

    text: str
    pages: int


@dataclass(slots=True)
class _Site:
    pages: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    written: dict[str, str] = field(default_factory=dict)  # a folded line as it was first seen

    def add(self, text: str) -> None:
        self.pages += 1
        own: dict[str, str] = {}
        for line in split_lines(text)[1]:
            if len(line) <= _LONGEST and (words := fold(line)):
                own.setdefault(words, line)
        self.counts.update(own.keys())
        for words, line in own.items():
            self.written.setdefault(words, line)
        if len(self.counts) > _LINES:
            self.counts = Counter({words: count for words, count in self.counts.items() if count > 1})
            self.written = {words: self.written[words] for words in self.counts}

    def recurring(self, least: int) -> Iterator[Recurring]:
        for words, count in sorted(self.counts.items(), key=lambda item: (-item[1], item[0])):
            if count >= least:
                yield Recurring(self.written[words], count)


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learnt: by site its number of pages and its recurring lines, the most frequent first."""

    sites: dict[str, tuple[int, tuple[Recurring, ...]]]


def learn_sites(
    documents: Iterable[Document], *, least_pages: int = LEAST_PAGES, least_share: float = LEAST_SHARE
) -> Learned:
    """Return the lines that stand on at least so many pages of a site, and on at least that share of them.

    Pages opened from HTML, and documents whose site is not known, teach nothing. The first 2,000 pages
    of a site are looked at, and lines of up to 500 letters.
    """
    sites: dict[str, _Site] = {}
    for document in documents:
        name = document.facts.site
        if name is None or document.facts.form == "page":
            continue
        site = sites.setdefault(name, _Site())
        if site.pages < _PAGES:
            site.add(document.text)
    learned: dict[str, tuple[int, tuple[Recurring, ...]]] = {}
    for name, site in sorted(sites.items()):
        lines = tuple(site.recurring(max(least_pages, -int(-site.pages * least_share // 1))))
        if lines:
            learned[name] = (site.pages, lines)
    return Learned(learned)


def to_toml(learned: Learned) -> str:
    """Return what was learnt as TOML, a line of text a line."""
    parts = [HEAD]
    for name, (pages, lines) in learned.sites.items():
        parts.append(f"\n[sites.{quoted(name)}]\npages = {pages}\nlines = [\n")
        parts += [f"  {{ pages = {line.pages}, text = {quoted(line.text)} }},\n" for line in lines]
        parts.append("]\n")
    return "".join(parts)


def quoted(words: str) -> str:
    """Return `words` as a string of TOML, which has JSON's escapes save those of surrogates and wants DEL escaped."""
    plain = words.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_templates(path: Path) -> Templates:
    """Return the templates in the TOML file at `path`; what is wrong with it is a ConfigError that names the key."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    sites = content.get("sites")
    if not isinstance(sites, dict) or len(content) > 1:
        raise ConfigError(f'{path}: it must have tables [sites."NAME"] and nothing else, as copydesk learn writes it')
    return Templates.of({name: dict(_lines(f"{path}: sites.{name}", site)) for name, site in sites.items()})


def _lines(where: str, site: Any) -> Iterator[tuple[str, float]]:  # noqa: ANN401 (what stands in the file)
    pages = _field(where, site, "pages", int)
    for number, line in enumerate(_field(where, site, "lines", list)):
        here = f"{where}.lines[{number}]"
        stands = _field(here, line, "pages", int)
        yield _field(here, line, "text", str), round(min(1.0, stands / max(1, pages)), 3)


def _field(where: str, table: Any, name: str, kind: type) -> Any:  # noqa: ANN401
    value = table.get(name) if isinstance(table, dict) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ConfigError(f"{where}: {name} must be {_KINDS[kind]}, not {value!r}")
    return value


_KINDS = {int: "a number", list: "an array", str: "a string"}
