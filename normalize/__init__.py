"""Normalize: pure steps that clean scraped news text and say what they changed."""

from __future__ import annotations

from normalize.edits import Change, Edit, EditError, OffsetMap, apply, compose, restore
from normalize.facts import KINDS, UNKNOWN, Annotation, Dateline, Facts, Span
from normalize.pipeline import Cleaned, Pipeline, PipelineError
from normalize.steps import Editor, Guard, Reader, Step, StepError, every, first, settle, step
from normalize.whitespace import collapse_spaces

__all__ = [
    "KINDS",
    "UNKNOWN",
    "Annotation",
    "Change",
    "Cleaned",
    "Dateline",
    "Edit",
    "EditError",
    "Editor",
    "Facts",
    "Guard",
    "OffsetMap",
    "Pipeline",
    "PipelineError",
    "Reader",
    "Span",
    "Step",
    "StepError",
    "apply",
    "collapse_spaces",
    "compose",
    "every",
    "first",
    "restore",
    "settle",
    "step",
]
