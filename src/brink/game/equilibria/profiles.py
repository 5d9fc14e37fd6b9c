"""Profiles as people write them (labels to probabilities) and as arrays."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping

import numpy as np

from brink.core.tree import FloatArray
from brink.errors import BrinkInputError, Problem, shortened
from brink.game.game import Game

Profile = Mapping[str, Mapping[str, float]]

SUM_TOLERANCE = 1e-6
"""How far the probabilities of one information set may sum from one."""

ZERO = 1e-9
"""Probabilities up to this count as never."""


def strategy_of(game: Game, profile: Profile) -> FloatArray:
    """Return ``(A,)`` probabilities of a profile keyed by set label, then action label.

    Actions left out count as never chosen; sets may not be left out.

    Raises:
        BrinkInputError: ``E530`` unknown or missing information set, ``E531`` unknown action,
            ``E532`` probabilities that are none; all mistakes at once.
    """
    result = np.zeros(game.tree.n_actions)
    number_of = {label: number for number, label in enumerate(game.set_labels)}
    problems = [
        _unknown("information set", "E530", label, game.set_labels)
        for label in profile
        if label not in number_of
    ]
    for label, number in number_of.items():
        if label not in profile:
            problems.append(Problem("E530", f"the profile says nothing about {shortened(label)!r}"))
            continue
        actions = {game.action_labels[action]: action for action in game.actions_of(number)}
        for action, value in profile[label].items():
            if action not in actions:
                problems.append(
                    _unknown(f"action at {shortened(label)!r}", "E531", action, actions)
                )
            elif not (math.isfinite(value) and value >= -SUM_TOLERANCE):
                problems.append(
                    Problem("E532", f"{value} at {shortened(label)!r} is not a probability")
                )
            else:
                result[actions[action]] = value if value > ZERO else 0.0
        here = list(actions.values())
        total = float(result[here].sum())
        if abs(total - 1.0) > SUM_TOLERANCE:
            problems.append(
                Problem(
                    "E532",
                    f"the probabilities at {shortened(label)!r} sum to {total:.7g}, not 1",
                )
            )
        else:
            result[here] /= total
    if problems:
        raise BrinkInputError(*problems)
    return result


def profile_of(game: Game, strategy: FloatArray) -> dict[str, dict[str, float]]:
    """Return a strategy ``(A,)`` keyed by set label, then action label."""
    return {
        label: {
            game.action_labels[action]: float(strategy[action])
            for action in game.actions_of(number)
        }
        for number, label in enumerate(game.set_labels)
    }


def _unknown(
    what: str, code: str, label: str, known: Mapping[str, int] | tuple[str, ...]
) -> Problem:
    near = difflib.get_close_matches(label, list(known), n=1)
    listed = ", ".join(shortened(name, 30) for name in list(known)[:8])
    remedy = f"did you mean {near[0]!r}?" if near else f"there are: {listed}"
    return Problem(code, f"there is no {what} called {shortened(label)!r}", remedy)
