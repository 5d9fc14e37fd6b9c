"""The list of checks: which property makes each row what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from brink.core.tree import FloatArray

EXACT = 1e-9
"""What counts as no difference at all: the solver's own tolerance is far smaller."""


@dataclass(frozen=True)
class Finding:
    """Whether a property holds, and its figure in words."""

    holds: bool
    figure: str


@dataclass(frozen=True)
class Row:
    """One mechanism: its number, the language construct that carries it, and its check."""

    number: int
    folder: str
    words: str
    construct: str
    claim: str
    check: Callable[[], Finding]


ROWS: dict[int, Row] = {}


def row(
    folder: str, words: str, construct: str, claim: str
) -> Callable[..., Callable[[], Finding]]:
    """Register the check of the example in ``folder``."""

    def register(check: Callable[[], Finding]) -> Callable[[], Finding]:
        number = int(folder[:2])
        ROWS[number] = Row(number, folder, words, construct, claim, check)
        return check

    return register


def higher(more: FloatArray, less: FloatArray, share: float = 0.9) -> Finding:
    """``more`` exceeds ``less`` in at least that share of the draws."""
    found = float(np.mean(more > less))
    figure = f"{np.median(more):.1%} against {np.median(less):.1%}, in {found:.0%} of draws"
    return Finding(found >= share, figure)


def positive(effect: FloatArray, share: float = 0.9) -> Finding:
    """``effect`` is above zero in at least that share of the draws."""
    found = float(np.mean(effect > EXACT))
    return Finding(
        found >= share, f"{100 * np.median(effect):+.1f} points, in {found:.0%} of draws"
    )


def nothing(effect: FloatArray) -> Finding:
    """``effect`` is zero in every draw."""
    largest = float(np.abs(effect).max())
    return Finding(largest < EXACT, f"largest effect {100 * largest:.1g} points")


def both(*findings: Finding) -> Finding:
    """All of them hold."""
    return Finding(all(f.holds for f in findings), "; ".join(f.figure for f in findings))
