"""The plan: every pair once, every derivative, and a factorisation that factorises."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_games import crisis_game, random_chance, random_game, random_payoffs

from brink.core.elimination import order_and_fill
from brink.core.newton import Equations
from brink.core.plan import make_plan
from brink.core.segments import Segments


def above(tree, node):
    """Nodes on the way to a node, root first, with the node itself."""
    path = [node]
    while tree.parent[path[0]] >= 0:
        path.insert(0, int(tree.parent[path[0]]))
    return path


@given(st.integers(0, 10_000), st.integers(2, 3))
@settings(max_examples=30, deadline=None)
def test_pairs_are_all_decisions_below_each_edge(seed, players):
    tree = random_game(seed, players).tree
    plan = make_plan(tree)
    expected = set()
    for node in plan.decision_node:
        path = above(tree, int(node))
        expected |= {
            (upper, int(tree.edge[child]), int(node))
            for upper, child in itertools.pairwise(path)
            if tree.owner[upper] >= 0
        }
    found = [
        (
            int(plan.decision_node[plan.edge_decision[edge]]),
            int(plan.edge_action[edge]),
            int(plan.decision_node[lower]),
        )
        for edge, lower in zip(plan.after_edge, plan.after_decision, strict=True)
    ]
    assert len(found) == len(set(found))
    assert set(found) == expected
    previous = plan.after_previous >= 0
    assert (plan.after_previous < np.arange(len(previous))).all()
    before = plan.after_previous[previous]
    assert (plan.after_edge[before] == plan.after_edge[previous]).all()
    chain = plan.edge_decision[plan.decision_above[plan.after_decision[previous]]]
    assert (plan.after_decision[before] == chain).all()


def test_links_hold_the_chance_moves_between_decisions():
    tree = random_game(11, 2, 5).tree
    plan = make_plan(tree)
    for number, node in enumerate([*plan.decision_node, *tree.leaf_nodes]):
        branches = []
        for step in reversed(above(tree, int(node))[1:]):
            if tree.owner[tree.parent[step]] >= 0:
                break
            branches.insert(0, int(tree.edge[step]) - tree.n_actions)
        link = plan.link_branch[plan.link_start[number] : plan.link_start[number + 1]]
        assert link.tolist() == branches


@given(st.integers(0, 10_000), st.integers(2, 3), st.booleans())
@settings(max_examples=30, deadline=None)
def test_sensitivities_match_central_differences(seed, players, own_views):
    tree = random_game(seed, players).tree
    plan = make_plan(tree)
    equations = Equations(plan)
    views = players if own_views else 1
    draws = equations.passes.bind(
        random_payoffs(tree, seed, 2), random_chance(tree, seed, views, 2)
    )
    unknowns = np.random.default_rng(seed).normal(size=(plan.n_unknowns, 2))
    at = equations.passes.evaluate(unknowns, draws)
    dense = np.zeros((tree.n_actions, plan.n_unknowns, 2))
    dense[plan.entry_action, plan.entry_unknown] = equations.sensitivities(at, draws)[:-1]
    step = 1e-5
    for column in range(plan.n_unknowns):
        shift = np.zeros((plan.n_unknowns, 1))
        shift[column] = step
        up = equations.passes.evaluate(unknowns + shift, draws).action_value
        down = equations.passes.evaluate(unknowns - shift, draws).action_value
        np.testing.assert_allclose(dense[:, column], (up - down) / (2 * step), atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_static_factorisation_agrees_with_lapack(seed):
    tree = random_game(seed, 2, 5).tree if seed else crisis_game().tree
    plan = make_plan(tree)
    equations = Equations(plan)
    draws = equations.passes.bind(random_payoffs(tree, seed, 3), random_chance(tree, seed, 1, 1))
    rng = np.random.default_rng(seed)
    unknowns, rationality = rng.normal(size=(plan.n_unknowns, 3)), np.array([0.5, 3.0, 20.0])
    at = equations.passes.evaluate(unknowns, draws)
    slots = equations.jacobian(at, draws, rationality)
    dense = np.zeros((plan.n_unknowns, plan.n_unknowns, 3))
    dense[plan.elimination.slot_row, plan.elimination.slot_column] = slots
    result = equations.newton(unknowns, rationality, draws)
    transposed = rng.normal(size=(plan.n_unknowns, 1, 3))
    solved = equations.solve_transposed(equations.factorise(slots), transposed.copy())
    for draw in range(3):
        matrix = dense[:, :, draw]
        right = unknowns[:, draw] - rationality[draw] * at.advantage[:, draw]
        np.testing.assert_allclose(
            result.step[:, draw], np.linalg.solve(matrix, right), rtol=1e-8, atol=1e-10
        )
        np.testing.assert_allclose(
            result.tangent[:, draw],
            np.linalg.solve(matrix, at.advantage[:, draw]),
            rtol=1e-8,
            atol=1e-10,
        )
        np.testing.assert_allclose(
            solved[:, 0, draw],
            np.linalg.solve(matrix.T, transposed[:, 0, draw]),
            rtol=1e-8,
            atol=1e-10,
        )
        assert result.orientation[draw] == np.linalg.slogdet(matrix)[0]


def test_a_triangular_pattern_has_no_fill():
    rows = np.repeat(np.arange(40), np.arange(40))
    columns = np.concatenate([np.arange(row) for row in range(40)]).astype(np.int64)
    lists = order_and_fill(40, rows, columns)
    assert lists.n_slots == 40 + len(rows)
    assert len(lists.update_slot) == 0


def test_a_tree_without_choices_has_an_empty_plan():
    tree = random_game(0, 2, 1, 1).tree
    plan = make_plan(tree)
    assert plan.n_unknowns == np.diff(tree.set_start).sum() - tree.n_sets


@given(st.lists(st.integers(0, 6), max_size=120), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_segments_reduce_every_group(groups, width):
    group = np.array(groups, dtype=int)
    rows = np.random.default_rng(0).normal(size=(len(group), width))
    segments = Segments(group)
    total, top = segments.add(rows[segments.source]), segments.largest(rows[segments.source])
    assert sorted(segments.target) == sorted(set(groups))
    for place, target in enumerate(segments.target):
        np.testing.assert_allclose(total[place], rows[group == target].sum(axis=0), atol=1e-12)
        assert (top[place] == rows[group == target].max(axis=0)).all()
