"""Distributions of single stated numbers: a point, uniform on a range, or triangular."""

from __future__ import annotations

import numpy as np

from brink.core.tree import FloatArray
from brink.scenario.model import Quantity


def quantile(quantity: Quantity, share: FloatArray) -> FloatArray:
    """Values of ``quantity`` below which it lies with probability ``share`` (any shape)."""
    low, high = quantity.low, quantity.high
    if quantity.is_point:
        return np.full_like(share, low)
    if quantity.likely is None:
        return low + (high - low) * share
    mode = quantity.likely
    width = high - low
    turn = (mode - low) / width
    rising = low + np.sqrt(share * width * (mode - low))
    falling = high - np.sqrt((1.0 - share) * width * (high - mode))
    return np.where(share < turn, rising, falling)


def cumulative(quantity: Quantity, value: FloatArray) -> FloatArray:
    """Probability that ``quantity`` lies below ``value`` (any shape); inverse of the above."""
    low, high = quantity.low, quantity.high
    if quantity.is_point:
        return (value >= low).astype(np.float64)
    inside = np.clip(value, low, high)
    if quantity.likely is None:
        return (inside - low) / (high - low)
    mode = quantity.likely
    width = high - low
    # a mode at one end leaves only one side, and nothing to divide by on the other
    rising = (inside - low) ** 2 / (width * (mode - low)) if mode > low else np.zeros_like(inside)
    left = (high - inside) ** 2 / (width * (high - mode)) if mode < high else np.zeros_like(inside)
    return np.asarray(np.where((inside < mode) | (mode == high), rising, 1.0 - left))
