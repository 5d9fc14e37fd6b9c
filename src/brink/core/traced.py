"""How boldly paths are followed, and what following them found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from brink.core.results import Status
from brink.core.tree import FloatArray

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Pace:
    """How boldly a path is followed; sizes are largest changes of any log-probability ratio.

    Attributes:
        accept: Largest first correction of an accepted step.
        aim: First correction that the step control aims at.
        first: Length of the first step.
        growth: Largest ratio of a step to the one before.
        steeper: Largest ratio of the slope after a step to the slope before it.
        patient: Whether to go on, by arclength, where steps in λ fail; else the draw is left to
            the next pace.
        arc_accept: As ``accept``, for arclength steps.
        arc_aim: As ``aim``, for arclength steps.
        arc_cosine: Smallest cosine of the angle between the tangents of an arclength step.
    """

    accept: float
    aim: float
    first: float
    growth: float
    steeper: float
    patient: bool
    arc_accept: float = 0.1
    arc_aim: float = 0.03
    arc_cosine: float = 0.8


BOLD = Pace(accept=0.1, aim=0.025, first=0.6, growth=2.5, steeper=2.0, patient=False)
CAREFUL = Pace(accept=0.06, aim=0.012, first=0.3, growth=2.0, steeper=2.0, patient=True)
FINE = Pace(
    accept=0.01,
    aim=0.002,
    first=0.1,
    growth=1.5,
    steeper=1.5,
    patient=True,
    arc_accept=0.02,
    arc_aim=0.004,
    arc_cosine=0.95,
)


@dataclass(frozen=True, eq=False)
class Traced:
    """What one pass over some draws found; arrays as in ``QuantalResponse``.

    ``again`` marks draws that this pace did not finish and a finer one may.
    """

    log_strategy: FloatArray
    status: NDArray[np.int8]
    turning_points: NDArray[np.int32]
    bifurcations: NDArray[np.int32]
    smallest_pivot: FloatArray
    operations: NDArray[np.int32]
    again: NDArray[np.bool_]


def merge(first: Traced, chosen: Indices, second: Traced) -> Traced:
    """Put a second attempt at the draws ``chosen`` into the first.

    What only the first attempt solved, on its way there, remains.
    """
    keep = (first.status[:, chosen] <= Status.NOT_UNIQUE) & (second.status > Status.NOT_UNIQUE)
    for old, new in (
        (first.log_strategy, second.log_strategy),
        (first.status, second.status),
        (first.turning_points, second.turning_points),
        (first.bifurcations, second.bifurcations),
        (first.smallest_pivot, second.smallest_pivot),
    ):
        kept = keep[:, None] if old.ndim == 3 else keep
        old[..., chosen] = np.where(kept, old[..., chosen], new)
    first.again[chosen] = second.again
    first.operations[chosen] += second.operations
    return first
