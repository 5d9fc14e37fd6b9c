"""Sums over groups of nodes or leaves, in a fixed order.

Matrix products would be shorter, but linear-algebra libraries split them over threads of their
own, which fight with ours and need not add in the same order on every machine.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from brink.core.segments import Segments
from brink.core.tree import FloatArray


class GroupSums:
    """Sums rows by group; rows of group -1 count nowhere.

    Attributes:
        count: Number of groups ``G``; groups without rows sum to zero.
    """

    def __init__(self, group: NDArray[np.integer], count: int | None = None) -> None:
        """Prepare the groups ``(F,)`` of the rows."""
        rows = np.flatnonzero(np.asarray(group) >= 0)
        self.count = int(np.max(group, initial=-1)) + 1 if count is None else count
        self._segments = Segments(np.asarray(group)[rows]) if len(rows) else None
        self._source = rows[self._segments.source] if self._segments is not None else rows

    def __call__(self, values: FloatArray) -> FloatArray:
        """``(G, K, b)`` sums of ``(K, F, b)`` values."""
        result = np.zeros((self.count, values.shape[0], values.shape[-1]))
        if self._segments is not None:
            for level in range(values.shape[0]):
                rows = np.take(values[level], self._source, axis=0)
                result[self._segments.target, level] = self._segments.add(rows)
        return result


class MaskSums:
    """Sums rows by several masks that may overlap, by way of the groups they cut out together."""

    def __init__(self, masks: NDArray[np.bool_]) -> None:
        """Prepare ``(R, F)`` masks."""
        used = masks.any(axis=0)
        group = np.full(masks.shape[1], -1, dtype=np.int64)
        self._members: NDArray[np.bool_] = np.zeros((len(masks), 0), dtype=bool)
        if used.any():
            pattern, place = np.unique(masks[:, used], axis=1, return_inverse=True)
            group[used] = place.reshape(-1)
            self._members = pattern
        self._sums = GroupSums(group, self._members.shape[1])

    def __call__(self, values: FloatArray) -> FloatArray:
        """``(R, K, b)`` sums of ``(K, F, b)`` values."""
        parts = self._sums(values)
        result = np.zeros((len(self._members), *parts.shape[1:]))
        for row, members in enumerate(self._members):
            for place in np.flatnonzero(members):
                result[row] += parts[place]
        return result
