"""Random numbers by name: every parameter has its own stream.

A stream depends on the seed, the chunk of draws and the name of the parameter only. Adding a
parameter, or changing the range of one, leaves the numbers of all others as they were, so that
two variants of a scenario share their noise and differ by what was changed alone.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np

from brink.core.tree import FloatArray

SMALLEST = 2.0**-54
"""Uniform numbers lie strictly between zero and one, so that their logarithms are finite."""


def uniforms(
    seed: int, chunk: int, name: str, size: int, columns: int, again: int = 0
) -> FloatArray:
    """``(columns, B)`` uniform numbers of one stream (``B = size``).

    A draw's numbers depend on its place in the chunk, not on how many draws follow it.
    ``again`` counts further attempts for the same parameter.
    """
    key = (chunk, crc32(name.encode("utf-8")), again)
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))
    return np.ascontiguousarray(generator.random((size, columns)).T) + SMALLEST
