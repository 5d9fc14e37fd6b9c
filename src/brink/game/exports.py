"""A game as JSON or as a DOT drawing, for other programs."""

from __future__ import annotations

import json

from brink.core.tree import CHANCE, LEAF
from brink.game.game import Game


def to_json(game: Game) -> str:
    """The game as JSON: players, information sets, and nodes in level order."""
    tree = game.tree
    nodes = []
    for node in range(tree.n_nodes):
        owner = int(tree.owner[node])
        entry: dict[str, object] = {"node": node, "parent": int(tree.parent[node])}
        if node:
            entry["by"] = _step(game, node)
        if owner == LEAF:
            leaf = int(tree.leaf[node])
            entry["outcome"] = game.leaf_labels[leaf]
            entry["payoffs"] = [float(value) for value in game.payoffs[:, leaf]]
        elif owner == CHANCE:
            first = int(tree.first_child[node])
            edges = tree.edge[first : first + int(tree.n_children[node])] - tree.n_actions
            entry["chance"] = [float(value) for value in game.chance[edges]]
        else:
            entry["information_set"] = game.set_labels[int(tree.information_set[node])]
        nodes.append(entry)
    sets = [
        {
            "label": label,
            "player": game.players[int(tree.set_player[number])],
            "actions": [game.action_labels[action] for action in game.actions_of(number)],
        }
        for number, label in enumerate(game.set_labels)
    ]
    data = {
        "title": game.title,
        "players": list(game.players),
        "information_sets": sets,
        "nodes": nodes,
    }
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def to_dot(game: Game) -> str:
    """The tree in Graphviz's language; nodes of one information set share a label."""
    tree = game.tree
    lines = [
        f"digraph {_quoted(game.title)} {{",
        "  rankdir=LR;",
        '  node [fontname="sans-serif"];',
    ]
    for node in range(tree.n_nodes):
        owner = int(tree.owner[node])
        if owner == LEAF:
            shape, label = "plaintext", game.leaf_labels[int(tree.leaf[node])]
        elif owner == CHANCE:
            shape, label = "diamond", "chance"
        else:
            shape, label = "box", game.set_labels[int(tree.information_set[node])]
        lines.append(f"  n{node} [shape={shape}, label={_quoted(label)}];")
        if node:
            lines.append(
                f"  n{int(tree.parent[node])} -> n{node} [label={_quoted(_step(game, node))}];"
            )
    return "\n".join([*lines, "}", ""])


def _step(game: Game, node: int) -> str:
    edge = int(game.tree.edge[node])
    actions = game.tree.n_actions
    return game.action_labels[edge] if edge < actions else game.branch_labels[edge - actions]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
