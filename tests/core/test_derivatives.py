"""Exact derivatives against central differences, and the adjoint against the tangent."""

import numpy as np
import pytest
from sample_games import crisis_game, random_chance, random_game, random_payoffs

from brink.core.derivatives import Derivatives
from brink.core.solve import solve_aqre


def directions(tree, seed, views):
    rng = np.random.default_rng(seed)
    chance = rng.normal(size=(views, tree.n_branches, 3))
    for start, stop in zip(tree.chance_start[:-1], tree.chance_start[1:], strict=True):
        chance[:, start:stop] -= chance[:, start:stop].mean(axis=1, keepdims=True)
    return rng.normal(size=(tree.n_players, tree.n_leaves, 3)), chance, 0.7


@pytest.mark.parametrize("own_views", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_push_and_pull(seed, own_views):
    tree = (random_game(seed, 2 + seed % 2, 4) if seed else crisis_game()).tree
    views = tree.n_players if own_views else 1
    payoffs, chance = random_payoffs(tree, seed, 3), random_chance(tree, seed, views, 3)
    by_payoff, by_chance, by_rationality = directions(tree, seed, views)
    if views == 1:
        chance, by_chance = chance[0], by_chance[0]

    def strategies(step):
        found = solve_aqre(
            tree,
            payoffs + step * by_payoff,
            chance + step * by_chance,
            3.0 + step * by_rationality,
            backend="numpy",
        )
        assert found.certified.all()
        return found.log_strategy[0]

    at = Derivatives(tree, payoffs, chance, 3.0, strategies(0.0))
    forward = at.push(by_payoff, by_chance, by_rationality)
    step = 1e-5
    differences = (strategies(step) - strategies(-step)) / (2 * step)
    np.testing.assert_allclose(forward, differences, atol=2e-7, rtol=1e-6)

    weights = np.random.default_rng(seed).normal(size=forward.shape)
    backward = at.pull(weights)
    total = (
        (backward.payoffs * by_payoff).sum(axis=(0, 1))
        + (backward.chance * by_chance.reshape(backward.chance.shape)).sum(axis=(0, 1))
        + backward.rationality * by_rationality
    )
    np.testing.assert_allclose(total, (weights * forward).sum(axis=0), rtol=1e-9, atol=1e-10)
    assert (backward.pivot > 0).all()


def test_one_choice_in_closed_form():
    """For a single logit choice, d log σ(a) / d u(b) = λ ([a = b] - σ(b))."""
    from brink.game.game import GameBuilder

    builder = GameBuilder("x", ["a"])
    for value, leaf in zip((0.2, 0.9, 0.4), builder.decision(0, 0, "x", list("abc")), strict=True):
        builder.end(leaf, "end", (value,))
    game = builder.build()[0]
    found = solve_aqre(game.tree, game.payoffs, game.chance, 4.0, backend="numpy")
    at = Derivatives(game.tree, game.payoffs, game.chance, 4.0, found.log_strategy[0])
    strategy = found.strategy[0, :, 0]
    for action in range(3):
        weights = np.zeros((3, 1))
        weights[action] = 1.0
        expected = 4.0 * (np.eye(3)[action] - strategy)
        np.testing.assert_allclose(at.pull(weights).payoffs[0, :, 0], expected, atol=1e-12)


def test_unsolved_draws_have_no_derivatives():
    tree = crisis_game(1).tree
    payoffs = random_payoffs(tree, 0, 2)
    found = solve_aqre(tree, payoffs, [0.4, 0.6], 2.0, backend="numpy")
    broken = found.log_strategy[0].copy()
    broken[:, 1] = np.nan
    gradient = Derivatives(tree, payoffs, [0.4, 0.6], 2.0, broken).pull(np.ones_like(broken))
    assert np.isfinite(gradient.payoffs[..., 0]).all()
    assert np.isnan(gradient.rationality[1])


def test_probabilities_of_zero_have_no_derivative():
    tree = crisis_game(1).tree
    payoffs = random_payoffs(tree, 0, 1)
    found = solve_aqre(tree, payoffs, [1.0, 0.0], 2.0, backend="numpy")
    at = Derivatives(tree, payoffs, [1.0, 0.0], 2.0, found.log_strategy[0])
    gradient = at.pull(np.ones_like(found.log_strategy[0])).chance[0, :, 0]
    assert np.isfinite(gradient[0])
    assert np.isnan(gradient[1])
