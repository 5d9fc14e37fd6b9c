"""The elimination of a plan as the compiled kernel reads it: sums gathered by entry."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from brink.core.plan import SolverPlan
from brink.core.tree import IntArray

ZERO = 1  # the slot that is always zero


def factor_lists(plan: SolverPlan, first_entry: int) -> tuple[IntArray, ...]:
    """The lists of the elimination, from ``step_upper`` to ``order``.

    The specification updates all later entries after each pivot; the kernel gathers for each
    entry the products to subtract, in the same order, and so keeps the sum in a register.
    """
    lists = plan.elimination
    size = plan.n_unknowns
    upper, lower = np.diff(lists.upper_start), np.diff(lists.lower_start)
    step_of = np.empty(size, dtype=np.int64)
    step_of[lists.order] = np.arange(size)

    def entry(slot: IntArray) -> NDArray[np.int64]:
        return np.where(slot < plan.n_entries, first_entry + slot.astype(np.int64), ZERO)

    left, right = [], []
    for step in range(size):
        above = lists.upper_slot[lists.upper_start[step] : lists.upper_start[step + 1]]
        beside = lists.lower_slot[lists.lower_start[step] : lists.lower_start[step + 1]]
        left.append(np.repeat(beside, len(above)))
        right.append(np.tile(above, len(beside)))
    none = np.zeros(0, dtype=np.int64)
    target = np.argsort(lists.update_slot, kind="stable")
    fill = np.stack([np.concatenate([none, *left]), np.concatenate([none, *right])], axis=1)[target]
    fill_start = np.searchsorted(lists.update_slot[target], np.arange(lists.n_slots + 1))

    row = step_of[lists.lower_row]
    by_row = np.argsort(row, kind="stable")
    column = np.repeat(np.arange(size), lower)
    forward = np.stack([lists.lower_slot, column], axis=1)[by_row]
    forward_start = np.searchsorted(row[by_row], np.arange(size + 1))
    return (
        int32(upper),
        int32(lower),
        int32(entry(plan.slot_plus)),
        int32(entry(plan.slot_minus)),
        int32(fill_start),
        int32(fill.ravel()),
        int32(forward_start),
        int32(forward.ravel()),
        int32(step_of[lists.upper_column]),
        int32(lists.order),
    )


def int32(values: object) -> IntArray:
    """Read-only ``int32`` copy."""
    array = np.ascontiguousarray(values, dtype=np.int32)
    array.flags.writeable = False
    return array
