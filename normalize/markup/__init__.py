"""Markup: HTML pages opened into story and metadata."""

from __future__ import annotations

from normalize.markup.opening import open_page
from normalize.markup.page import Claim, Image, Page

__all__ = ["Claim", "Image", "Page", "open_page"]
