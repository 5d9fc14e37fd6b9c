"""What a solver may know about a tree before it sees a single payoff.

The equations of agent logit quantal response equilibrium are solved by Newton steps whose
Jacobian has a pattern that depends on the tree alone. The plan is computed once per tree and
holds that pattern as flat ``int32`` arrays: which nodes hang below which, which pairs of nodes
contribute to which derivative, and the order in which the unknowns are eliminated.

Chance moves are folded away: what lies between two decisions is a *link*, a list of chance
branches whose probabilities are multiplied. Letters beyond those of :mod:`brink.core.tree`:

====== ==============================================================================
``H``  decision nodes, by number of decisions above them, then in node order
``E``  edges: one per decision node and action, those of one node adjacent
``D``  unknowns: one per action that is not the first of its information set
``T``  entries of the sparse matrix of ∂U/∂z, rows actions, columns unknowns
``S``  slots of the factorised Jacobian, fill included
====== ==============================================================================

The unknowns are ``z[i, a] = log σ(a) - log σ(first action)``. With player ``p`` moving in set
``i``, the action value is ``U[a] = Σ_n μ(n) V_p(n.a)`` over the nodes ``n`` of the set, where
``μ`` is the belief and ``V_p(n.a)`` what ``p`` expects after action ``a`` at ``n``. Then
``∂U[a]/∂z[c]`` collects two kinds of terms:

* *after*: the choice ``c`` at a node ``m`` below ``n.a`` moves what ``a`` is worth:
  ``μ(n) · reach(n.a → m) · σ(c) · (V_p(m.c) - v_p(m))``;
* *before*: the choice ``c`` of another player above ``n`` moves the belief:
  ``μ(n) · ([b = c] - σ(c)) · (V_p(n.a) - U[a])`` with ``b`` the action that leads to ``n``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from brink.core.elimination import Elimination, order_and_fill
from brink.core.tree import GameTree, IntArray

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SolverPlan:
    """Index lists for one tree; every array is ``int32`` and read in the order given.

    Attributes:
        tree: The tree the plan belongs to.
        decision_node: ``(H,)`` node of the tree.
        decision_set: ``(H,)`` information set.
        decision_player: ``(H,)`` player.
        decision_above: ``(H,)`` edge through which the decision is reached, -1 if only chance
            moves come before it. An edge belongs to an earlier decision.
        layer_start: ``(layers + 1,)`` decisions with ``d`` decisions above them are
            ``layer_start[d]:layer_start[d + 1]``.
        edge_start: ``(H + 1,)`` edges of a decision, in the order of its actions.
        edge_decision: ``(E,)`` decision an edge starts from.
        edge_action: ``(E,)`` action of an edge.
        leaf_above: ``(L,)`` last edge on the way to a leaf, -1 if there is none.
        link_start: ``(H + L + 1,)`` chance branches between a decision (first ``H``) or leaf
            (last ``L``) and the edge above it are ``link_branch[link_start[i]:...]``.
        link_branch: chance branches ``0..C-1`` of all links.
        member_start: ``(I + 1,)`` decisions of a set are ``member[member_start[i]:...]``.
        member: ``(H,)`` decisions, set by set.
        unknown_action: ``(D,)`` action of an unknown.
        action_unknown: ``(A,)`` unknown of an action, -1 for the first of a set.
        entry_action: ``(T,)`` row of an entry. Entries with one row whose columns belong to one
            set are adjacent and run over all the unknowns of that set.
        entry_unknown: ``(T,)`` column of an entry.
        after_edge: ``(pairs,)`` edge ``n.a`` of an *after* pair.
        after_decision: ``(pairs,)`` decision ``m`` below that edge.
        after_previous: ``(pairs,)`` pair of the same edge and the last decision above ``m``, or
            -1 where ``m`` is the first decision below the edge. ``reach(n.a → m)`` is the link
            of ``m`` times, if there is a previous pair, its reach times σ of the edge above
            ``m``. A previous pair has a smaller number.
        after_layer_start: pairs with ``k`` decisions strictly between are
            ``after_layer_start[k]:after_layer_start[k + 1]``.
        after_entry: ``(pairs,)`` entry of the first unknown of the set of ``m``, in row ``a``;
            the others follow; -1 if that set has a single action and so no unknown, when the
            pair serves only to carry the reach further down.
        before_edge: ``(terms,)`` edge ``n.a`` of a *before* term.
        before_action: ``(terms,)`` action ``b`` by which the other player leads to ``n``.
        before_entry: ``(terms,)`` entry of the first unknown of the set of ``b``, in row ``a``.
        before_covers: ``(terms,)`` 1 if every member of the set of ``n`` has an ancestor in the
            set of ``b``. The parts with ``σ(c)`` then sum to zero and may be left out.
        slot_plus: ``(S,)`` entry of the row's own action, or ``T`` (read as zero).
        slot_minus: ``(S,)`` entry of the first action of the row's set, or ``T``. The Jacobian
            is ``identity - λ (entry[slot_plus] - entry[slot_minus])``.
        elimination: The order, the fill and the index lists of the factorisation.
    """

    tree: GameTree
    decision_node: IntArray
    decision_set: IntArray
    decision_player: IntArray
    decision_above: IntArray
    layer_start: IntArray
    edge_start: IntArray
    edge_decision: IntArray
    edge_action: IntArray
    leaf_above: IntArray
    link_start: IntArray
    link_branch: IntArray
    member_start: IntArray
    member: IntArray
    unknown_action: IntArray
    action_unknown: IntArray
    entry_action: IntArray
    entry_unknown: IntArray
    after_edge: IntArray
    after_decision: IntArray
    after_previous: IntArray
    after_layer_start: IntArray
    after_entry: IntArray
    before_edge: IntArray
    before_action: IntArray
    before_entry: IntArray
    before_covers: IntArray
    slot_plus: IntArray
    slot_minus: IntArray
    elimination: Elimination

    @property
    def n_decisions(self) -> int:
        """``H``."""
        return len(self.decision_node)

    @property
    def n_edges(self) -> int:
        """``E``."""
        return len(self.edge_action)

    @property
    def n_unknowns(self) -> int:
        """``D``."""
        return len(self.unknown_action)

    @property
    def n_entries(self) -> int:
        """``T``."""
        return len(self.entry_action)


def make_plan(tree: GameTree) -> SolverPlan:
    """Compute the plan of a tree; takes time in proportion to nodes times depth plus fill."""
    above, links, layer = _fold_chance(tree)
    nodes = np.flatnonzero(tree.owner >= 0)
    nodes = nodes[np.argsort(layer[nodes], kind="stable")]
    decision_of = np.full(tree.n_nodes, -1)
    decision_of[nodes] = np.arange(len(nodes))
    decision_set = tree.information_set[nodes].astype(np.int64)

    edge_start = np.concatenate([[0], np.cumsum(tree.n_children[nodes])]).astype(np.int64)
    edge_decision = np.repeat(np.arange(len(nodes)), tree.n_children[nodes])
    offset = np.arange(edge_start[-1]) - edge_start[edge_decision]
    edge_action = tree.set_start[decision_set[edge_decision]] + offset

    def edge_above(items: Integers | IntArray) -> Integers:
        """Edge number of the last decision edge above each node."""
        child = above[items]
        owner = decision_of[tree.parent[child]]
        action = tree.edge[child] - tree.set_start[decision_set[owner]] if len(nodes) else child
        edge = edge_start[owner] + action if len(nodes) else child
        return np.where(child >= 0, edge, -1)

    items = np.concatenate([nodes, tree.leaf_nodes])
    link_start = np.concatenate([[0], np.cumsum([len(links[item]) for item in items])])
    link_branch = [branch for item in items for branch in links[item]]
    decision_above = edge_above(nodes)

    first = np.zeros(tree.n_actions, dtype=bool)
    first[tree.set_start[:-1]] = True
    unknown_action = np.flatnonzero(~first)
    action_unknown = np.full(tree.n_actions, -1)
    action_unknown[unknown_action] = np.arange(len(unknown_action))

    after_edge, after_decision, after_previous, after_layer_start = _pairs(
        decision_above, edge_decision
    )
    before_edge, before_action, before_covers = _before(
        tree, decision_set, edge_start, edge_action, edge_decision, after_edge, after_decision
    )
    set_width = np.diff(tree.set_start) - 1
    blocks, after_block, before_block = _blocks(
        np.stack([edge_action[after_edge], decision_set[after_decision]]),
        np.stack([edge_action[before_edge], tree.action_set[before_action]]),
        tree.n_sets,
    )
    width = set_width[blocks[1]]
    block_start = np.concatenate([[0], np.cumsum(width)])
    entry_action = np.repeat(blocks[0], width)
    within = np.arange(block_start[-1]) - np.repeat(block_start[:-1], width)
    entry_unknown = action_unknown[np.repeat(tree.set_start[blocks[1]] + 1, width) + within]
    wanted = set_width[decision_set[after_decision]] > 0
    after_entry = np.where(wanted, block_start[after_block], -1)

    slot_row, slot_column = _jacobian_pattern(tree, entry_action, entry_unknown, action_unknown)
    elimination = order_and_fill(len(unknown_action), slot_row, slot_column)
    row, column = elimination.slot_row, elimination.slot_column
    own = unknown_action[row]
    entry_key = entry_action.astype(np.int64) * max(len(unknown_action), 1) + entry_unknown
    slot_plus = _find(entry_key, own * max(len(unknown_action), 1) + column)
    slot_minus = _find(
        entry_key,
        tree.set_start[tree.action_set[own]].astype(np.int64) * max(len(unknown_action), 1)
        + column,
    )
    member = np.argsort(decision_set, kind="stable")
    return SolverPlan(
        tree=tree,
        decision_node=_int32(nodes),
        decision_set=_int32(decision_set),
        decision_player=_int32(tree.owner[nodes]),
        decision_above=_int32(decision_above),
        layer_start=_int32(
            np.searchsorted(layer[nodes], np.arange(int(layer[nodes].max(initial=-1)) + 2))
        ),
        edge_start=_int32(edge_start),
        edge_decision=_int32(edge_decision),
        edge_action=_int32(edge_action),
        leaf_above=_int32(edge_above(tree.leaf_nodes)),
        link_start=_int32(link_start),
        link_branch=_int32(link_branch),
        member_start=_int32(np.searchsorted(decision_set[member], np.arange(tree.n_sets + 1))),
        member=_int32(member),
        unknown_action=_int32(unknown_action),
        action_unknown=_int32(action_unknown),
        entry_action=_int32(entry_action),
        entry_unknown=_int32(entry_unknown),
        after_edge=_int32(after_edge),
        after_decision=_int32(after_decision),
        after_previous=_int32(after_previous),
        after_layer_start=_int32(after_layer_start),
        after_entry=_int32(after_entry),
        before_edge=_int32(before_edge),
        before_action=_int32(before_action),
        before_entry=_int32(block_start[before_block]),
        before_covers=_int32(before_covers),
        slot_plus=_int32(slot_plus),
        slot_minus=_int32(slot_minus),
        elimination=elimination,
    )


def _int32(values: object) -> IntArray:
    array = np.ascontiguousarray(values, dtype=np.int32)
    array.flags.writeable = False
    return array


def _fold_chance(tree: GameTree) -> tuple[Integers, list[tuple[int, ...]], Integers]:
    """Walk down once.

    Returns:
        ``(N,)`` the child of the last decision on the way to a node (-1 if none), the chance
        branches since then, and ``(N,)`` the number of decisions above the node.
    """
    parent, owner, edge = tree.parent.tolist(), tree.owner.tolist(), tree.edge.tolist()
    above = [-1] * tree.n_nodes
    links: list[tuple[int, ...]] = [()] * tree.n_nodes
    layer = [0] * tree.n_nodes
    for node in range(1, tree.n_nodes):
        up = parent[node]
        if owner[up] >= 0:
            above[node], layer[node] = node, layer[up] + 1
        else:
            above[node], layer[node] = above[up], layer[up]
            links[node] = (*links[up], edge[node] - tree.n_actions)
    return np.array(above, dtype=np.int64), links, np.array(layer, dtype=np.int64)


def _pairs(
    decision_above: Integers, edge_decision: Integers
) -> tuple[Integers, Integers, Integers, Integers]:
    """All pairs of an edge and a decision below it, nearest first."""
    has_above = decision_above >= 0
    up = np.where(has_above, edge_decision[decision_above], -1) if len(edge_decision) else has_above
    lower = np.flatnonzero(has_above)
    edge = decision_above[lower]
    previous = np.full(len(lower), -1)
    edges, lowers, previouses, start = [], [], [], [0]
    while len(lower):
        edges.append(edge)
        lowers.append(lower)
        previouses.append(previous)
        pair_of = np.full(len(decision_above), -1)
        pair_of[lower] = start[-1] + np.arange(len(lower))
        edge_of = np.full(len(decision_above), -1)
        edge_of[lower] = edge
        start.append(start[-1] + len(lower))
        lower = lower[pair_of[up[lower]] >= 0]
        edge, previous = edge_of[up[lower]], pair_of[up[lower]]
    none = np.zeros(0, dtype=np.int64)
    return (
        np.concatenate([none, *edges]),
        np.concatenate([none, *lowers]),
        np.concatenate([none, *previouses]),
        np.array(start),
    )


def _before(
    tree: GameTree,
    decision_set: Integers,
    edge_start: Integers,
    edge_action: Integers,
    edge_decision: Integers,
    after_edge: Integers,
    after_decision: Integers,
) -> tuple[Integers, Integers, Integers]:
    """*Before* terms: edge, action above it, and whether that action's set covers all members.

    Dropped are sets with one node, whose belief is fixed; own earlier choices, which perfect
    recall makes the same for all members; sets with one action; and actions that all members
    have above them.
    """
    size = np.bincount(decision_set, minlength=tree.n_sets)
    lower_set = decision_set[after_decision]
    action = edge_action[after_edge]
    upper_set = tree.action_set[action].astype(np.int64)
    keep = (
        (size[lower_set] > 1)
        & (tree.set_player[lower_set] != tree.set_player[upper_set])
        & (np.diff(tree.set_start)[upper_set] > 1)
    )
    lower, action = after_decision[keep], action[keep]
    lower_set, upper_set = lower_set[keep], upper_set[keep]
    members = _group_size(lower_set * tree.n_sets + upper_set)
    sharing = _group_size(lower_set * tree.n_actions + action)
    covers = members == size[lower_set]
    keep = sharing < size[lower_set]
    lower, action, covers = lower[keep], action[keep], covers[keep]
    count = np.diff(edge_start)[lower]
    term = np.repeat(np.arange(len(lower)), count)
    first_of_term = np.cumsum(count) - count
    edge = edge_start[lower[term]] + np.arange(len(term)) - first_of_term[term]
    return edge, action[term], covers[term]


def _group_size(keys: Integers) -> Integers:
    """For each key, how often it occurs."""
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return np.asarray(counts[inverse], dtype=np.int64)


def _blocks(after: Integers, before: Integers, n_sets: int) -> tuple[Integers, Integers, Integers]:
    """Number the (action, set) blocks of ∂U/∂z that any pair or term touches."""
    keys = np.concatenate([after, before], axis=1).astype(np.int64)
    unique, inverse = np.unique(keys[0] * n_sets + keys[1], return_inverse=True)
    blocks = np.stack([unique // max(n_sets, 1), unique % max(n_sets, 1)])
    return blocks, inverse[: after.shape[1]], inverse[after.shape[1] :]


def _jacobian_pattern(
    tree: GameTree, entry_action: Integers, entry_unknown: Integers, action_unknown: Integers
) -> tuple[Integers, Integers]:
    """Rows and columns (with repeats) where the Jacobian may differ from zero."""
    unknown = action_unknown[entry_action]
    row_set = tree.action_set[entry_action]
    width = np.where(unknown < 0, np.diff(tree.set_start)[row_set] - 1, 0)
    entry = np.repeat(np.arange(len(entry_action)), width)
    offset = np.arange(len(entry)) - (np.cumsum(width) - width)[entry]
    spread = action_unknown[
        np.minimum(tree.set_start[row_set[entry]] + 1 + offset, tree.n_actions - 1)
    ]
    rows = np.concatenate([unknown[unknown >= 0], spread])
    columns = np.concatenate([entry_unknown[unknown >= 0], entry_unknown[entry]])
    return rows, columns


def _find(sorted_keys: Integers, keys: Integers) -> Integers:
    """Position of each key in an increasing list, or the length of the list."""
    position = np.searchsorted(sorted_keys, keys)
    inside = np.minimum(position, max(len(sorted_keys) - 1, 0))
    found = sorted_keys[inside] == keys if len(sorted_keys) else np.zeros(len(keys), dtype=bool)
    return np.where(found, position, len(sorted_keys))
