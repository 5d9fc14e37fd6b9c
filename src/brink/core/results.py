"""What a solver returns: values, status, regret and statistics. Failure is data."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from brink.core.tree import FloatArray


class Status(enum.IntEnum):
    """How the solution of one draw at one rationality ended.

    Only ``SOLVED`` and ``NOT_UNIQUE`` carry a certified solution.
    """

    SOLVED = 0
    NOT_UNIQUE = 1  # certified, but the path from λ = 0 passed a bifurcation
    STEP_LIMIT = 2  # the operation budget ran out before the rationality was reached
    SINGULAR = 3  # the path could not be followed through a singular point
    UNCERTIFIED = 4  # reached, but the independent certificate refused it
    NOT_ATTEMPTED = 5

    @property
    def sentence(self) -> str:
        """What happened, for people."""
        return _SENTENCES[self]


_SENTENCES = {
    Status.SOLVED: "solved and certified on the principal branch",
    Status.NOT_UNIQUE: "certified, but the path from zero rationality passed a bifurcation, "
    "so other solutions continue it as well",
    Status.STEP_LIMIT: "not solved: the step budget ran out; raise it or lower the rationality",
    Status.SINGULAR: "not solved: the path met a singular point that could not be passed",
    Status.UNCERTIFIED: "not solved: the independent certificate refused the result",
    Status.NOT_ATTEMPTED: "not attempted",
}


@dataclass(frozen=True, eq=False)
class QuantalResponse:
    """Agent logit quantal response equilibria of one tree, for many draws and rationalities.

    Source: McKelvey and Palfrey (1998), Experimental Economics 1, 9-41; principal branch as in
    Turocy (2005), Games and Economic Behavior 51, 243-263.

    Attributes:
        rationality: ``(K,)`` increasing λ.
        log_strategy: ``(K, A, B)`` natural logarithm of the behavioural strategies; NaN where
            the draw was not solved.
        status: ``(K, B)`` :class:`Status` values.
        residual: ``(K, B)`` largest ``|logit(λ U(σ)) - σ|`` over all actions, as found by the
            certificate, not by the solver.
        regret: ``(K, B)`` largest gain (payoff units) from deviating at one information set.
        turning_points: ``(K, B)`` turning points in λ passed on the way.
        bifurcations: ``(K, B)`` bifurcations passed on the way.
        smallest_pivot: ``(K, B)`` smallest absolute pivot met on the way.
        operations: ``(B,)`` Newton operations spent.
        backend: Which core did the work, for the manifest (``"numpy"``, ``"c-avx2"``, ...).
    """

    rationality: FloatArray
    log_strategy: FloatArray
    status: NDArray[np.int8]
    residual: FloatArray
    regret: FloatArray
    turning_points: NDArray[np.int32]
    bifurcations: NDArray[np.int32]
    smallest_pivot: FloatArray
    operations: NDArray[np.int32]
    backend: str

    @property
    def certified(self) -> NDArray[np.bool_]:
        """``(K, B)`` where a certified solution exists."""
        return self.status <= Status.NOT_UNIQUE

    @property
    def strategy(self) -> FloatArray:
        """``(K, A, B)`` behavioural strategies; NaN where not solved."""
        return np.exp(self.log_strategy)
