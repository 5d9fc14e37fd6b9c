"""Solving again from solutions of similar draws gives what following the branch gives."""

import numpy as np
import pytest

from brink.core.resolve import resolve_aqre
from brink.core.results import Status
from brink.core.solve import available_backends, solve_aqre
from brink.core.tree import FloatArray
from brink.game.game import Game, GameBuilder


@pytest.fixture(scope="module")
def game() -> Game:
    """Two hidden types of a sender, two signals, a receiver who sees the signal alone."""
    builder = GameBuilder("signals", ["sender", "receiver"])
    kinds = builder.chance(0, ["strong", "weak"], [0.4, 0.6])
    for kind, node in enumerate(kinds):
        for signal, after in enumerate(
            builder.decision(node, 0, ("sent", kind), ["loud", "quiet"])
        ):
            for child in builder.decision(after, 1, ("heard", signal), ["yield", "fight", "wait"]):
                builder.end(child, "end", [0.0, 0.0])
    return builder.build()[0]


def _draws(game: Game, seed: int, size: int) -> tuple[FloatArray, FloatArray]:
    payoffs = np.random.default_rng(seed).random((2, game.tree.n_leaves, size))
    chance = np.random.default_rng(seed + 1).dirichlet([2.0, 3.0], size).T
    return payoffs, chance


@pytest.mark.parametrize("backend", available_backends())
@pytest.mark.parametrize("level", [0.5, 4.0])
def test_equals_following_the_branch(game: Game, backend: str, level: float) -> None:
    payoffs, chance = _draws(game, 1, 61)
    base = solve_aqre(game.tree, payoffs, chance, [level], backend=backend)
    other, odds = payoffs + 0.1 * _draws(game, 5, 61)[0], 0.8 * chance + 0.1
    wanted = solve_aqre(game.tree, other, odds, [level], backend=backend)
    found = resolve_aqre(game.tree, other, odds, level, base.log_strategy[0], backend=backend)
    alone = (wanted.status == Status.SOLVED) & (wanted.turning_points == 0)
    assert alone.mean() > 0.9
    assert np.abs(found.strategy - wanted.strategy)[0][:, alone[0]].max() < 1e-10
    assert found.certified.all()
    assert found.operations.mean() < wanted.operations.mean()


@pytest.mark.parametrize("backend", available_backends())
def test_draws_without_a_start_are_followed(game: Game, backend: str) -> None:
    payoffs, chance = _draws(game, 2, 9)
    wanted = solve_aqre(game.tree, payoffs, chance, [3.0], backend=backend)
    start = wanted.log_strategy[0].copy()
    start[:, 4] = np.nan
    start[0, 7] += 30.0  # far away: not to be trusted
    found = resolve_aqre(game.tree, payoffs, chance, 3.0, start, backend=backend)
    for column in (4, 7):
        assert found.operations[column] >= wanted.operations[column]
        assert np.array_equal(found.log_strategy[..., column], wanted.log_strategy[..., column])
    assert np.abs(found.strategy - wanted.strategy).max() < 1e-10


@pytest.mark.parametrize("backend", available_backends())
def test_neighbours_do_not_matter(game: Game, backend: str) -> None:
    payoffs, chance = _draws(game, 3, 23)
    base = solve_aqre(game.tree, payoffs, chance, [2.0], backend=backend).log_strategy[0]
    other = payoffs * 0.9
    together = resolve_aqre(game.tree, other, chance, 2.0, base, backend=backend)
    some = slice(5, 12)
    apart = resolve_aqre(
        game.tree, other[..., some], chance[:, some], 2.0, base[:, some], backend=backend
    )
    assert np.array_equal(together.log_strategy[..., some], apart.log_strategy)
    assert np.array_equal(together.residual[:, some], apart.residual)


def test_a_start_of_another_shape_is_refused(game: Game) -> None:
    payoffs, chance = _draws(game, 4, 3)
    with pytest.raises(ValueError, match="start must have shape"):
        resolve_aqre(game.tree, payoffs, chance, 1.0, np.zeros((3, 3)))
