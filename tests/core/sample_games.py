"""Random games with perfect recall, and draws for them."""

from __future__ import annotations

import numpy as np

from brink.core.tree import FloatArray, GameTree
from brink.game.game import Game, GameBuilder


def random_game(seed: int, players: int = 2, depth: int = 4, width: int = 3) -> Game:
    """Chance moves anywhere; players forget nothing and see others' moves and chance in part."""
    rng = np.random.default_rng(seed)
    builder = GameBuilder("random", [f"player {i}" for i in range(players)])
    owners = [int(rng.integers(-1, players)) for _ in range(depth)]
    owners[-1] = max(owners[-1], 0)
    widths = rng.integers(1, width + 1, size=depth).tolist()
    widths[-1] = max(widths[-1], 2)
    observed = rng.random((players, depth)) < 0.4
    short = rng.random(depth) < 0.4

    def grow(node: int, history: tuple[int, ...]) -> None:
        level = len(history)
        if level == depth or (level > 1 and short[level] and history[-1] == 0):
            builder.end(node, "end", rng.random(players))
            return
        owner, labels = owners[level], [f"m{i}" for i in range(widths[level])]
        if owner < 0:
            children = builder.chance(node, labels, rng.dirichlet(np.ones(len(labels)) * 3))
        else:
            known = tuple(
                move if owners[past] == owner or observed[owner, past] else -1
                for past, move in enumerate(history)
            )
            children = builder.decision(node, owner, (level, known), labels)
        for move, child in enumerate(children):
            grow(child, (*history, move))

    grow(0, ())
    return builder.build()[0]


def crisis_game(rounds: int = 2) -> Game:
    """A sender of two hidden types and a receiver take turns; ending a crisis ends the game."""
    builder = GameBuilder("crisis", ["sender", "receiver"])

    def grow(node: int, kind: str, history: tuple[str, ...]) -> None:
        if (history and history[-1] in ("yield", "fight")) or len(history) == 2 * rounds:
            builder.end(node, "end")
            return
        if len(history) % 2 == 0:
            moves = ["threaten", "yield", "wait"]
            children = builder.decision(node, 0, (kind, history), moves)
        else:
            moves = ["resist", "yield", "fight"]
            children = builder.decision(node, 1, history, moves)
        for move, child in zip(moves, children, strict=True):
            grow(child, kind, (*history, move))

    for kind, child in zip("ab", builder.chance(0, ["a", "b"], [0.4, 0.6]), strict=True):
        grow(child, kind, ())
    return builder.build()[0]


def random_payoffs(tree: GameTree, seed: int, draws: int) -> FloatArray:
    """``(P, L, B)`` independent uniform payoffs, the hardest kind."""
    return np.random.default_rng(seed).random((tree.n_players, tree.n_leaves, draws))


def random_chance(tree: GameTree, seed: int, views: int, draws: int) -> FloatArray:
    """``(views, C, B)`` random chance probabilities."""
    chance = np.random.default_rng(seed).random((views, tree.n_branches, draws)) + 0.1
    for start, stop in zip(tree.chance_start[:-1], tree.chance_start[1:], strict=True):
        chance[:, start:stop] /= chance[:, start:stop].sum(axis=1, keepdims=True)
    return chance
