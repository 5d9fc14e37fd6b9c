"""Rival equilibria: the searches, the verifier and the refinements on textbook games."""

from __future__ import annotations

import dataclasses
import io
import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_games import games
from scipy.optimize import linprog

from brink.core.tree import FloatArray
from brink.errors import BrinkInputError, BrinkUsageError
from brink.game.api import equilibria, solve, to_efg, verify
from brink.game.equilibria.linear import least_maximum, nonnegative_solution
from brink.game.equilibria.play import Play
from brink.game.equilibria.pure import pure_equilibria
from brink.game.equilibria.quantal import quantal_rivals
from brink.game.equilibria.refine import rejections
from brink.game.equilibria.verify import judge
from brink.game.game import Game, GameBuilder


def pure(game: Game, **chosen: str) -> dict[str, dict[str, float]]:
    return {
        label: {
            game.action_labels[a]: float(game.action_labels[a] == chosen[label])
            for a in game.actions_of(number)
        }
        for number, label in enumerate(game.set_labels)
    }


def bimatrix(first: FloatArray, second: FloatArray) -> Game:
    """Both choose at once; the second does not see what the first does."""
    builder = GameBuilder("bimatrix", ["Row", "Col"])
    rows = builder.decision(0, 0, "row", [f"r{n}" for n in range(first.shape[0])])
    for r, node in enumerate(rows):
        columns = builder.decision(node, 1, "col", [f"c{n}" for n in range(first.shape[1])])
        for c, end in enumerate(columns):
            builder.end(end, f"{r}{c}", [first[r, c], second[r, c]])
    return builder.build()[0]


def horse() -> Game:
    """Selten (1975), International Journal of Game Theory 4, figure 1: the horse."""
    builder = GameBuilder("horse", ["One", "Two", "Three"])
    across, down = builder.decision(0, 0, "one", ["A", "D"])
    over, under = builder.decision(across, 1, "two", ["a", "d"])
    builder.end(over, "across", [1, 1, 1])
    for node, payoffs in ((down, [(3, 3, 2), (0, 0, 0)]), (under, [(4, 4, 0), (0, 0, 1)])):
        for end, values in zip(
            builder.decision(node, 2, "three", ["L", "R"]), payoffs, strict=True
        ):
            builder.end(end, "end", values)
    return builder.build()[0]


def predation() -> Game:
    """Entry, then both firms choose at once: Mas-Colell, Whinston and Green (1995), ch. 9."""
    builder = GameBuilder("predation", ["Entrant", "Incumbent"])
    out, enter = builder.decision(0, 0, "entry", ["out", "in"])
    builder.end(out, "out", [0, 2])
    table = {"fight": [(-3, -1), (1, -2)], "share": [(-2, -1), (3, 1)]}
    for node, move in zip(builder.decision(enter, 0, "post", list(table)), table, strict=True):
        for end, values in zip(
            builder.decision(node, 1, "reply", ["fight", "share"]), table[move], strict=True
        ):
            builder.end(end, move, values)
    return builder.build()[0]


# The verifier.


def test_a_nash_equilibrium_that_no_beliefs_support() -> None:
    """In the horse, (D, a, L) is Nash, but Two would rather play d (Selten 1975)."""
    game = horse()
    verdict = verify(game, pure(game, one="D", two="a", three="L"))
    assert verdict.kind == "Nash equilibrium"
    assert "at information set 'two' another move is better" in verdict.sentence
    assert verdict.outcomes == {"end": 1.0}
    good = verify(game, pure(game, one="A", two="a", three="R"))
    assert good.kind == "sequential equilibrium"
    assert good.unreached == ("three",)
    # Three has to believe in D with at most one chance in three (Kreps and Wilson 1982).
    assert good.beliefs["three"]["D"] <= 1 / 3 + 1e-9


def test_weak_perfect_bayesian_but_not_sequential() -> None:
    game = predation()
    verdict = verify(game, pure(game, entry="out", post="share", reply="fight"))
    assert verdict.is_weak_perfect_bayesian
    assert verdict.is_sequential is False
    assert verdict.kind == "weak perfect Bayesian equilibrium"
    assert verdict.beliefs["reply"]["in / fight"] >= 2 / 3 - 1e-9
    assert "not sequential" in verdict.sentence


