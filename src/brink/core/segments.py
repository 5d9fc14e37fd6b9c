"""Sums and maxima over groups of rows, with the same bits for every number of draws.

NumPy's own reductions along the first axis change their order of summation with the width of
the array, so that splitting a batch would change the last digits. Here the order is fixed: the
first member of every group, then the second where there is one, and so on, as whole-row
operations.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from brink.core.tree import FloatArray

_LONGEST = 16

Rows = NDArray[np.intp]


class Segments:
    """Groups of rows that are reduced together.

    Attributes:
        source: ``(n,)`` the rows in the order in which :meth:`add` and :meth:`largest` want
            them; callers gather with it once, often together with another gather.
        target: ``(groups,)`` group number of each row of the result; empty groups are absent.
    """

    def __init__(self, group: NDArray[np.integer]) -> None:
        """Prepare the groups given by ``group``, the ``(n,)`` group number of each row."""
        order = np.argsort(group, kind="stable")
        ordered = np.asarray(group)[order].astype(np.intp)
        self._next: Segments | None = None
        starts = _starts(ordered)
        lengths = np.diff(np.append(starts, len(ordered)))
        if lengths.max(initial=0) > _LONGEST:
            within = np.arange(len(ordered)) - np.repeat(starts, lengths)
            piece = np.cumsum(within % _LONGEST == 0) - 1
            owner = ordered[_starts(piece)]
        else:
            piece = np.repeat(np.arange(len(starts)), lengths)
            owner = None
        starts = _starts(piece)
        lengths = np.diff(np.append(starts, len(piece)))
        rank = np.argsort(-lengths, kind="stable")
        starts, lengths = starts[rank], lengths[rank]
        self._rounds = [
            int(np.count_nonzero(lengths > turn)) for turn in range(int(lengths.max(initial=0)))
        ]
        rounds = [order[starts[:count] + turn] for turn, count in enumerate(self._rounds)]
        self.source: Rows = np.concatenate([np.zeros(0, dtype=np.intp), *rounds])
        if owner is None:
            self.target: Rows = ordered[starts]
        else:
            self._next = Segments(owner[rank])
            self.target = self._next.target

    @property
    def identity(self) -> bool:
        """Whether every group has one row and groups come in the order of the rows."""
        return bool(
            len(self._rounds) <= 1
            and np.array_equal(self.source, np.arange(len(self.source)))
            and np.array_equal(self.target, np.arange(len(self.target)))
        )

    def add(self, rows: FloatArray) -> FloatArray:
        """Sum ``rows`` (already gathered by :attr:`source`) group by group."""
        return self._reduce(rows, np.add)

    def largest(self, rows: FloatArray) -> FloatArray:
        """Maximum of ``rows`` (already gathered by :attr:`source`) group by group."""
        return self._reduce(rows, np.maximum)

    def _reduce(self, rows: FloatArray, operation: Callable[..., FloatArray]) -> FloatArray:
        if len(self._rounds) <= 1 and self._next is None:
            return rows
        result = rows[: self._rounds[0]].copy()
        start = self._rounds[0]
        for count in self._rounds[1:]:
            head = result[:count]
            operation(head, rows[start : start + count], out=head)
            start += count
        if self._next is None:
            return result
        return self._next._reduce(result[self._next.source], operation)


def _starts(ordered: NDArray[np.integer]) -> Rows:
    """Positions where a new value begins."""
    if len(ordered) == 0:
        return np.zeros(0, dtype=np.intp)
    return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
