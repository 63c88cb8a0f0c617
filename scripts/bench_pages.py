"""Measure what opening a page costs: `open_page` beside the bare parse, and beside trafilatura where it is installed.

Called by `bench.py --pages`. The three take turns page by page, since machines are noisy.
"""

from __future__ import annotations

import gzip
import json
import time
from importlib.util import find_spec
from statistics import median
from typing import TYPE_CHECKING, Any

from selectolax.lexbor import LexborHTMLParser

from normalize import open_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

PARSE, OPEN, PEER = "lexbor, parse alone", "normalize.open_page", "trafilatura, precision"


def read_pages(where: Path) -> Iterator[str]:
    """Yield the pages in a folder of HTML files, or in the field `html` of JSONL; either may be gzipped."""
    files = sorted(file for file in where.rglob("*.htm*") if file.is_file()) if where.is_dir() else [where]
    for file in files:
        raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        text = raw.decode("utf-8", "replace")
        if where.is_dir():
            yield text
        else:
            yield from (json.loads(line)["html"] for line in text.splitlines())


def ways() -> dict[str, Callable[[str], object]]:
    """Return what is compared: trafilatura with metadata, as `open_page` reads them too."""
    every: dict[str, Callable[[str], object]] = {
        PARSE: lambda html: LexborHTMLParser(html.encode("utf-8", "replace")),
        OPEN: open_page,
    }
    if find_spec("trafilatura"):
        from trafilatura import bare_extraction  # noqa: PLC0415 (only where it is installed)

        every[PEER] = lambda html: bare_extraction(html, favor_precision=True, with_metadata=True)
    return every


def spent_once(pages: Sequence[str], compared: dict[str, Callable[[str], object]]) -> dict[str, float]:
    """Return the CPU seconds of each over all pages, in which each has its turn on every page."""
    spent = dict.fromkeys(compared, 0.0)
    for page in pages:
        for name, work in compared.items():
            began = time.process_time()
            work(page)
            spent[name] += time.process_time() - began
    return spent


def measure_pages(where: Path, repeats: int) -> dict[str, Any]:
    """Return ms of CPU per page, and how often `open_page` goes into the peer's time: medians over repeats."""
    pages = list(read_pages(where))
    compared = ways()
    for page in pages[:20]:
        for work in compared.values():
            work(page)
    rounds = [spent_once(pages, compared) for _ in range(repeats)]
    return {
        "pages": len(pages),
        "mb": sum(len(page.encode("utf-8", "replace")) for page in pages) / 1e6,
        "repeats": repeats,
        "ms_per_page": {name: 1e3 * median(once[name] for once in rounds) / len(pages) for name in compared},
        "times_open_page": {name: median(once[name] / once[OPEN] for once in rounds) for name in compared},
    }


def show_pages(figures: dict[str, Any]) -> None:
    """Print the figures as a table."""
    print(f"{figures['pages']:,} pages, {figures['mb']:.2f} MB, medians of {figures['repeats']} repeats\n")
    print(f"{'CPU of opening a page':<30}{'ms':>8}{'times open_page':>18}")
    for name, ms in figures["ms_per_page"].items():
        print(f"{name:<30}{ms:>8.2f}{figures['times_open_page'][name]:>18.2f}")
    if PEER not in figures["ms_per_page"]:
        print("\ntrafilatura is not installed: pip install trafilatura to compare")
