"""Drop-one tests against what must follow, and on the same random numbers."""

from __future__ import annotations

import numpy as np
import pytest
from standoff import compiled_standoff

from brink.assess.altered import blurred_channels, merged_payoffs, revealed, with_perfect_channel
from brink.assess.drop_one import drop_one_tests, read_answers
from brink.assess.ensemble import run_ensemble
from brink.assess.evaluation import Evaluation, evaluate
from brink.assess.resolving import solve_values
from brink.assess.result import DropOne
from brink.game.checks import check_recall
from brink.scenario.compile import compile_scenario


def _evaluation(*, blurred: bool = False) -> Evaluation:
    compiled = compiled_standoff(blurred=blurred)
    ensemble = run_ensemble(compiled, draws=60, seed=3, rationality=[5, 10], workers=1)
    return evaluate(ensemble, workers=1)


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return _evaluation()


@pytest.fixture(scope="module")
def lines(evaluation: Evaluation) -> tuple[DropOne, ...]:
    return drop_one_tests(evaluation, draws=60, keep=20, workers=1)


def _line(lines: tuple[DropOne, ...], claim: str, change: str) -> DropOne:
    return next(line for line in lines if line.claim == claim and change in line.change)


def test_reading_the_ensemble_itself_gives_its_answers(evaluation: Evaluation) -> None:
    found = read_answers(evaluation.ensemble, evaluation.asker)
    assert found.values == pytest.approx(evaluation.asked.values, nan_ok=True)
    assert found.weights[0] == pytest.approx(evaluation.weights)


def test_merged_types_leave_nothing_of_a_signal(lines: tuple[DropOne, ...]) -> None:
    line = _line(lines, "signal", "meek valuing everything as bold")
    assert line.before.median > 0.05
    assert abs(line.after.median) < 1e-9
    assert abs(line.left) < 1e-9
    assert line.kind == "type"


def test_the_least_left_comes_first(lines: tuple[DropOne, ...]) -> None:
    left = [line.left for line in lines if line.claim == "signal"]
    assert left == sorted(left)
    moved = [abs(one.after.median - one.before.median) for one in lines if one.claim == "war"]
    assert moved == sorted(moved, reverse=True)


def test_without_the_defector_only_the_threat_is_left(
    evaluation: Evaluation, lines: tuple[DropOne, ...]
) -> None:
    line = _line(lines, "bold", "the report left out: A defector")
    alone = evaluate(evaluation.ensemble, without=["e2"], workers=1)
    row = alone.reader.type_rows.index(("Challenger", "bold"))
    from brink.assess.weighted import estimate

    expected = estimate(alone.beliefs.types[-1, row], alone.weights)
    assert line.after.median == pytest.approx(expected.median)
    assert line.after.median < line.before.median


def test_sources_that_say_the_same_as_an_entry_are_not_told_twice(
    lines: tuple[DropOne, ...],
) -> None:
    assert not [line for line in lines if line.kind == "source"]


def test_a_cost_at_zero_is_an_override(evaluation: Evaluation, lines: tuple[DropOne, ...]) -> None:
    key = "cost.Challenger.backing down after a threat"
    run = run_ensemble(
        evaluation.ensemble.compiled,
        draws=60,
        seed=3,
        rationality=[5, 10],
        workers=1,
        overrides={key: 0.0},
    )
    from brink.assess.answers import answers

    other = {answer.key: answer.estimate for answer in answers(evaluate(run, workers=1))}
    line = _line(lines, "war", "no backing-down cost")
    assert line.after.median == pytest.approx(other["war"].median)


def test_a_revealed_type_splits_the_sets_of_others_only(evaluation: Evaluation) -> None:
    compiled = evaluation.ensemble.compiled
    known = revealed(compiled, "Challenger")
    old, new = compiled.game.tree, known.game.tree
    defender = compiled.game.players.index("Defender")
    assert (new.set_player == defender).sum() == 2 * (old.set_player == defender).sum()
    assert (new.set_player != defender).sum() == (old.set_player != defender).sum()
    assert check_recall(known.game) == []
    assert len(set(known.game.set_labels)) == new.n_sets
    for node in range(1, new.n_nodes):
        parent = old.parent[node]
        if old.information_set[parent] >= 0:
            labels = compiled.game.action_labels, known.game.action_labels
            assert labels[0][old.edge[node]] == labels[1][new.edge[node]]
    # The defender can answer each type differently now, so the threat tells it nothing.
    solved = solve_values(known, evaluation.ensemble.values, np.array([5.0, 10.0]), workers=1)
    assert solved.response.certified.all()


def test_merging_needs_counterparts(evaluation: Evaluation) -> None:
    compiled = evaluation.ensemble.compiled
    payoffs = compiled.parameters.payoffs(evaluation.ensemble.values)
    merged = merged_payoffs(compiled, payoffs, "Challenger", "bold", "meek")
    assert merged is not None
    kind = compiled.leaf_types["Challenger"]
    assert (merged[:, kind == 0] == payoffs[:, kind == 0]).all()
    player = compiled.game.players.index("Challenger")
    assert (
        np.sort(merged[player, kind == 1], axis=0) == np.sort(payoffs[player, kind == 0], axis=0)
    ).all()


def test_a_perfect_channel_is_the_game_without_the_blur() -> None:
    blurred = _evaluation(blurred=True)
    scenario = blurred.ensemble.compiled.scenario
    assert blurred_channels(scenario) == (("threat", "Defender"),)
    clear = compile_scenario(with_perfect_channel(scenario, "threat", "Defender"))
    plain = compiled_standoff()
    assert clear.game.tree.n_nodes == plain.game.tree.n_nodes
    line = _line(
        drop_one_tests(blurred, draws=60, keep=20, workers=1), "war", "threat seen by Defender"
    )
    expected = drop_one_tests(_evaluation(), draws=60, keep=20, workers=1)
    assert line.kind == "channel"
    assert line.after.median == pytest.approx(
        next(one for one in expected if one.claim == "war").before.median
    )
