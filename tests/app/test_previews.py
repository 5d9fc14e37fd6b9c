"""How many draws previews take."""

from __future__ import annotations

import pytest
from serving import Served

from brink.app.previews import BUDGET, Previews


def draws(previews: Previews, seconds: list[float]) -> list[int]:
    found = []
    for taken in seconds:
        previews.took(taken)
        found.append(previews.base.ensemble.draws)
    return found


@pytest.fixture
def previews(served: Served) -> Previews:
    return Previews(served.workbench.result.evaluation)


def test_previews_take_fewer_draws_where_they_are_slow(previews: Previews) -> None:
    assert previews.base.ensemble.draws == 250  # all there are
    assert draws(previews, [2 * BUDGET] * 3) == [250, 250, 125]
    assert draws(previews, [2 * BUDGET] * 9) == [125] * 9


def test_one_slow_answer_changes_nothing(previews: Previews) -> None:
    assert set(draws(previews, [2 * BUDGET, BUDGET, 2 * BUDGET, 2 * BUDGET, BUDGET])) == {250}


def test_a_size_that_was_too_slow_is_not_tried_again_at_once(previews: Previews) -> None:
    draws(previews, [2 * BUDGET] * 3)
    found = draws(previews, [0.1 * BUDGET] * 30)
    assert found == [125] * 29 + [250]


def test_a_preview_is_that_of_the_leading_draws_at_one_rationality(previews: Previews) -> None:
    base = previews.base
    assert len(base.ensemble.rationality) == 1
    assert previews.base is base
