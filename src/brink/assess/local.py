"""Local slopes: how fast answers change as one input moves away from the central draw.

The response of the equilibrium is exact (implicit function theorem, one linear solve per lever;
see :mod:`brink.core.derivatives`). Only the last step, from strategies to answers, is a central
difference along that response, good to about ten digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brink.assess.evaluation import Evaluation
from brink.assess.levers import Lever, central_draw, free_levers
from brink.assess.resolving import Readout, solve_values
from brink.core.derivatives import Derivatives
from brink.core.tree import FloatArray

_STEP = 1e-5


@dataclass(frozen=True, eq=False)
class LocalSlopes:
    """Derivatives at the central draw, per stated range of each lever.

    Attributes:
        levers: What moves.
        asked: ``(Q, levers)`` of the answers; NaN where undefined.
        outcomes: ``(X, levers)`` of the outcomes' probabilities.
    """

    levers: tuple[Lever, ...]
    asked: FloatArray
    outcomes: FloatArray


def local_slopes(evaluation: Evaluation) -> LocalSlopes | None:
    """Slopes of all answers along all levers; None if the central draw has no solution.

    The answers are averages over the rationalities, as for tipping points.
    """
    ensemble = evaluation.ensemble
    compiled = ensemble.compiled
    space, tree = compiled.parameters, compiled.game.tree
    centre = central_draw(compiled, ensemble.overrides)[:, None]
    found = free_levers(compiled, ensemble.overrides)
    solved = solve_values(compiled, centre, ensemble.rationality, seed=ensemble.seed, workers=1)
    if not found or not solved.response.certified.all():
        return None
    up, down = _moved(found, centre, _STEP), _moved(found, centre, -_STEP)
    # Payoffs and chances are piecewise linear in most inputs: the difference is exact there.
    # Levers at a limit of what makes sense move to one side only.
    width = _widths(found)
    spread = _positions(found, _STEP) - _positions(found, -_STEP)
    payoffs = (space.payoffs(up) - space.payoffs(down)) / spread
    chance = _views(space.chance(up)) - _views(space.chance(down))
    chance = chance / spread
    views = _views(space.chance(centre))
    seen = views[: tree.n_players] if len(views) > 1 else views
    along = chance[: tree.n_players] if len(views) > 1 else chance
    at_centre = space.payoffs(centre)
    rates = []
    for level, value in enumerate(ensemble.rationality):
        log_strategy = np.repeat(solved.response.log_strategy[level], len(found), axis=-1)
        derivatives = Derivatives(
            tree, at_centre, seen if len(views) > 1 else seen[0], float(value), log_strategy
        )
        rates.append(derivatives.push(payoffs, along))
    rate = np.stack(rates)
    base = np.repeat(solved.response.log_strategy, len(found), axis=-1)
    odds = np.repeat(views, len(found), axis=-1)
    everybody = np.ones((len(base), len(found)), dtype=bool)
    read = Readout(evaluation)
    small = _STEP * width
    above = read(base + small * rate, odds + small * chance, everybody)
    below = read(base - small * rate, odds - small * chance, everybody)
    return LocalSlopes(
        found,
        (above.asked - below.asked) / (2.0 * _STEP),
        (above.outcomes - below.outcomes) / (2.0 * _STEP),
    )


def _widths(found: tuple[Lever, ...]) -> FloatArray:
    """``(levers,)`` stated ranges."""
    return np.array([lever.high - lever.low for lever in found])


def _positions(found: tuple[Lever, ...], step: float) -> FloatArray:
    """``(levers,)`` values a share ``step`` of the range away from the centre."""
    return np.array(
        [
            np.clip(lever.central + step * (lever.high - lever.low), lever.floor, lever.ceiling)
            for lever in found
        ]
    )


def _moved(found: tuple[Lever, ...], centre: FloatArray, step: float) -> FloatArray:
    """``(M, levers)`` the central draw with one lever moved in each column."""
    to = _positions(found, step)
    return np.concatenate(
        [lever.moved(centre, to[place : place + 1]) for place, lever in enumerate(found)], axis=1
    )


def _views(chance: FloatArray) -> FloatArray:
    return chance[None] if chance.ndim == 2 else chance
