"""What every actor has seen so far, as numbers: equal numbers cannot be told apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from brink.core.tree import IntArray

Integers = NDArray[np.int64]


class InformationStates:
    """All information states of one actor: each is an earlier state and one thing seen since.

    State 0 is "has seen nothing". Things seen are numbers into a table of texts. States grow
    only through :meth:`after`, so an actor never forgets: perfect recall by construction.
    """

    def __init__(self) -> None:
        self.count = 1
        self._earlier: list[IntArray] = [np.array([-1], dtype=np.int32)]
        self._seen: list[IntArray] = [np.array([-1], dtype=np.int32)]
        self._texts: list[str] = []
        self._number_of_text: dict[tuple[str, int], int] = {}

    def text(self, words: str, variety: int = 0) -> int:
        """Number of a thing that can be seen; things of another variety differ unseen in words."""
        number = self._number_of_text.setdefault((words, variety), len(self._texts))
        if number == len(self._texts):
            self._texts.append(words)
        return number

    def after(self, state: IntArray, seen: Integers) -> IntArray:
        """``(M,)`` states after seeing the things ``seen`` (``(M,)``, distinct codes >= 0)."""
        if not len(state):
            return state
        width = int(seen.max()) + 1
        pairs = state.astype(np.int64) * width + seen
        distinct, place = numbered(pairs)
        self._earlier.append((distinct // width).astype(np.int32))
        self._seen.append((distinct % width).astype(np.int32))
        first = self.count
        self.count += len(distinct)
        return (first + place).astype(np.int32)

    def describe(self, states: IntArray) -> list[str]:
        """One text per state: everything seen, in order, separated by commas."""
        earlier, seen = np.concatenate(self._earlier), np.concatenate(self._seen)
        needed = np.zeros(self.count, dtype=bool)
        step = np.unique(states)
        while len(step) and step[-1] > 0:
            step = step[~needed[step]]
            needed[step] = True
            step = np.unique(earlier[step[step > 0]])
        numbers = np.flatnonzero(needed)
        known: dict[int, str] = {0: ""}
        # states are numbered as they arise, so what came before is described before
        for state, before, last in zip(
            numbers.tolist(), earlier[numbers].tolist(), seen[numbers].tolist(), strict=True
        ):
            if state:
                past, words = known[before], self._texts[last]
                known[state] = f"{past}, {words}" if past and words else past or words
        return [known[state] for state in states.tolist()]


def numbered(keys: Integers) -> tuple[Integers, Integers]:
    """Sorted distinct keys, and for each key its place among them; linear where keys are dense."""
    low = int(keys.min())
    spread = int(keys.max()) - low + 1
    if spread > 4 * len(keys) + 1024:
        distinct, place = np.unique(keys, return_inverse=True)
        return distinct, place.reshape(keys.shape)
    present = np.zeros(spread, dtype=bool)
    present[keys - low] = True
    place_of = np.cumsum(present) - 1
    return np.flatnonzero(present) + low, place_of[keys - low]


def distinct_rows(columns: Sequence[Integers]) -> tuple[NDArray[np.int64], Integers]:
    """Distinct rows of a table given by its columns, and for each row its place among them.

    Rows come in lexicographic order, like ``numpy.unique(axis=0)``, but in time linear in them.
    """
    place = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        lowest = int(column.min())
        width = int(column.max()) - lowest + 1
        place = numbered(place * width + (column - lowest))[1]
    first = np.empty(int(place.max()) + 1, dtype=np.int64)
    first[place[::-1]] = np.arange(len(place))[::-1]
    return np.column_stack([column[first] for column in columns]), place
