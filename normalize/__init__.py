"""Normalize: pure steps that clean scraped news text, say what they changed, and read what it says of itself.

Every step works alone on a plain string and in a pipeline:

>>> from normalize import presets, read_dateline, strip_dateline
>>> strip_dateline("VANTAA, Finland (AP) — The bridge opened.")
'The bridge opened.'
>>> read_dateline("VANTAA, Finland (AP) — The bridge opened.").timezone
'Europe/Helsinki'
>>> presets.news.run("VANTAA, Finland (AP) — The  bridge opened.").text
'The bridge opened.'

The algebra is imported at once, each step when it is first asked for, so that `import normalize` is quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from normalize.edits import Change, Edit, EditError, OffsetMap, apply, compose, restore
from normalize.facts import KINDS, UNKNOWN, Annotation, Dateline, Facts, Span
from normalize.pipeline import Cleaned, Pipeline, PipelineError, Run
from normalize.steps import Editor, Guard, Reader, Step, StepError, every, first, settle, step

if TYPE_CHECKING:
    from normalize import presets
    from normalize.address import read_url_date
    from normalize.calendar import DateInterval, Moment, parse_day, parse_moment
    from normalize.characters import (
        compose_characters,
        drop_bidi_controls,
        drop_controls,
        drop_invisible,
        drop_marks,
        drop_private_use,
        fix_entities,
        fix_mojibake,
        fold_compatibility,
        fold_dashes,
        fold_ligatures,
        fold_quotes,
        fold_width,
    )
    from normalize.dateline import read_dateline, strip_dateline
    from normalize.decoding import Decoded, decode_bytes, encode_source
    from normalize.furniture import (
        Labels,
        Notice,
        find_captions,
        find_labels,
        find_notices,
        read_agency,
        read_headline,
        strip_agency,
        strip_captions,
        strip_furniture,
        strip_headline,
        strip_notices,
    )
    from normalize.language import Language, identify_language
    from normalize.markup import Page, open_page
    from normalize.metadata import find_bylines, read_inline_date, strip_bylines, strip_inline_date
    from normalize.places import Place, find_place
    from normalize.times import Time, find_times, resolve_times
    from normalize.whitespace import (
        collapse_blank_lines,
        collapse_spaces,
        fix_line_ends,
        fix_separators,
        fix_spaces,
        strip_line_spaces,
    )
    from normalize.wrapping import unwrap_hyphens, unwrap_lines

# Module -> the names that it lends to this package when they are first asked for.
_LATER = {
    "normalize.address": ("read_url_date",),
    "normalize.calendar": ("DateInterval", "Moment", "parse_day", "parse_moment"),
    "normalize.characters": (
        "compose_characters",
        "drop_bidi_controls",
        "drop_controls",
        "drop_invisible",
        "drop_marks",
        "drop_private_use",
        "fix_entities",
        "fix_mojibake",
        "fold_compatibility",
        "fold_dashes",
        "fold_ligatures",
        "fold_quotes",
        "fold_width",
    ),
    "normalize.dateline": ("read_dateline", "strip_dateline"),
    "normalize.decoding": ("Decoded", "decode_bytes", "encode_source"),
    "normalize.furniture": (
        "Labels",
        "Notice",
        "find_captions",
        "find_labels",
        "find_notices",
        "read_agency",
        "read_headline",
        "strip_agency",
        "strip_captions",
        "strip_furniture",
        "strip_headline",
        "strip_notices",
    ),
    "normalize.language": ("Language", "identify_language"),
    "normalize.markup": ("Page", "open_page"),
    "normalize.metadata": ("find_bylines", "read_inline_date", "strip_bylines", "strip_inline_date"),
    "normalize.places": ("Place", "find_place"),
    "normalize.times": ("Time", "find_times", "resolve_times"),
    "normalize.whitespace": (
        "collapse_blank_lines",
        "collapse_spaces",
        "fix_line_ends",
        "fix_separators",
        "fix_spaces",
        "strip_line_spaces",
    ),
    "normalize.wrapping": ("unwrap_hyphens", "unwrap_lines"),
}
_HOME = {name: module for module, names in _LATER.items() for name in names}


def __getattr__(name: str) -> object:
    if name == "presets":
        return importlib.import_module("normalize.presets")
    if name not in _HOME:
        raise AttributeError(f"module 'normalize' has no attribute {name!r}")
    found: object = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)


__all__ = [
    "KINDS",
    "UNKNOWN",
    "Annotation",
    "Change",
    "Cleaned",
    "DateInterval",
    "Dateline",
    "Decoded",
    "Edit",
    "EditError",
    "Editor",
    "Facts",
    "Guard",
    "Labels",
    "Language",
    "Moment",
    "Notice",
    "OffsetMap",
    "Page",
    "Pipeline",
    "PipelineError",
    "Place",
    "Reader",
    "Run",
    "Span",
    "Step",
    "StepError",
    "Time",
    "apply",
    "collapse_blank_lines",
    "collapse_spaces",
    "compose",
    "compose_characters",
    "decode_bytes",
    "drop_bidi_controls",
    "drop_controls",
    "drop_invisible",
    "drop_marks",
    "drop_private_use",
    "encode_source",
    "every",
    "find_bylines",
    "find_captions",
    "find_labels",
    "find_notices",
    "find_place",
    "find_times",
    "first",
    "fix_entities",
    "fix_line_ends",
    "fix_mojibake",
    "fix_separators",
    "fix_spaces",
    "fold_compatibility",
    "fold_dashes",
    "fold_ligatures",
    "fold_quotes",
    "fold_width",
    "identify_language",
    "open_page",
    "parse_day",
    "parse_moment",
    "presets",
    "read_agency",
    "read_dateline",
    "read_headline",
    "read_inline_date",
    "read_url_date",
    "resolve_times",
    "restore",
    "settle",
    "step",
    "strip_agency",
    "strip_bylines",
    "strip_captions",
    "strip_dateline",
    "strip_furniture",
    "strip_headline",
    "strip_inline_date",
    "strip_line_spaces",
    "strip_notices",
    "unwrap_hyphens",
    "unwrap_lines",
]
