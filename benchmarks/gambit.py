"""Gambit's agent logit solver on our games: same payoffs, processor time of its solver alone."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from brink.core.tree import LEAF, FloatArray
from brink.game.efg_write import to_efg
from brink.game.game import Game

SETTINGS = {
    "default": {"first_step": 0.03, "max_accel": 1.1},
    "fastest": {"first_step": 0.3, "max_accel": 2.0},
}


def load(game: Game, payoffs: FloatArray) -> Any:
    """The game as Gambit reads it from our file, with ``(P, L)`` payoffs."""
    import pygambit

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "game.efg"
        path.write_text(to_efg(replace(game, payoffs=payoffs)), encoding="utf-8")
        return pygambit.read_efg(str(path))


def trace(theirs: Any, rationality: float, settings: dict[str, float]) -> Any | None:
    """Gambit's solution at λ, or None where it gave up or stopped at another λ."""
    import pygambit

    try:
        answer = pygambit.qre.logit_solve_lambda(theirs, lam=rationality, **settings)[-1]
    except (RuntimeError, ValueError):
        return None
    return answer if abs(answer.lam - rationality) <= 1e-6 else None


def strategy(game: Game, answer: Any) -> FloatArray:
    """``(A,)`` probabilities of our actions in Gambit's solution."""
    result = np.full(game.tree.n_actions, np.nan)
    order = _depth_first_sets(game)
    for player, name in enumerate(game.players):
        own = [number for number in order if game.tree.set_player[number] == player]
        for number, (_, choice) in zip(own, list(answer.profile[name]), strict=True):
            for action in game.actions_of(number):
                result[action] = choice[game.action_labels[action]]
    return result


def run(
    game: Game, payoffs: FloatArray, rationality: float, settings: dict[str, float]
) -> tuple[float, FloatArray]:
    """Processor time of Gambit's solver over the draws, and ``(A, B)`` strategies.

    Columns are NaN where Gambit gave up or stopped at another λ than the one asked for.
    """
    spent = 0.0
    found = np.full((game.tree.n_actions, payoffs.shape[-1]), np.nan)
    for draw in range(payoffs.shape[-1]):
        theirs = load(game, payoffs[:, :, draw])
        start = time.process_time()
        answer = trace(theirs, rationality, settings)
        spent += time.process_time() - start
        if answer is not None:
            found[:, draw] = strategy(game, answer)
    return spent, found


def _depth_first_sets(game: Game) -> list[int]:
    """Information sets in the order in which Gambit meets them in a file."""
    tree, order, stack = game.tree, [], [0]
    seen: set[int] = set()
    while stack:
        node = stack.pop()
        if tree.owner[node] == LEAF:
            continue
        number = int(tree.information_set[node])
        if number >= 0 and number not in seen:
            seen.add(number)
            order.append(number)
        first = int(tree.first_child[node])
        stack.extend(reversed(range(first, first + int(tree.n_children[node]))))
    return order
