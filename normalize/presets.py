"""Presets: pipelines for common purposes, and every step by name. No registration by import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from normalize import characters, dateline, furniture, metadata, times, whitespace, wrapping
from normalize.address import read_url_date
from normalize.language import identify_language
from normalize.pipeline import Pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from normalize.steps import Step

_REPAIR: tuple[Step[Any], ...] = (
    whitespace.fix_line_ends,
    characters.fix_entities,
    characters.drop_marks,
    characters.fix_mojibake,
    characters.drop_controls,
    whitespace.fix_separators,
    characters.drop_bidi_controls,
    characters.drop_private_use,
    characters.drop_invisible,  # after what may stand beside a joiner has gone
    characters.compose_characters,
    whitespace.fix_spaces,
)
_WHITESPACE: tuple[Step[Any], ...] = (
    whitespace.strip_line_spaces,
    whitespace.collapse_spaces,
    whitespace.collapse_blank_lines,
)
_READ: tuple[Step[Any], ...] = (
    metadata.read_inline_date,
    read_url_date,
    metadata.find_bylines,
    furniture.find_captions,
    furniture.find_notices,
    furniture.read_headline,
    furniture.read_agency,
)
_STRIP: tuple[Step[Any], ...] = (
    metadata.strip_inline_date,
    metadata.strip_bylines,
    furniture.strip_headline,
    furniture.strip_captions,
    furniture.strip_notices,
    furniture.strip_agency,
    dateline.strip_dateline,
)
_NEWS: tuple[Step[Any], ...] = (
    *_REPAIR,
    identify_language,
    *_READ,
    furniture.find_labels,
    furniture.strip_furniture,
    dateline.read_dateline,
    times.find_times,
    *_STRIP,
    *_WHITESPACE,
)
# What repairs: a soft hyphen that goes may have stood in front of mojibake. Then what reads by shape and
# place, and what cuts: one cut may expose what the next run would cut.
_AGAIN = (*_REPAIR, *_READ, furniture.strip_furniture, dateline.read_dateline, *_STRIP, *_WHITESPACE)
_BY_CHOICE: tuple[Step[Any], ...] = (
    characters.fold_quotes,
    characters.fold_dashes,
    characters.fold_width,
    characters.fold_ligatures,
    characters.fold_compatibility,
    wrapping.unwrap_hyphens,
    wrapping.unwrap_lines,
    times.resolve_times,
)

STEPS: Mapping[str, Step[Any]] = {step.name: step for step in (*_NEWS, *_BY_CHOICE)}
"""Every step there is, by name."""

decode = Pipeline((whitespace.fix_line_ends,))
"""The letters as they are: only line ends are made alike."""

text = Pipeline((*_REPAIR, *_WHITESPACE), repeated=frozenset(step.name for step in (*_REPAIR, *_WHITESPACE)))
"""Characters repaired and whitespace put in order; no word is taken away."""

news = Pipeline(_NEWS, repeated=frozenset(step.name for step in _AGAIN))
"""All of it: the story without its furniture, and what the page says of itself as facts."""

PRESETS: Mapping[str, Pipeline] = {"news": news, "text": text, "decode": decode}
