"""What carries the figures and what would turn them: every analysis of one evaluation.

All of them read the solved ensemble or solve few draws again; none changes it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brink.assess.answers import answer_weights
from brink.assess.claims import MOST_LIKELY, claims_of, lead
from brink.assess.drop_one import drop_one_tests
from brink.assess.evaluation import Evaluation
from brink.assess.inverse import inverse_conditions
from brink.assess.resolving import DrawAnswers
from brink.assess.result import (
    DropOne,
    FlipRule,
    Influence,
    InverseCondition,
    TippingPoint,
    TrapLine,
    WatchItem,
)
from brink.assess.rules import find_rule, flip_rule
from brink.assess.sensitivity import first_order, influences
from brink.assess.tipping import OneWay, one_way, tipping_points
from brink.assess.trap import trap_lines
from brink.assess.watch import watch_list
from brink.core.tree import FloatArray

_INFLUENCES = 12
_WATCHED = 12


@dataclass(frozen=True, slots=True)
class Analyses:
    """See the fields of the same names in :class:`~brink.assess.result.Assessment`."""

    drop_one: tuple[DropOne, ...] = ()
    influences: tuple[Influence, ...] = ()
    tipping_points: tuple[TippingPoint, ...] = ()
    flip_rules: tuple[FlipRule, ...] = ()
    watch: tuple[WatchItem, ...] = ()
    trap: tuple[TrapLine, ...] = ()
    inverse: tuple[InverseCondition, ...] = ()


def analyse(evaluation: Evaluation, *, workers: int | None = None) -> Analyses:
    """Every analysis of an evaluation."""
    scan = one_way(evaluation, workers=workers)
    return Analyses(
        drop_one=drop_one_tests(evaluation, workers=workers),
        influences=answer_influences(evaluation),
        tipping_points=() if scan is None else tipping_points(scan),
        flip_rules=() if scan is None else claim_rules(evaluation, scan),
        watch=watch_list(evaluation, keep=_WATCHED),
        trap=trap_lines(evaluation),
        inverse=() if scan is None else inverse_conditions(scan, workers=workers),
    )


def answer_influences(evaluation: Evaluation) -> tuple[Influence, ...]:
    """The inputs that go with each answer, and with which outcome leads, largest first."""
    ensemble = evaluation.ensemble
    parameters = ensemble.compiled.parameters.parameters
    found: list[Influence] = []
    for row, question in enumerate(evaluation.asker.questions):
        effects = first_order(
            ensemble.values,
            evaluation.asked.values[row],
            answer_weights(evaluation, row),
            seed=ensemble.seed,
        )
        if effects is not None:
            found += influences(question.key, parameters, effects, keep=_INFLUENCES)
    means = (np.nan_to_num(evaluation.outcomes) * evaluation.weights).sum(axis=(1, 2))
    if len(means) > 1:
        leading = lead(evaluation.outcomes, int(means.argmax()))
        effects = first_order(ensemble.values, leading, evaluation.weights, seed=ensemble.seed)
        if effects is not None:
            found += influences(MOST_LIKELY, parameters, effects, keep=_INFLUENCES)
    return tuple(found)


def claim_rules(evaluation: Evaluation, scan: OneWay) -> tuple[FlipRule, ...]:
    """For each claim of the central draw, the box of inputs in which it is mostly turned over."""
    ensemble = evaluation.ensemble
    answers = DrawAnswers(
        _by_draw(evaluation.asked.values, evaluation.weights),
        _by_draw(evaluation.outcomes, evaluation.weights),
    )
    weights = evaluation.weights.sum(axis=0)
    rules = []
    for claim in claims_of(ensemble.compiled, evaluation.asker.questions, scan.at_centre):
        margin = claim.margin(answers)
        defined = np.isfinite(margin)
        rule = find_rule(ensemble.values, defined & (margin < 0), np.where(defined, weights, 0.0))
        if rule is not None:
            rules.append(flip_rule(claim.key, rule, ensemble.compiled.parameters.parameters))
    return tuple(rules)


def _by_draw(values: FloatArray, weights: FloatArray) -> FloatArray:
    """``(R, B)`` averages of ``(R, K, B)`` over the rationalities of each draw; NaN if none."""
    counts = np.isfinite(values) & (weights > 0)
    shares = np.where(counts, weights, 0.0)
    total = shares.sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray((shares * np.where(counts, values, 0.0)).sum(axis=1) / total)
