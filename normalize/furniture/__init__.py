"""Furniture: what stands on a news page around the story, read into annotations and cut from the text."""

from __future__ import annotations

from normalize.furniture.agency import read_agency, strip_agency
from normalize.furniture.captions import find_captions, strip_captions
from normalize.furniture.headline import read_headline, strip_headline
from normalize.furniture.labels import Labels, find_labels
from normalize.furniture.notices import Notice, find_notices, strip_notices
from normalize.furniture.page import strip_furniture

__all__ = [
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
]
