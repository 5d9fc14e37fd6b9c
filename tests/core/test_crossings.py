"""Bifurcations of even multiplicity leave the sign of the determinant alone; they are told too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from brink.core.crossings import UNKNOWN, crossings
from brink.core.kernel import instruction_sets, trace
from brink.core.plan import make_plan
from brink.core.results import Status
from brink.core.solve import Settings, available_backends, solve_aqre
from brink.game.efg import read_efg
from brink.game.game import Game, GameBuilder

REFERENCE = Path(__file__).parent.parent / "reference" / "models" / "efg"
BACKENDS = available_backends()

each_backend = pytest.mark.parametrize("backend", BACKENDS)


def coordination(prizes: Sequence[float]) -> Game:
    """Chance picks one of several symmetric coordination games, and both players see which.

    Along the branch of even play each part has a pitchfork at λ = 2 / prize, where the two sides
    of logit(p) = λ prize (2p - 1) touch.
    """
    builder = GameBuilder("coordination", ["a", "b"])
    labels = [str(part) for part in range(len(prizes))]
    share = [1.0 / len(prizes)] * len(prizes)
    roots = builder.chance(0, labels, share) if len(prizes) > 1 else [0]
    for part, root in enumerate(roots):
        for i, child in enumerate(builder.decision(root, 0, ("a", part), ["x", "y"])):
            for j, leaf in enumerate(builder.decision(child, 1, ("b", part), ["x", "y"])):
                prize = prizes[part] if i == j else 0.0
                builder.end(leaf, f"end {part} {i} {j}", (prize, prize))
    return builder.build()[0]


def minority(players: int) -> Game:
    """Who is alone with a choice wins: permuting the players leaves the game as it is."""
    builder = GameBuilder("minority", [f"player {number}" for number in range(players)])

    def grow(node: int, moves: tuple[int, ...]) -> None:
        if len(moves) == players:
            alone = tuple(float(moves.count(move) == 1) for move in moves)
            builder.end(node, f"end {moves}", alone)
            return
        number = len(moves)
        for move, child in enumerate(builder.decision(node, number, number, ["x", "y"])):
            grow(child, (*moves, move))

    grow(0, ())
    return builder.build()[0]


def solved(game: Game, values: Sequence[float], backend: str):
    return solve_aqre(game.tree, game.payoffs, game.chance, list(values), backend=backend)


STOPS = {"single": [10.0], "few": np.linspace(1.0, 10.0, 7), "many": np.linspace(0.3, 10.0, 40)}


@pytest.mark.parametrize("stops", STOPS)
@each_backend
@pytest.mark.parametrize("copies", [1, 2, 3, 4])
def test_equal_parts_bifurcate_together(copies: int, backend: str, stops: str) -> None:
    found = solved(coordination([1.0] * copies), STOPS[stops], backend)
    above = found.rationality > 2.0
    expected = np.where(above, Status.NOT_UNIQUE, Status.SOLVED)
    np.testing.assert_array_equal(found.status[:, 0], expected)
    np.testing.assert_array_equal(found.bifurcations[:, 0], np.where(above, copies, 0))
    np.testing.assert_allclose(found.strategy, 0.5, atol=1e-9)


@each_backend
@pytest.mark.parametrize("copies", [2, 3, 4])
def test_below_the_critical_value_nothing_is_passed(copies: int, backend: str) -> None:
    found = solved(coordination([1.0] * copies), [1.5, 1.99], backend)
    np.testing.assert_array_equal(found.status, Status.SOLVED)
    np.testing.assert_array_equal(found.bifurcations, 0)


prizes = st.lists(st.floats(0.4, 3.0), min_size=1, max_size=5)


@each_backend
@given(
    base=prizes,
    close=st.sampled_from([0.0, 1e-5, 1e-3, 0.1]),
    stops=st.lists(st.floats(0.3, 12.0), min_size=1, max_size=5, unique=True),
)
@settings(max_examples=25, deadline=None)
def test_every_pitchfork_is_counted(
    backend: str, base: list[float], close: float, stops: list[float]
) -> None:
    """Equal, nearly equal or different parts, one long step or several."""
    worth = [*base, base[0] * (1 + close)]
    critical = 2.0 / np.array(worth)
    values = np.sort(stops)
    assume((np.diff(values) > 1e-3).all() if len(values) > 1 else True)
    assume((np.abs(values[:, None] - critical) > 1e-3).all())
    found = solved(coordination(worth), values, backend)
    passed = (critical < values[:, None]).sum(axis=1)
    np.testing.assert_array_equal(found.bifurcations[:, 0], passed)
    np.testing.assert_array_equal(found.status[:, 0] == Status.NOT_UNIQUE, passed > 0)
    np.testing.assert_allclose(found.strategy, 0.5, atol=1e-8)


@each_backend
@given(st.integers(0, 10_000), st.floats(-7.0, -1.0), st.integers(1, 2))
@settings(max_examples=12, deadline=None)
def test_a_generic_perturbation_leaves_one_branch(
    backend: str, seed: int, decade: float, copies: int
) -> None:
    """Unequal payoffs dissolve every pitchfork into a path with no other through it.

    Where they are so nearly equal that steps cannot tell, the draw may be called not unique.
    """
    game = coordination([1.0] * copies)
    noise = np.random.default_rng(seed).uniform(0.5, 1.0, (2, game.tree.n_leaves))
    noise[:, np.arange(game.tree.n_leaves) % 4 > 0] = 0.0  # both gain in the first outcomes
    payoffs = game.payoffs + 10.0**decade * noise
    found = solve_aqre(game.tree, payoffs, game.chance, [1.0, 10.0], backend=backend)
    unique = found.status[-1, 0] == Status.SOLVED
    assert found.certified.all()
    assert unique or decade < -5.0
    first = game.tree.set_start[:-1]
    assert not unique or (found.strategy[-1, first, 0] > 0.9).all()


@each_backend
def test_one_part_perturbed_leaves_the_other_pitchfork(backend: str) -> None:
    game = coordination([1.0, 1.0])
    payoffs = game.payoffs.copy()
    payoffs[:, 0] += 0.01
    found = solve_aqre(game.tree, payoffs, game.chance, [1.9, 10.0], backend=backend)
    assert found.status[:, 0].tolist() == [Status.SOLVED, Status.NOT_UNIQUE]
    assert found.bifurcations[-1, 0] == 1


@each_backend
@pytest.mark.parametrize("players", [3, 4])
def test_permuted_players_bifurcate_together(backend: str, players: int) -> None:
    """One eigenvalue for all differences between players: it vanishes ``players - 1`` times."""
    found = solved(minority(players), [0.5, 30.0], backend)
    assert found.status[:, 0].tolist() == [Status.SOLVED, Status.NOT_UNIQUE]
    assert found.bifurcations[-1, 0] == players - 1
    np.testing.assert_allclose(found.strategy, 0.5, atol=1e-8)


@each_backend
@pytest.mark.parametrize(("case", "top"), [(0, 11.54), (1, 20.0), (2, 7.69), (2, 15.38)])
@pytest.mark.parametrize("stops", [1, 59, 60])
def test_two_crossings_close_together_are_not_stepped_over(
    backend: str, case: int, top: float, stops: int
) -> None:
    """In this repeated game an eigenvalue dips below zero on a short stretch of a straight path."""
    game = read_efg(REFERENCE / f"M12_sunk_cost_{case}.efg")
    values = [top] if stops == 1 else list(np.linspace(0.1, top, stops))
    found = solved(game, values, backend)
    assert found.status[-1, 0] == Status.NOT_UNIQUE
    assert found.bifurcations[-1, 0] == 2
    # straight on: both types of the defender play alike, as they do from the start
    strategy = found.strategy[-1, :, 0]
    np.testing.assert_allclose(strategy[0:2], strategy[2:4], atol=1e-8)


@each_backend
def test_a_doubt_is_settled_draw_by_draw(backend: str) -> None:
    """Alone, among other draws, and on several threads, a draw gets the same answer."""
    game = coordination([1.0, 1.0])
    rng = np.random.default_rng(5)
    payoffs = np.repeat(game.payoffs[:, :, None], 40, axis=2)
    payoffs[..., 1::2] += 0.2 * rng.random((2, game.tree.n_leaves, 20))

    def together(threads: int):
        return solve_aqre(
            game.tree,
            payoffs,
            game.chance,
            [1.5, 10.0],
            backend=backend,
            settings=Settings(threads=threads),
        )

    one, two = together(1), together(2)
    for name in ("status", "bifurcations", "log_strategy", "operations"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    np.testing.assert_array_equal(one.status[0], Status.SOLVED)
    np.testing.assert_array_equal(one.status[1, ::2], Status.NOT_UNIQUE)
    np.testing.assert_array_equal(one.status[1, 1::2], Status.SOLVED)
    for draw in range(8):
        alone = solve_aqre(game.tree, payoffs[..., draw], game.chance, [1.5, 10.0], backend=backend)
        np.testing.assert_array_equal(alone.log_strategy[..., 0], one.log_strategy[..., draw])
        np.testing.assert_array_equal(alone.bifurcations[:, 0], one.bifurcations[:, draw])


@pytest.mark.skipif(len(instruction_sets()) < 2, reason="one instruction set only")
def test_instruction_sets_agree_on_crossings() -> None:
    game = coordination([1.0, 1.0, 0.7, 0.7])
    rng = np.random.default_rng(6)
    payoffs = np.repeat(game.payoffs[:, :, None], 33, axis=2)
    payoffs[..., 1::3] += 1e-3 * rng.random((2, game.tree.n_leaves, 11))
    results = [
        trace(
            make_plan(game.tree),
            payoffs,
            game.chance[None, :, None],
            np.array([2.5, 10.0]),
            instruction_set=name,
        )
        for name in instruction_sets()
    ]
    assert (results[0].bifurcations[:, 0] == [2, 4]).all()
    for other in results[1:]:
        for name in ("status", "bifurcations", "log_strategy", "operations"):
            np.testing.assert_array_equal(getattr(results[0], name), getattr(other, name))


# --- the judgement itself --------------------------------------------------------------------


def judge(before, now, reference, *, length, distance, ahead=False, single=False) -> int:
    column = [np.array(values, dtype=float)[:, None] for values in (before, now, reference)]
    return int(
        crossings(
            column[0],
            column[1],
            np.array([length]),
            column[2],
            np.array([distance]),
            np.array([ahead]),
            np.array([single]),
        )[0]
    )


@given(st.floats(0.05, 0.95), st.floats(0.2, 5.0), st.integers(2, 4))
def test_pivots_through_zero_are_told_from_pivots_through_infinity(
    part: float, slope: float, number: int
) -> None:
    """Pivots proportional to the distance from a point between, or to its inverse."""
    length, distance = 1e-3, 0.03
    x = np.array([part * length, (part - 1) * length, part * length + distance])
    zero, infinity = slope * x, 1.0 / (slope * x)
    options = {"length": length, "distance": distance}
    stacked = [[value] * number + [1.0] for value in zero]
    assert judge(*stacked, **options) == number
    assert judge(*stacked, **options, single=True) == number
    mixed = [[one, other, 1.0] for one, other in zip(zero, infinity, strict=True)]
    assert judge(*mixed, **options) == 0


def test_too_long_a_step_tells_nothing() -> None:
    far = {"length": 0.3, "distance": 0.3}
    assert judge([0.2, 0.2], [-0.1, -0.1], [0.5, 0.5], **far) == UNKNOWN
    assert judge([0.2, 0.2], [-0.1, -0.1], [0.5, 0.5], length=0.3, distance=0.0) == UNKNOWN
    # a reference ahead must lie beyond the step
    near = {"length": 0.01, "distance": 0.01, "ahead": True}
    assert judge([1e-5, 1e-5], [-1e-5, -1e-5], [-1, -1], **near) == UNKNOWN
