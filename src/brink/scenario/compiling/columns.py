"""Conditions evaluated on many paths of play at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from brink.scenario.model import AllOf, AnyOf, Case, Condition, Is, Not

Choices = NDArray[np.int16]
Booleans = NDArray[np.bool_]

NOT_DECIDED = -1


@dataclass(frozen=True)
class Columns:
    """What was decided on each of ``M`` paths: one column per move, result and actor's type.

    Attributes:
        size: ``M``.
        names: Column name -> names of its values.
        values: Column name -> ``(M,)`` index into the names, -1 where not decided. Columns
            that are absent count as not decided anywhere.
    """

    size: int
    names: Mapping[str, Sequence[str]]
    values: Mapping[str, Choices]

    def holds(self, condition: Condition) -> Booleans:
        """``(M,)`` the paths on which ``condition`` holds so far."""
        match condition:
            case Is(name=name, options=wanted):
                column = self.values.get(name)
                if column is None:
                    return np.zeros(self.size, dtype=bool)
                known = list(self.names[name])
                codes = [known.index(option) for option in wanted if option in known]
                if len(codes) == 1:
                    return np.asarray(column == codes[0])
                return np.isin(column, codes)
            case Not(part=part):
                return ~self.holds(part)
            case AllOf(parts=parts):
                every = np.ones(self.size, dtype=bool)
                for part in parts:
                    every &= self.holds(part)
                return every
            case AnyOf(parts=parts, at_least=at_least):
                if at_least == 1:
                    some = np.zeros(self.size, dtype=bool)
                    for part in parts:
                        some |= self.holds(part)
                    return some
                count = np.zeros(self.size, dtype=np.int32)
                for part in parts:
                    count += self.holds(part)
                return np.asarray(count >= at_least)

    def first_case(self, cases: Sequence[Case]) -> NDArray[np.int64]:
        """``(M,)`` index of the first case that holds, -1 where none does."""
        result = np.full(self.size, -1, dtype=np.int64)
        for number, case in reversed(list(enumerate(cases))):
            result[self.holds(case.when)] = number
        return result
