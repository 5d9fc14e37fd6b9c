"""The games the solver is timed on, and how their payoffs are drawn."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from brink.core.tree import FloatArray
from brink.game.game import Game, GameBuilder

Draw = Callable[[Game, int, np.random.Generator], FloatArray]


@dataclass(frozen=True)
class Case:
    """One row of the table.

    Attributes:
        name: What the row says.
        game: The tree.
        payoffs: ``(P, L, B)`` in [0, 1] for a number of draws.
        rationality: λ.
        draws: Different draws for the compiled core.
        numpy_draws: The first so many of them go to the NumPy core.
        referee_draws: The first so many of them go to Gambit.
        goal: Ratio of the compiled core to the fastest Gambit setting that we aim at.
        folded: Keep only draws whose path has a turning point.
    """

    name: str
    game: Game
    payoffs: Draw
    rationality: float
    draws: int
    numpy_draws: int
    referee_draws: int
    goal: float
    folded: bool = False


def threat_game(defender_types: int) -> Game:
    """A threat by a challenger of two hidden types, resistance, and the choice to carry it out.

    15 nodes when the defender has one type, 29 when it has two.
    """
    builder = GameBuilder("threat", ["challenger", "defender"])
    profiles = list(itertools.product(range(2), range(defender_types)))
    share = [1.0 / len(profiles)] * len(profiles)
    for root, (own, other) in zip(
        builder.chance(0, [str(profile) for profile in profiles], share), profiles, strict=True
    ):
        quiet, threat = builder.decision(root, 0, ("threat", own), ["quiet", "threat"])
        builder.end(quiet, f"quiet/{own}{other}/0")
        yields, resists = builder.decision(threat, 1, ("answer", other), ["yield", "resist"])
        builder.end(yields, f"yield/{own}{other}/01")
        back, fight = builder.decision(resists, 0, ("last", own), ["back down", "fight"])
        builder.end(back, f"back/{own}{other}/010")
        builder.end(fight, f"fight/{own}{other}/011")
    return builder.build()[0]


def move_game(types: tuple[int, ...], moves: tuple[tuple[int, int], ...]) -> Game:
    """Players with hidden types move in turn and see all moves; ``moves`` are (player, options)."""
    builder = GameBuilder("moves", [f"player {number}" for number in range(len(types))])
    profiles = list(itertools.product(*(range(count) for count in types)))

    def grow(node: int, profile: tuple[int, ...], history: tuple[int, ...]) -> None:
        label = "".join(str(move) for move in history)
        if len(history) == len(moves):
            builder.end(node, f"end/{''.join(str(own) for own in profile)}/{label}")
            return
        player, options = moves[len(history)]
        key = (player, profile[player], history)
        labels = [str(option) for option in range(options)]
        for move, child in enumerate(builder.decision(node, player, key, labels)):
            grow(child, profile, (*history, move))

    if len(profiles) == 1:
        grow(0, profiles[0], ())
    else:
        share = [1.0 / len(profiles)] * len(profiles)
        labels = [str(profile) for profile in profiles]
        for child, profile in zip(builder.chance(0, labels, share), profiles, strict=True):
            grow(child, profile, ())
    return builder.build()[0]


def crisis_game() -> Game:
    """Three players, twelve type profiles, six moves: 1,525 nodes."""
    return move_game((3, 2, 2), ((0, 2), (1, 2), (0, 2), (2, 2), (0, 2), (1, 2)))


def turns_game(moves: int) -> Game:
    """Two players, the first of two types, take turns: ``2^(moves + 2) - 1`` nodes."""
    return move_game((2, 1), tuple((move % 2, 2) for move in range(moves)))


def repeated_game(rounds: int) -> Game:
    """Two players choose at the same time, round after round; the first has two hidden types."""
    builder = GameBuilder("repeated", ["row", "column"])

    def grow(node: int, own: int, history: str) -> None:
        if len(history) == 2 * rounds:
            builder.end(node, f"end/{own}/{history}")
            return
        rows = builder.decision(node, 0, ("row", own, history), ["0", "1"])
        for a, middle in enumerate(rows):
            columns = builder.decision(middle, 1, ("column", history), ["0", "1"])
            for b, child in enumerate(columns):
                grow(child, own, f"{history}{a}{b}")

    for own, child in enumerate(builder.chance(0, ["0", "1"], [0.5, 0.5])):
        grow(child, own, "")
    return builder.build()[0]


def _ends(game: Game) -> tuple[np.ndarray, np.ndarray]:
    """``(L, types)`` types and ``(L, moves)`` moves of every leaf, -1 behind the last move."""
    types = [[int(c) for c in label.split("/")[1]] for label in game.leaf_labels]
    moves = [[int(c) for c in label.split("/")[2].split()[0]] for label in game.leaf_labels]
    longest = max(len(move) for move in moves)
    return np.array(types), np.array([move + [-1] * (longest - len(move)) for move in moves])


def _unit(values: FloatArray) -> FloatArray:
    """Scale each player's payoffs of each draw to [0, 1]; four digits, so that files are exact."""
    low, high = values.min(axis=1, keepdims=True), values.max(axis=1, keepdims=True)
    return np.round((values - low) / (high - low), 4)


