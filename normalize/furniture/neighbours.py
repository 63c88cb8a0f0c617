"""Neighbours: what stands around each line, as columns: means over windows, distances, runs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from normalize.furniture.arrays import Ints

    Columns = dict[str, NDArray[Any]]


def windows(cols: Columns, names: tuple[str, ...], near: tuple[int, ...], n: int) -> None:
    """Add means over the lines before and after, the line itself left out."""
    most = max(near)
    sums = np.zeros(
        (len(names), most + n + 1 + most)
    )  # of all lines before each; beyond the page they stay as they are
    np.cumsum([cols[name] for name in names], axis=1, out=sums[:, most + 1 : most + 1 + n], dtype=np.float64)
    sums[:, most + 1 + n :] = sums[:, most + n, None]
    means = np.empty((len(names), len(near), 2, n))
    for row, size in enumerate(near):
        np.subtract(sums[:, most : most + n], sums[:, most - size : most - size + n], out=means[:, row, 0])
        np.subtract(
            sums[:, most + 1 + size : most + 1 + size + n], sums[:, most + 1 : most + 1 + n], out=means[:, row, 1]
        )
        means[:, row] /= size
    cols.update(zip(_window_names(names, near), means.reshape(-1, n), strict=True))


@cache
def _window_names(names: tuple[str, ...], near: tuple[int, ...]) -> list[str]:
    return [f"{name}{side}{size}" for name in names for size in near for side in "<>"]


def beside(cols: Columns, names: tuple[str, ...], steps: tuple[int, ...], n: int) -> None:
    """Add the values of the lines so many steps further on, -1 beyond the page."""
    most = max(map(abs, steps))
    values = np.full((len(names), n + 2 * most), -1.0)
    values[:, most : most + n] = [cols[name] for name in names]
    shifted = [row[most + by : most + by + n] for row in values for by in steps]
    cols.update(zip(_beside_names(names, steps), shifted, strict=True))


@cache
def _beside_names(names: tuple[str, ...], steps: tuple[int, ...]) -> list[str]:
    return [f"{name}{by:+d}" for name in names for by in steps]


def distances(marks: NDArray[np.bool_], n: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return how far the last mark before each line and the next one after it are, at most 60."""
    at = np.arange(n)
    last = np.full(n, -100)
    last[1:] = np.where(marks, at, -100)[:-1]
    following = np.full(n, n + 100)
    following[:-1] = np.where(marks, at, n + 100)[1:]
    since = at - np.maximum.accumulate(last)
    until = np.minimum.accumulate(following[::-1])[::-1] - at
    return np.minimum(since, 60).astype(float), np.minimum(until, 60).astype(float)


def runs(marks: NDArray[np.bool_], n: int) -> NDArray[Any]:
    """Return how long the run of equal marks is in which each line stands; negative where unmarked."""
    change = np.concatenate(([0], (marks[1:] != marks[:-1]).nonzero()[0] + 1, [n]))
    length = change[1:] - change[:-1]
    run = np.minimum(length, 60).repeat(length)
    signed: NDArray[Any] = np.where(marks, run, -run).astype(float)
    return signed


def within(values: NDArray[Any], low: float, high: float) -> NDArray[Any]:
    """Return the values, none lower or higher than these: what numpy's `clip` does, without its detours."""
    inside: NDArray[Any] = np.minimum(np.maximum(values, low), high)
    return inside


def distinct(keys: Ints) -> Ints:
    """Return the different keys in order: what numpy's `unique` does, without its detours."""
    keys = np.sort(keys)
    return keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if len(keys) else keys
