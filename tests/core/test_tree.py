"""The shape of a tree: what shares a fingerprint shares a plan, and nothing else does."""

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st
from sample_games import random_game

from brink.core.solve import prepared


@given(st.integers(0, 10_000), st.integers(2, 3))
@settings(max_examples=30, deadline=None)
def test_the_same_shape_has_the_same_fingerprint_and_plan(seed, players):
    tree, again = random_game(seed, players).tree, random_game(seed, players).tree
    assert tree is not again
    assert tree.fingerprint == again.fingerprint
    assert prepared(tree, "numpy")[0] is prepared(again, "numpy")[0]


@given(st.integers(0, 10_000), st.data())
@settings(max_examples=30, deadline=None)
def test_another_shape_has_another_fingerprint(seed, data):
    tree = random_game(seed).tree
    name = data.draw(st.sampled_from(["parent", "owner", "information_set", "set_player"]))
    values = getattr(tree, name).copy()
    values[data.draw(st.integers(0, len(values) - 1))] += 1
    changed = dataclasses.replace(tree, **{name: values})
    assert changed.fingerprint != tree.fingerprint
