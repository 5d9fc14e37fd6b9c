"""Drawings and JSON of games."""

from __future__ import annotations

import json
import re

import numpy as np
from hypothesis import given, settings
from random_games import games

from brink.core.tree import CHANCE, LEAF
from brink.game.exports import as_dict, to_dot, to_json
from brink.game.game import Game, GameBuilder


def rebuilt(data: dict) -> Game:  # type: ignore[type-arg]
    """A game from its JSON form, by the builder alone."""
    builder = GameBuilder(data["title"], data["players"], data["description"])
    actions = {entry["label"]: entry["actions"] for entry in data["information_sets"]}
    children: dict[int, list[int]] = {}
    for number, entry in enumerate(data["nodes"]):
        if "parent" in entry:
            children.setdefault(entry["parent"], []).append(number)
    handles = {0: 0}
    for number, entry in enumerate(data["nodes"]):
        below = [data["nodes"][child] for child in children.get(number, [])]
        if "outcome" in entry:
            builder.end(handles[number], entry["outcome"], entry["payoffs"])
            continue
        if entry["mover"] == "chance":
            new = builder.chance(
                handles[number], [b["by"] for b in below], [b["probability"] for b in below]
            )
        else:
            label = entry["information_set"]
            assert actions[label] == [b["by"] for b in below]
            player = data["players"].index(entry["mover"])
            new = builder.decision(handles[number], player, label, actions[label], label)
        handles.update(zip(children[number], new, strict=True))
    return builder.build()[0]


@given(games())
@settings(max_examples=30, deadline=None)
def test_json_holds_the_whole_game(game: Game) -> None:
    assert json.loads(to_json(game)) == as_dict(game)
    again = rebuilt(as_dict(game))
    assert as_dict(again) == as_dict(game)
    for field in ("parent", "edge", "owner", "information_set", "leaf", "set_start"):
        np.testing.assert_array_equal(getattr(again.tree, field), getattr(game.tree, field))


@given(games())
@settings(max_examples=30, deadline=None)
def test_drawings_show_every_node_and_edge_once(game: Game) -> None:
    text = to_dot(game)
    tree = game.tree
    assert len(re.findall(r"^  n\d+ \[label=", text, re.MULTILINE)) == tree.n_nodes
    assert len(re.findall(r"^  n\d+ -> n\d+ \[label=", text, re.MULTILINE)) == tree.n_nodes - 1
    joined = len(re.findall(r"style=dashed", text))
    assert joined == int((tree.owner >= 0).sum()) - tree.n_sets
    assert text.count("shape=diamond") == int((tree.owner == CHANCE).sum())
    assert text.count("shape=plaintext") == int((tree.owner == LEAF).sum())


def test_labels_are_escaped() -> None:
    builder = GameBuilder('a "title"', ["A\\B"])
    for end in builder.decision(0, 0, "s", ['say "yes"', "line\nbreak"]):
        builder.end(end, "end", [1])
    text = to_dot(builder.build()[0])
    assert r'label="a \"title\""' in text
    assert r"A\\B\ns" in text
    assert r'[label="say \"yes\""]' in text
    assert r'[label="line\nbreak"]' in text