def ranked(game: Game, draws: int, rng: np.random.Generator) -> FloatArray:
    """Threat games: uniform values in the usual order of the outcomes, war by type and draw."""
    order = {"quiet": (2, 2), "yield": (3, 0), "back": (1, 3)}
    values = np.sort(rng.random((2, 4, draws)), axis=1)
    result = np.empty((2, len(game.leaf_labels), draws))
    for leaf, label in enumerate(game.leaf_labels):
        outcome = label.split("/")[0]
        for player in range(2):
            result[player, leaf] = (
                values[player, order[outcome][player]] if outcome in order else rng.random(draws)
            )
    return _unit(result)


def additive(game: Game, draws: int, rng: np.random.Generator) -> FloatArray:
    """Every move, and every pair of successive moves, is worth something to every type."""
    types, moves = _ends(game)
    players = len(game.players)
    result = np.zeros((players, len(types), draws))
    for player in range(players):
        own = types[:, player] if types.shape[1] == players else types[:, 0]
        for step in range(moves.shape[1]):
            worth = rng.normal(size=(own.max() + 1, moves.max() + 2, draws))
            result[player] += worth[own, moves[:, step]]
            if step:
                pair = rng.normal(size=(moves.max() + 2, moves.max() + 2, draws))
                result[player] += pair[moves[:, step - 1], moves[:, step]]
    return _unit(result)


def stages(game: Game, draws: int, rng: np.random.Generator) -> FloatArray:
    """Repeated games: the stage payoffs, by type of the row player, add up."""
    types, moves = _ends(game)
    stage = rng.random((2, 2, 2, 2, draws))  # player, type, row, column
    result = np.zeros((2, len(types), draws))
    for step in range(0, moves.shape[1], 2):
        result += stage[:, types[:, 0], moves[:, step], moves[:, step + 1]]
    return _unit(result)


def independent(game: Game, draws: int, rng: np.random.Generator) -> FloatArray:
    """Every payoff of its own: no crisis, but a hard test."""
    return np.round(rng.random((len(game.players), len(game.leaf_labels), draws)), 4)


def cases() -> list[Case]:
    """The rows, small to large."""
    short, long = threat_game(1), threat_game(2)
    middle = move_game((2, 1), ((0, 2), (1, 2), (0, 2), (1, 2)))
    three = move_game((2, 2, 1), ((0, 3), (1, 3), (2, 2), (0, 2), (1, 2)))
    repeated = repeated_game(4)
    crisis = crisis_game()
    folded = "folded: "
    return [
        Case("threat, one-sided types", short, ranked, 10.0, 20_000, 10_000, 150, 100),
        Case("threat, one-sided types", short, ranked, 50.0, 20_000, 10_000, 150, 50),
        Case("threat, two-sided types", long, ranked, 10.0, 20_000, 10_000, 150, 100),
        Case("threat, two-sided types", long, ranked, 50.0, 20_000, 10_000, 150, 50),
        Case("four moves, two types", middle, additive, 10.0, 10_000, 5_000, 80, 100),
        Case("four moves, two types", middle, additive, 50.0, 10_000, 5_000, 80, 50),
        Case("three players, five moves", three, additive, 10.0, 1_500, 1_000, 20, 180),
        Case("three players, five moves", three, additive, 50.0, 1_500, 1_000, 20, 180),
        Case("repeated, four rounds", repeated, stages, 10.0, 1_000, 500, 6, 1_000),
        Case("crisis, 12 type profiles", crisis, additive, 20.0, 1_000, 500, 6, 180),
        Case(
            f"{folded}threat, independent payoffs",
            long,
            independent,
            50.0,
            *(1_500, 1_500, 60, 20),
            True,
        ),
        Case(
            f"{folded}four moves, independent",
            middle,
            independent,
            50.0,
            *(1_500, 1_000, 40, 20),
            True,
        ),
        Case(
            f"{folded}three players, independent",
            three,
            independent,
            50.0,
            *(400, 100, 5, 20),
            True,
        ),
    ]
