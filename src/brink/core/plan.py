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
from brink.core.tree import LEAF, GameTree, IntArray


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
            the others follow. Pairs into sets with a single action are left out.
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

    def edge_above(items: NDArray[np.integer]) -> NDArray[np.int64]:
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
    integer = _int32
    return SolverPlan(
        tree=tree,
        decision_node=integer(nodes),
        decision_set=integer(decision_set),
        decision_player=integer(tree.owner[nodes]),
        decision_above=integer(decision_above),
        layer_start=integer(
            np.searchsorted(layer[nodes], np.arange(int(layer[nodes].max(initial=-1)) + 2))
        ),
        edge_start=integer(edge_start),
        edge_decision=integer(edge_decision),
        edge_action=integer(edge_action),
        leaf_above=integer(edge_above(tree.leaf_nodes)),
        link_start=integer(link_start),
        link_branch=integer(link_branch),
        member_start=integer(
            np.searchsorted(decision_set[member], np.arange(tree.n_sets + 1))
        ),
        member=integer(member),
        unknown_action=integer(unknown_action),
        action_unknown=integer(action_unknown),
        entry_action=integer(entry_action),
        entry_unknown=integer(entry_unknown),
        after_edge=integer(after_edge),
        after_decision=integer(after_decision),
        after_previous=integer(after_previous),
        after_layer_start=integer(after_layer_start),
        after_entry=integer(after_entry),
        before_edge=integer(before_edge),
        before_action=integer(before_action),
        before_entry=integer(block_start[before_block]),
        before_covers=integer(before_covers),
        slot_plus=integer(slot_plus),
        slot_minus=integer(slot_minus),
        elimination=elimination,
    )
