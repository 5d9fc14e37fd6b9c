"""Plays going on in the browser: dealt, continued, ended."""

from __future__ import annotations

import dataclasses
import itertools
from collections import OrderedDict
from typing import Any

from brink.assess.play import Ending, Seat, Turn, take_seat
from brink.errors import BrinkUsageError, Problem
from brink.scenario.compiled import CompiledScenario

MAX_PLAYS = 50


class Table:
    """The plays of one server; the oldest is forgotten when there are too many."""

    def __init__(self, compiled: CompiledScenario) -> None:
        self._compiled = compiled
        self._plays: OrderedDict[int, Seat] = OrderedDict()
        self._numbers = itertools.count(1)

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Deal (``actor``, ``seed``) or choose (``play``, ``option``).

        Raises:
            BrinkUsageError: E006 or E008, a request that makes no sense.
        """
        if "actor" in request:
            actor, seed = request["actor"], request.get("seed", 0)
            if not isinstance(actor, str) or isinstance(seed, bool) or not isinstance(seed, int):
                raise BrinkUsageError(Problem("E008", "the request is not well formed"))
            number = next(self._numbers)
            self._plays[number] = take_seat(self._compiled, actor, seed=abs(seed) % 2**32)
            while len(self._plays) > MAX_PLAYS:
                self._plays.popitem(last=False)
        else:
            number = request.get("play", 0)
            seat = self._plays.get(number) if isinstance(number, int) else None
            if seat is None:
                raise BrinkUsageError(Problem("E008", "there is no such play", "deal a new one"))
            seat.choose(str(request.get("option", "")))
        return {"play": number, **_as_data(self._plays[number].turn())}


def _as_data(turn: Turn | Ending) -> dict[str, Any]:
    kind = "ending" if isinstance(turn, Ending) else "turn"
    return {"kind": kind, **dataclasses.asdict(turn)}
