"""Checks of a game: perfect recall, probabilities, payoffs."""

from __future__ import annotations

import numpy as np

from brink.game.checks import check_game
from brink.game.game import GameBuilder, unique_labels


def codes(builder: GameBuilder) -> list[str]:
    return [problem.code for problem in check_game(builder.build()[0])]


def test_forgetting_ones_own_choice_is_told_by_name() -> None:
    builder = GameBuilder("forgetful", ["Ann"])
    for child in builder.decision(0, 0, "first", ["l", "r"]):
        for end in builder.decision(child, 0, "second", ["x", "y"]):
            builder.end(end, "end", [0])
    (problem,) = check_game(builder.build()[0])
    assert problem.code == "E521"
    assert "at information set 'second' player 'Ann' cannot tell apart" in problem.message
    assert "after 'l' at 'first' and after 'r' at 'first'" in problem.message


def test_absent_mindedness_is_imperfect_recall() -> None:
    builder = GameBuilder("driver", ["Ann"])
    stay, leave = builder.decision(0, 0, "junction", ["stay", "leave"])
    builder.end(leave, "left", [0])
    for end in builder.decision(stay, 0, "junction", ["stay", "leave"]):
        builder.end(end, "end", [1])
    (problem,) = check_game(builder.build()[0])
    assert "before any move of its own and after 'stay' at 'junction'" in problem.message


def test_not_knowing_what_others_did_is_perfect_recall() -> None:
    builder = GameBuilder("pennies", ["Ann", "Bob"])
    for child in builder.decision(0, 0, "a", ["h", "t"]):
        for end in builder.decision(child, 1, "b", ["h", "t"]):
            builder.end(end, "end", [0, 0])
    assert codes(builder) == []


def test_chance_payoffs_and_idle_players() -> None:
    builder = GameBuilder("odd", ["Ann", "Bob", "Cat"])
    first, second = builder.chance(0, ["u", "d"], [0.5, 0.4])
    third, fourth = builder.chance(first, ["u", "d"], [1.0, 0.0])
    fifth, sixth = builder.chance(second, ["u", "d"], [1.5, -0.5])
    for node in (third, fifth):
        builder.end(node, "end", [0, 0, 0])
    builder.end(sixth, "bad", [0, np.nan, 0])
    for node in builder.decision(fourth, 0, "a", ["l", "r"]):
        builder.end(node, "end", [1, 1, 1])
    assert codes(builder) == ["E522", "E522", "E523", "W524", "N525", "N525"]
    messages = " ".join(problem.message for problem in check_game(builder.build()[0]))
    assert "sum to 0.9, not 1: u 0.5, d 0.4" in messages
    assert "payoffs of 'bad'" in messages
    assert "'Bob' never moves" in messages


def test_a_game_needs_a_decision() -> None:
    builder = GameBuilder("nothing", ["Ann"])
    builder.end(0, "end", [1])
    assert codes(builder) == ["E520", "N525"]


def test_labels_become_unique_without_colliding() -> None:
    assert unique_labels(["x", "x (2)", "x", "x"]) == ["x", "x (2)", "x (3)", "x (4)"]