def test_stated_beliefs_are_judged() -> None:
    game = predation()
    profile = pure(game, entry="out", post="share", reply="fight")
    believing = {"reply": {"in / fight": 1.0}}
    verdict = verify(game, profile, believing)
    assert verdict.is_weak_perfect_bayesian
    assert verdict.is_sequential is False
    doubting = {"reply": {"in / fight": 0.0, "in / share": 1.0}}
    assert not verify(game, profile, doubting).is_weak_perfect_bayesian
    horse_game = horse()
    found = verify(
        horse_game,
        pure(horse_game, one="A", two="a", three="R"),
        {"three": {"D": 0.25, "A / d": 0.75}},
    )
    assert found.is_sequential is True
    assert found.beliefs["three"] == {"D": 0.25, "A / d": 0.75}


def test_regret_lets_a_player_change_all_moves_at_once() -> None:
    """Each move alone is optimal, both together are not: only agents are in equilibrium."""
    builder = GameBuilder("two moves", ["Solo"])
    first = builder.decision(0, 0, "one", ["stay", "go"])
    builder.end(first[0], "home", [1])
    second = builder.decision(first[1], 0, "two", ["back", "on"])
    builder.end(second[0], "lost", [0])
    builder.end(second[1], "there", [2])
    game = builder.build()[0]
    verdict = verify(game, pure(game, one="stay", two="back"))
    assert verdict.regret == {"Solo": 1.0}
    assert verdict.gains["one"] == 0.0
    assert verdict.sentence == "not an equilibrium: player 'Solo' gains 1 by deviating"


def test_what_chance_rules_out_does_not_matter() -> None:
    builder = GameBuilder("never", ["Solo"])
    often, never = builder.chance(0, ["often", "never"], [1.0, 0.0])
    for key, node in (("one", often), ("two", never)):
        for value, end in enumerate(builder.decision(node, 0, key, ["low", "high"])):
            builder.end(end, key, [value])
    game = builder.build()[0]
    assert verify(game, pure(game, one="high", two="high")).kind == "sequential equilibrium"
    assert verify(game, pure(game, one="high", two="low")).kind == "Nash equilibrium"
    assert solve(game, 3.0).is_certified


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"three": None}, "E530 the profile says nothing about 'three'"),
        ({"thre": {"L": 1.0}}, "E530 there is no information set called 'thre'; did you mean"),
        ({"one": {"A": 0.5, "E": 0.5}}, "E531 there is no action at 'one' called 'E'"),
        ({"one": {"A": 0.5}}, "E532 the probabilities at 'one' sum to 0.5, not 1"),
        ({"one": {"A": -0.5, "D": 1.5}}, "E532 -0.5 at 'one' is not a probability"),
        ({"one": {"A": float("nan"), "D": 1}}, "E532 nan at 'one' is not a probability"),
    ],
)
def test_profiles_that_do_not_fit(change: dict[str, dict[str, float] | None], message: str) -> None:
    game = horse()
    profile = {**pure(game, one="A", two="a", three="R"), **change}
    with pytest.raises(BrinkInputError) as caught:
        verify(game, {label: play for label, play in profile.items() if play is not None})
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("beliefs", "message"),
    [
        ({"nobody": {}}, "E530"),
        ({"three": {"elsewhere": 1.0}}, "E531 no history 'elsewhere' leads to 'three'; there are"),
        ({"three": {"D": 0.2}}, "E532 the beliefs at 'three'"),
    ],
)
def test_beliefs_that_do_not_fit(beliefs: dict[str, dict[str, float]], message: str) -> None:
    game = horse()
    with pytest.raises(BrinkInputError, match=message):
        verify(game, pure(game, one="A", two="a", three="R"), beliefs)


def all_strategies(game: Game) -> list[FloatArray]:
    starts = game.tree.set_start
    choices = [range(int(a), int(b)) for a, b in itertools.pairwise(starts)]
    result = []
    for chosen in itertools.product(*choices):
        strategy = np.zeros(game.tree.n_actions)
        strategy[list(chosen)] = 1.0
        result.append(strategy)
    return result


def n_profiles(game: Game) -> int:
    return int(np.prod(np.diff(game.tree.set_start).astype(float)))


