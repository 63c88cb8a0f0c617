"""Neighbours: what stands around each line, as columns: means over windows, distances, runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from normalize.furniture.arrays import Ints

    Columns = dict[str, NDArray[Any]]


def windows(cols: Columns, names: tuple[str, ...], near: tuple[int, ...], n: int) -> None:
    """Add means over the lines before and after, the line itself left out."""
    values = np.array([cols[name] for name in names], dtype=np.float64)
    sums = np.concatenate((np.zeros((len(names), 1)), np.cumsum(values, axis=1)), axis=1)
    at = np.arange(n)
    sides = []
    for size in near:
        low, high = np.maximum(at - size, 0), np.minimum(at + 1 + size, n)
        sides.append(((sums[:, :-1] - sums[:, low]) / size, (sums[:, high] - sums[:, 1:]) / size))
    for row, name in enumerate(names):
        for size, (before, after) in zip(near, sides, strict=True):
            cols[f"{name}<{size}"] = before[row]
            cols[f"{name}>{size}"] = after[row]


def beside(cols: Columns, names: tuple[str, ...], steps: tuple[int, ...], n: int) -> None:
    """Add the values of the lines so many steps further on, -1 beyond the page."""
    most = max(map(abs, steps))
    values = np.full((len(names), n + 2 * most), -1.0)
    values[:, most : most + n] = [cols[name] for name in names]
    for row, name in enumerate(names):
        for by in steps:
            cols[f"{name}{by:+d}"] = values[row, most + by : most + by + n]


def distances(marks: NDArray[np.bool_], n: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return how far the last mark before each line and the next one after it are, at most 60."""
    at = np.arange(n)
    seen = np.maximum.accumulate(np.where(marks, at, -100))
    last = np.concatenate(([-100], seen[:-1]))
    coming = np.minimum.accumulate(np.where(marks, at, n + 100)[::-1])[::-1]
    following = np.concatenate((coming[1:], [n + 100]))
    return np.minimum(at - last, 60).astype(float), np.minimum(following - at, 60).astype(float)


def runs(marks: NDArray[np.bool_], n: int) -> NDArray[Any]:
    """Return how long the run of equal marks is in which each line stands; negative where unmarked."""
    change = np.flatnonzero(np.concatenate(([True], marks[1:] != marks[:-1])))
    length = np.diff(np.concatenate((change, [n])))
    run = np.minimum(np.repeat(length, length), 60)
    signed: NDArray[Any] = np.where(marks, run, -run).astype(float)
    return signed


def distinct(keys: Ints) -> Ints:
    """Return the different keys in order: what numpy's `unique` does, without its detours."""
    keys = np.sort(keys)
    return keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if len(keys) else keys
