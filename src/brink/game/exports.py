"""A game for other programs: a drawing for Graphviz, and plain JSON."""

from __future__ import annotations

import itertools
import json
from typing import Any

from brink.core.tree import CHANCE, LEAF
from brink.game.game import Game

_COLOURS = ("#1b6ca8", "#b0413e", "#3c7d3c", "#8a5a9e", "#a06a00")


def to_dot(game: Game) -> str:
    """Return the tree as a drawing in the DOT language of Graphviz.

    Players have colours, nodes of one information set are joined by a dashed line, leaves show
    their outcome and payoffs.
    """
    tree = game.tree
    lines = [
        "digraph game {",
        f"  label={_quoted(game.title)};",
        "  rankdir=LR;",
        '  node [fontname="sans-serif", fontsize=10];',
        '  edge [fontname="sans-serif", fontsize=9, arrowsize=0.6];',
    ]
    for node in range(tree.n_nodes):
        owner = int(tree.owner[node])
        if owner == LEAF:
            leaf = int(tree.leaf[node])
            payoffs = ", ".join(f"{value:g}" for value in game.payoffs[:, leaf])
            text, style = f"{game.leaf_labels[leaf]}\n({payoffs})", "shape=plaintext"
        elif owner == CHANCE:
            text, style = "chance", "shape=diamond"
        else:
            label = game.set_labels[int(tree.information_set[node])]
            colour = _COLOURS[owner % len(_COLOURS)]
            text, style = f"{game.players[owner]}\n{label}", f'shape=box, color="{colour}"'
        lines.append(f"  n{node} [label={_quoted(text)}, {style}];")
    names = game.action_labels + game.branch_labels
    for node in range(1, tree.n_nodes):
        edge = int(tree.edge[node])
        text = names[edge]
        if edge >= tree.n_actions:
            text = f"{text} ({game.chance[edge - tree.n_actions]:.4g})"
        lines.append(f"  n{int(tree.parent[node])} -> n{node} [label={_quoted(text)}];")
    members: dict[int, list[int]] = {}
    for node, number in enumerate(tree.information_set.tolist()):
        if number >= 0:
            members.setdefault(number, []).append(node)
    for nodes in members.values():
        lines.extend(
            f"  n{one} -> n{two} [style=dashed, dir=none, constraint=false];"
            for one, two in itertools.pairwise(nodes)
        )
    return "\n".join([*lines, "}", ""])


def to_json(game: Game) -> str:
    """Return the game as JSON: a flat list of nodes, the root first, parents before children."""
    return json.dumps(as_dict(game), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def as_dict(game: Game) -> dict[str, Any]:
    """Return the game as plain values: see :func:`to_json`."""
    tree = game.tree
    names = game.action_labels + game.branch_labels
    nodes: list[dict[str, Any]] = []
    for node in range(tree.n_nodes):
        owner, edge = int(tree.owner[node]), int(tree.edge[node])
        entry: dict[str, Any] = {}
        if node:
            entry["parent"] = int(tree.parent[node])
            entry["by"] = names[edge]
        if edge >= tree.n_actions:
            entry["probability"] = float(game.chance[edge - tree.n_actions])
        if owner == LEAF:
            leaf = int(tree.leaf[node])
            entry["outcome"] = game.leaf_labels[leaf]
            entry["payoffs"] = game.payoffs[:, leaf].tolist()
        elif owner == CHANCE:
            entry["mover"] = "chance"
        else:
            entry["mover"] = game.players[owner]
            entry["information_set"] = game.set_labels[int(tree.information_set[node])]
        nodes.append(entry)
    return {
        "title": game.title,
        "description": game.description,
        "players": list(game.players),
        "information_sets": [
            {
                "label": label,
                "player": game.players[int(tree.set_player[number])],
                "actions": [game.action_labels[action] for action in game.actions_of(number)],
            }
            for number, label in enumerate(game.set_labels)
        ],
        "nodes": nodes,
    }


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
