"""Configuration: a TOML file and the command's options into a pipeline, with errors that name the key and the choices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.document import SCHEMA
from corpus.recipes import read_recipes
from normalize import Pipeline, PipelineError, StepError, presets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class ConfigError(ValueError):
    """A configuration that cannot be used; the message names the key and the valid choices."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a run is to do with its documents."""

    preset: str = "news"
    steps: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    disable: tuple[str, ...] = ()
    where: str | None = None
    recipes: tuple[str, ...] = ()

    def pipeline(self) -> Pipeline:
        """Return the pipeline that is configured."""
        base = presets.PRESETS[self.preset]
        names = {step.name: step for step in base.steps}
        for name in self.steps:
            if name not in names:
                raise ConfigError(f"[steps.{name}]: preset {self.preset!r} has no such step; it has {_list(names)}")
        try:
            steps = tuple(step.using(**_tuples(self.steps.get(step.name, {}))) for step in base.steps)
            return Pipeline(steps, disabled=base.disabled | frozenset(self.disable), repeated=base.repeated)
        except (StepError, PipelineError) as error:
            raise ConfigError(str(error)) from error


def read_config(path: Path) -> Config:
    """Return the configuration in the TOML file at `path`."""
    import tomllib  # noqa: PLC0415 (a run without it starts faster)

    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    try:
        return _config(content)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def _config(content: Mapping[str, Any]) -> Config:
    _known(content, ("preset", "steps", "disable", "keep"), "")
    preset = _typed(content.get("preset", "news"), str, "preset")
    check_preset(preset)
    steps = _typed(content.get("steps", {}), dict, "steps")
    for name, options in steps.items():
        _typed(options, dict, f"steps.{name}")
    disable = _typed(content.get("disable", []), list, "disable")
    keep = _typed(content.get("keep", {}), dict, "keep")
    _known(keep, ("where", "recipe"), "keep.")
    where = _typed(keep["where"], str, "keep.where") if "where" in keep else None
    if where is not None:
        checked_expression(where)
    recipes = tuple(_typed(name, str, "keep.recipe") for name in _typed(keep.get("recipe", []), list, "keep.recipe"))
    for name in recipes:
        if name not in read_recipes():
            raise ConfigError(f"keep.recipe: there is no {name!r}; there are {_list(read_recipes())}")
    return Config(preset, steps, tuple(_typed(rule, str, "disable") for rule in disable), where, recipes)


def combine(config: Config, *, preset: str | None = None, disable: Sequence[str] = ()) -> Config:
    """Return `config` with what the command line says: it wins over the file, and disabled rules add up."""
    if preset is not None:
        check_preset(preset)
        config = replace(config, preset=preset)
    return replace(config, disable=tuple(dict.fromkeys((*config.disable, *disable))))


def check_preset(name: str) -> None:
    """Raise ConfigError unless there is a preset `name`."""
    if name not in presets.PRESETS:
        raise ConfigError(f"preset: there is no {name!r}; there are {_list(presets.PRESETS)}")


def checked_expression(where: str) -> pl.Expr:
    """Return the SQL condition `where` over the columns as an expression.

    >>> checked_expression("q_words >= 50 and language = 'en'").meta.root_names()
    ['q_words', 'language']
    >>> checked_expression("words >= 50")
    Traceback (most recent call last):
    corpus.config.ConfigError: keep.where: there is no column 'words'; ...
    """
    try:
        expression = pl.sql_expr(where)
    except pl.exceptions.PolarsError as error:
        raise ConfigError(f"keep.where: {where!r} is no condition: {_first_line(error)}") from error
    for name in expression.meta.root_names():
        if name not in SCHEMA:
            raise ConfigError(f"keep.where: there is no column {name!r}; the columns are {_list(SCHEMA)}")
    rows = pl.DataFrame({name: [None, None] for name in SCHEMA}, schema=SCHEMA)
    try:
        answer = rows.select(expression).to_series()
    except pl.exceptions.PolarsError as error:
        raise ConfigError(f"keep.where: {where!r} is no condition: {_first_line(error)}") from error
    if answer.dtype != pl.Boolean:
        raise ConfigError(f"keep.where: {where!r} is no condition: it gives {answer.dtype}, not true or false")
    # Rows come in batches: what looks at more than one, max(q_words), would depend on their sizes.
    meant = expression.meta.serialize(format="json")
    if len(answer) != rows.height or '"Agg":' in meant or '"Over":' in meant:
        raise ConfigError(f"keep.where: {where!r} is no condition on each row by itself")
    return expression


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]


def _known(table: Mapping[str, object], valid: Sequence[str], prefix: str) -> None:
    for key in table:
        if key not in valid:
            raise ConfigError(f"{prefix}{key}: no such key; the keys are {_list([prefix + v for v in valid])}")


def _typed(value: object, kind: type[Any], key: str) -> Any:  # noqa: ANN401 (what TOML holds)
    if not isinstance(value, kind):
        wanted = {"str": "a string", "dict": "a table", "list": "a list"}[kind.__name__]
        raise ConfigError(f"{key}: {value!r} is not {wanted}")
    return value


def _tuples(options: Mapping[str, object]) -> dict[str, object]:
    """TOML has lists; options are immutable."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}


def _list(names: Mapping[str, object] | Sequence[str]) -> str:
    return ", ".join(names)
