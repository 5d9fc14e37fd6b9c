"""A game with names: the arrays of the core plus labels, and the builder that makes them.

Knows nothing of scenario files, dates or sources.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np

from brink.core.tree import CHANCE, LEAF, FloatArray, GameTree


@dataclass(frozen=True, eq=False)
class Game:
    """An extensive-form game with perfect recall.

    Attributes:
        title: Free text.
        players: ``(P,)`` names.
        tree: The structure.
        set_labels: ``(I,)`` unique labels of the information sets.
        action_labels: ``(A,)`` labels, unique within one information set.
        branch_labels: ``(C,)`` labels of the chance branches.
        leaf_labels: ``(L,)`` names of the outcomes reached.
        payoffs: ``(P, L)`` one draw of payoffs, or the reference draw of an ensemble.
        chance: ``(C,)`` chance probabilities of that draw.
        description: Free text about the game.
    """

    title: str
    players: tuple[str, ...]
    tree: GameTree
    set_labels: tuple[str, ...]
    action_labels: tuple[str, ...]
    branch_labels: tuple[str, ...]
    leaf_labels: tuple[str, ...]
    payoffs: FloatArray
    chance: FloatArray
    description: str = ""

    def actions_of(self, information_set: int) -> range:
        """Global action numbers of an information set."""
        start = self.tree.set_start
        return range(int(start[information_set]), int(start[information_set + 1]))


@dataclass(slots=True)
class _Node:
    parent: int
    owner: int = LEAF
    set_key: Hashable = None
    labels: tuple[str, ...] = ()
    probabilities: tuple[float, ...] = ()
    children: list[int] = field(default_factory=list)
    outcome: str = ""
    payoffs: tuple[float, ...] = ()


class GameBuilder:
    """Grows a game node by node in any order and freezes it into level-ordered arrays.

    Every method takes a node handle (the root is 0, which starts as an open leaf) and the ones
    that add moves return the handles of the children. Information sets are named by any
    hashable key; nodes with the same key must offer the same actions to the same player.
    """

    def __init__(self, title: str, players: Sequence[str], description: str = "") -> None:
        self.title = title
        self.description = description
        self.players = tuple(players)
        self._nodes: list[_Node] = [_Node(parent=-1)]
        self._sets: dict[Hashable, tuple[int, tuple[str, ...], str]] = {}

    @property
    def n_nodes(self) -> int:
        """Nodes so far."""
        return len(self._nodes)

    def decision(
        self,
        node: int,
        player: int,
        key: Hashable,
        actions: Sequence[str],
        label: str | None = None,
    ) -> list[int]:
        """Make ``node`` a decision of ``player`` in the information set named ``key``."""
        labels = tuple(actions)
        known = self._sets.setdefault(
            key, (player, labels, label if label is not None else str(key))
        )
        if known[:2] != (player, labels):
            raise ValueError(
                f"information set {known[2]!r} offers {known[1]} to player {known[0]} at one node "
                f"and {labels} to player {player} at another"
            )
        self._nodes[node].owner = player
        self._nodes[node].set_key = key
        return self._grow(node, labels)

    def chance(self, node: int, labels: Sequence[str], probabilities: Sequence[float]) -> list[int]:
        """Make ``node`` a chance move with these branches."""
        self._nodes[node].owner = CHANCE
        self._nodes[node].probabilities = tuple(float(value) for value in probabilities)
        return self._grow(node, tuple(labels))

    def end(self, node: int, outcome: str, payoffs: Sequence[float] = ()) -> None:
        """Make ``node`` a leaf with an outcome name and, if known, one payoff per player."""
        self._nodes[node].outcome = outcome
        self._nodes[node].payoffs = tuple(float(value) for value in payoffs)

    def _grow(self, node: int, labels: tuple[str, ...]) -> list[int]:
        first = len(self._nodes)
        self._nodes[node].labels = labels
        self._nodes.extend(_Node(parent=node) for _ in labels)
        children = list(range(first, len(self._nodes)))
        self._nodes[node].children = children
        return children

    def build(self) -> tuple[Game, np.ndarray]:
        """Freeze into a :class:`Game`.

        Returns:
            The game, and ``(N,)`` the handle of each node of the frozen game, so that the
            caller can carry its own annotations over.

        Nodes, information sets, leaves and chance branches are numbered in level order.
        """
        order = [0]
        for handle in order:
            order.extend(self._nodes[handle].children)
        number = {handle: position for position, handle in enumerate(order)}
        set_number: dict[Hashable, int] = {}
        for handle in order:
            if self._nodes[handle].owner >= 0:
                set_number.setdefault(self._nodes[handle].set_key, len(set_number))
        keys = list(set_number)
        sizes = [len(self._sets[key][1]) for key in keys]
        set_start = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        n_actions = int(set_start[-1])

        count = len(order)
        parent, edge = np.full(count, -1), np.full(count, -1)
        owner, information_set = np.full(count, LEAF), np.full(count, -1)
        leaf, first_child, n_children = np.full(count, -1), np.full(count, -1), np.zeros(count)
        chance_start = [0]
        chance_values: list[float] = []
        branch_labels: list[str] = []
        leaf_labels: list[str] = []
        leaf_payoffs: list[tuple[float, ...]] = []
        for position, handle in enumerate(order):
            node = self._nodes[handle]
            if node.parent >= 0:
                parent[position] = number[node.parent]
            owner[position] = node.owner
            if node.owner == LEAF:
                leaf[position] = len(leaf_labels)
                leaf_labels.append(node.outcome)
                leaf_payoffs.append(node.payoffs or (0.0,) * len(self.players))
                continue
            first_child[position] = number[node.children[0]]
            n_children[position] = len(node.children)
            if node.owner == CHANCE:
                base = n_actions + chance_start[-1]
                chance_start.append(chance_start[-1] + len(node.labels))
                chance_values.extend(node.probabilities)
                branch_labels.extend(node.labels)
            else:
                information_set[position] = set_number[node.set_key]
                base = int(set_start[information_set[position]])
            for offset, child in enumerate(node.children):
                edge[number[child]] = base + offset
        tree = GameTree(
            n_players=len(self.players),
            parent=parent.astype(np.int32),
            edge=edge.astype(np.int32),
            owner=owner.astype(np.int32),
            information_set=information_set.astype(np.int32),
            leaf=leaf.astype(np.int32),
            first_child=first_child.astype(np.int32),
            n_children=n_children.astype(np.int32),
            set_player=np.array([self._sets[key][0] for key in keys], dtype=np.int32),
            set_start=set_start.astype(np.int32),
            chance_start=np.array(chance_start, dtype=np.int32),
        )
        labels = [self._sets[key][2] for key in keys]
        game = Game(
            title=self.title,
            players=self.players,
            tree=tree,
            set_labels=tuple(unique_labels(labels)),
            action_labels=tuple(label for key in keys for label in self._sets[key][1]),
            branch_labels=tuple(branch_labels),
            leaf_labels=tuple(leaf_labels),
            payoffs=np.array(leaf_payoffs, dtype=np.float64)
            .reshape(-1, len(self.players))
            .T.copy(),
            chance=np.array(chance_values, dtype=np.float64),
            description=self.description,
        )
        return game, np.array(order)


def unique_labels(labels: Sequence[str]) -> list[str]:
    """Make labels unique by numbering repeats: ``x``, ``x (2)``, ``x (3)``."""
    taken = set(labels)
    seen: set[str] = set()
    # Where counting stopped for a label, so that many repeats do not take quadratic time.
    counts: dict[str, int] = {}
    result = []
    for label in labels:
        count = counts.get(label, 0) + 1
        name = label if count == 1 else f"{label} ({count})"
        while name in seen or (count > 1 and name in taken):
            count += 1
            name = f"{label} ({count})"
        counts[label] = count
        seen.add(name)
        result.append(name)
    return result