@given(games(max_depth=3), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_best_responses_match_brute_force(game: Game, seed: int) -> None:
    if n_profiles(game) > 300:
        return
    tree, play = game.tree, Play(game)
    generator = np.random.default_rng(seed)
    weights = generator.exponential(size=tree.n_actions)
    mixed = weights / np.add.reduceat(weights, tree.set_start[:-1])[tree.action_set]
    best = play.best_response_values(mixed)
    everything = np.array(all_strategies(game)).T
    for player in range(tree.n_players):
        mine = tree.set_player[tree.action_set] == player
        tried = np.where(mine[:, None], everything, mixed[:, None])
        values = play.values(tried)[player, 0]
        assert best[player] == pytest.approx(values.max(), rel=1e-9, abs=1e-6)


@given(games(max_depth=3, max_players=3, small_payoffs=True))
@settings(max_examples=30, deadline=None)
def test_the_pure_search_misses_and_invents_nothing(game: Game) -> None:
    if n_profiles(game) > 120:
        return
    play = Play(game)
    expected = {
        strategy.tobytes() for strategy in all_strategies(game) if judge(play, strategy).weak
    }
    found = pure_equilibria(play)
    assert found.complete
    assert {judgement.strategy.tobytes() for judgement in found.found} == expected


@given(games(max_depth=3, max_players=2, small_payoffs=True), st.floats(0.1, 10), st.floats(-5, 5))
@settings(max_examples=20, deadline=None)
def test_verdicts_ignore_the_scale_of_payoffs(game: Game, scale: float, shift: float) -> None:
    if n_profiles(game) > 60:
        return
    other = dataclasses.replace(game, payoffs=game.payoffs * scale + shift)
    for strategy in all_strategies(game):
        one, two = judge(Play(game), strategy), judge(Play(other), strategy)
        assert (one.nash, one.weak, one.sequential) == (two.nash, two.weak, two.sequential)


@given(games(max_depth=4, max_players=3, small_payoffs=True))
@settings(max_examples=25, deadline=None)
def test_regrets_are_those_that_gambit_computes(game: Game) -> None:
    gambit = pytest.importorskip("pygambit")
    theirs = gambit.read_efg(io.BytesIO(to_efg(game).encode())).mixed_behavior_profile()
    uniform = {
        label: dict.fromkeys(
            (game.action_labels[a] for a in game.actions_of(number)),
            1.0 / len(game.actions_of(number)),
        )
        for number, label in enumerate(game.set_labels)
    }
    ours = verify(game, uniform)
    assert max(ours.regret.values()) == pytest.approx(float(theirs.max_regret()), abs=1e-9)
    gains = [gain for gain in ours.gains.values() if gain is not None]
    assert max(gains) == pytest.approx(float(theirs.agent_max_regret()), abs=1e-9)


# The searches.


def test_all_equilibria_of_a_coordination_game() -> None:
    payoffs = np.array([[2.0, 0.0], [0.0, 1.0]])
    found = equilibria(bimatrix(payoffs, payoffs), rationality=8.0)
    assert sorted(entry.verification.expected["Row"] for entry in found.found) == pytest.approx(
        [2 / 3, 1.0, 2.0]
    )
    assert found.pure_complete
    assert not found.complete
    assert "there may be others" in found.sentence
    assert found.quantal is not None
    assert len(found.quantal.found) == 3


def test_as_many_equilibria_as_gambit_finds() -> None:
    """Generic bimatrix games have finitely many equilibria, and Gambit lists all of them."""
    gambit = pytest.importorskip("pygambit")
    generator = np.random.default_rng(11)
    for _ in range(6):
        first, second = np.round(generator.uniform(0, 10, size=(2, 3, 3)), 3)
        game = bimatrix(first, second)
        table = gambit.read_efg(io.BytesIO(to_efg(game).encode()))
        theirs = gambit.nash.enummixed_solve(table, rational=True)
        ours = equilibria(game)
        assert len(ours.found) == len(theirs.equilibria), (first, second)


def test_equilibria_that_play_out_alike_share_a_class() -> None:
    found = equilibria(predation()).found
    by_class: dict[int, set[tuple[str, ...]]] = {}
    for entry in found:
        shown = tuple(sorted(entry.verification.outcomes))
        by_class.setdefault(entry.outcome_class, set()).add(shown)
    assert sorted(map(list, by_class.values())) == [[("out",)], [("share",)]]
    assert len(found) > len(by_class)


def test_nothing_is_called_complete_that_is_not() -> None:
    payoffs = np.array([[2.0, 0.0], [0.0, 1.0]])
    stopped = equilibria(bimatrix(payoffs, payoffs), max_steps=3)
    assert not stopped.pure_complete
    assert not stopped.complete
    assert "stopped after 3 choices" in stopped.sentence
    few = equilibria(bimatrix(payoffs, payoffs), max_found=1)
    assert not few.pure_complete
    assert "stopped at 1 equilibria" in few.sentence


def test_perfect_information_without_ties_has_one_equilibrium_and_no_other() -> None:
    builder = GameBuilder("entry", ["Firm", "Rival"])
    out, enter = builder.decision(0, 0, "firm", ["out", "in"])
    builder.end(out, "out", [1, 5])
    fight, share = builder.decision(enter, 1, "rival", ["fight", "share"])
    builder.end(fight, "war", [0, 0])
    builder.end(share, "peace", [2, 2])
    found = equilibria(builder.build()[0])
    assert found.complete
    (only,) = found.found
    assert only.name == "1: pure sequential equilibrium"
    assert only.verification.outcomes == {"peace": 1.0}
    assert found.sentence.endswith("there are no others")


def test_large_games_are_not_searched_and_the_answer_says_so() -> None:
    builder = GameBuilder("wide", ["Solo"])
    for node in builder.decision(0, 0, "one", [str(n) for n in range(3_100)]):
        builder.end(node, "end", [0])
    found = equilibria(builder.build()[0])
    assert found.found == ()
    assert not found.complete
    assert found.sentence.startswith("not searched: the game has 3,101 nodes")


def test_same_seed_same_answer() -> None:
    game = horse()
    one, two = (quantal_rivals(Play(game), 5.0, seed=3) for _ in range(2))
    assert one == two


@given(games(max_depth=3, max_players=2))
@settings(max_examples=15, deadline=None)
def test_many_starts_agree_with_the_certified_solver(game: Game) -> None:
    scale = 1.0 / max(float(np.ptp(game.payoffs)), 1.0)
    solution = solve(game, scale)
    assert solution.is_certified
    rivals = quantal_rivals(Play(game), scale, starts=6)
    profiles = [
        [p for actions in rival.profile.values() for p in actions.values()]
        for rival in rivals.found
    ]
    certified = [p for actions in (solution.profile or {}).values() for p in actions.values()]
    assert min(np.abs(np.subtract(profile, certified)).max() for profile in profiles) <= 1e-7


# Refinements.


def signalling(
    prior: float, sender: Sequence[Sequence[float]], receiver: Sequence[Sequence[float]]
) -> Game:
    """Two types (strong, weak), quiet ends the game, speak is answered by yield or resist.

    Args:
        prior: Of the strong type.
        sender: Per type: payoff of quiet, of speak-yield, of speak-resist.
        receiver: Per type: payoff of speak-yield, of speak-resist.
    """
    builder = GameBuilder("signal", ["Sender", "Receiver"])
    types = builder.chance(0, ["strong", "weak"], [prior, 1 - prior])
    for kind, node in enumerate(types):
        label = ["strong", "weak"][kind]
        quiet, speak = builder.decision(node, 0, label, ["quiet", "speak"])
        builder.end(quiet, "quiet", [sender[kind][0], 0])
        for reply, end in enumerate(builder.decision(speak, 1, "heard", ["yield", "resist"])):
            builder.end(end, "answered", [sender[kind][1 + reply], receiver[kind][reply]])
    return builder.build()[0]


def criteria(game: Game, **chosen: str) -> list[str]:
    play = Play(game)
    profile = pure(game, **chosen)
    strategy = np.array([p for actions in profile.values() for p in actions.values()])
    judgement = judge(play, strategy)
    assert judgement.weak
    return [rejection.criterion for rejection in rejections(play, judgement)[0]]


SILENT = {"strong": "quiet", "weak": "quiet", "heard": "resist"}
RECEIVER = [(1, 0), (0, 1)]  # yield to the strong, resist the weak


def test_intuitive_criterion_excludes_whoever_cannot_gain() -> None:
    game = signalling(0.2, [(1, 2, 0), (1, 0.5, 0)], RECEIVER)
    assert criteria(game, **SILENT) == ["intuitive criterion", "D1", "universal divinity"]
    (entry,) = [e for e in equilibria(game).found if e.is_pure and e.rejections]
    assert entry.rejections[0].sentence == (
        "intuitive criterion: nobody sends 'speak', but weak could not gain from it whatever the "
        "sensible reply; once that is understood at heard, strong would rather send it"
    )
    assert entry.refinements_applied == ("intuitive criterion", "D1", "universal divinity")


def test_d1_excludes_whoever_gains_less_often() -> None:
    # Strong gains if yield has probability above 1/3, weak only above 2/3: both can gain.
    game = signalling(0.2, [(1, 3, 0), (1, 1.5, 0)], RECEIVER)
    assert criteria(game, **SILENT) == ["D1", "universal divinity"]


def test_no_criterion_where_the_weak_type_is_the_keener_one() -> None:
    game = signalling(0.2, [(1, 1.5, 0), (1, 3, 0)], RECEIVER)
    assert criteria(game, **SILENT) == []


def test_no_criterion_applies_to_types_that_are_alike() -> None:
    game = signalling(0.2, [(1, 2, 0), (1, 2, 0)], RECEIVER)
    assert criteria(game, **SILENT) == []


# Linear programmes.


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
@settings(max_examples=80, deadline=None)
def test_linear_programmes_match_a_referee(rows: int, columns: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    matrix = generator.integers(-5, 6, size=(rows, columns)).astype(float)
    value, point = least_maximum(matrix)
    referee = linprog(
        np.r_[np.zeros(columns), 1.0],
        A_ub=np.c_[matrix, -np.ones(rows)],
        b_ub=np.zeros(rows),
        A_eq=[np.r_[np.ones(columns), 0.0]],
        b_eq=[1.0],
        bounds=[(0, None)] * columns + [(None, None)],
    )
    assert value == pytest.approx(referee.fun, abs=1e-9)
    assert point.sum() == pytest.approx(1.0)
    assert (point >= 0).all()
    right = generator.integers(-3, 4, size=rows).astype(float)
    solution = nonnegative_solution(matrix, right)
    feasible = linprog(np.zeros(columns), A_eq=matrix, b_eq=right).status == 0
    assert (solution is not None) == feasible
    if solution is not None:
        np.testing.assert_allclose(matrix @ solution, right, atol=1e-8)
        assert (solution >= -1e-9).all()


# The plain door.


def test_solving_refuses_what_makes_no_sense() -> None:
    with pytest.raises(BrinkUsageError, match="E540"):
        solve(horse(), -1.0)
    with pytest.raises(BrinkUsageError, match="E540"):
        solve(horse(), float("nan"))
    builder = GameBuilder("forgetful", ["Ann"])
    for child in builder.decision(0, 0, "first", ["l", "r"]):
        for end in builder.decision(child, 0, "second", ["x", "y"]):
            builder.end(end, "end", [0])
    with pytest.raises(BrinkInputError, match="E521"):
        solve(builder.build()[0], 1.0)


@pytest.mark.parametrize("rationality", [1.0, 1.7, 2.5, 4.0])
def test_an_exact_symmetry_is_reported_wherever_one_stops(rationality: float) -> None:
    """Choose to meet, then where: two ways to agree, symmetric up to who likes which."""
    builder = GameBuilder("where to meet", ["Ann", "Bob"])
    meet, stay = builder.decision(0, 0, "first", ["meet", "stay"])
    builder.end(stay, "home", [0, 0])
    rows = builder.decision(meet, 1, "bob", ["east", "west"])
    for row, node in enumerate(rows):
        for column, end in enumerate(builder.decision(node, 0, "ann", ["west", "east"])):
            agreed = row != column
            builder.end(end, "end", [[2, 4][row] * agreed, [4, 2][row] * agreed])
    game = builder.build()[0]
    solution = solve(game, rationality)
    assert solution.is_certified
    assert not solution.is_unique
    assert solution.bifurcations == 1
    many = quantal_rivals(Play(game), rationality)
    assert len(many.found) == 3


def test_a_solution_names_everything() -> None:
    solution = solve(horse(), 0.0)
    assert solution.profile == {
        "one": {"A": 0.5, "D": 0.5},
        "two": {"a": 0.5, "d": 0.5},
        "three": {"L": 0.5, "R": 0.5},
    }
    assert solution.status == "solved"
    assert solution.is_unique
    assert solution.expected == pytest.approx({"One": 1.5, "Two": 1.5, "Three": 0.875})
    assert solution.residual is not None
    assert solution.residual <= 1e-12
