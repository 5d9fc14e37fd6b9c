"""What carries an assessment: all analyses of a solved ensemble, put into the assessment.

``quick`` is meant for every assessment, ``full`` takes a few times as long and looks more
closely. Both say in the notes how many draws the parts that solve anew were given.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from brink.assess.answers import answer_weights
from brink.assess.claims import MOST_LIKELY
from brink.assess.drop_one import drop_one_tests
from brink.assess.evaluation import Evaluation
from brink.assess.inverse import inverse_conditions
from brink.assess.levers import levers, readings
from brink.assess.provenance import assumptions
from brink.assess.result import Assessment, FlipRule, Influence, InverseCondition, TippingPoint
from brink.assess.rules import find_rule, flip_rule
from brink.assess.sensitivity import SortedInputs, first_order, influences
from brink.assess.tipping import one_way, tipping_points
from brink.assess.trap import best_exits, trap_lines
from brink.assess.watch import watch_list
from brink.assess.weighted import quantiles
from brink.core.tree import FloatArray
from brink.scenario.compiled import Parameter

Depth = Literal["quick", "full"]


@dataclass(frozen=True, slots=True)
class Effort:
    """How closely to look.

    Attributes:
        drop_one_draws: Draws that each drop-one test solves anew.
        tipping_points: Tipping points per claim.
        representatives: Draws on which each flip is tried again.
        inverse_outcomes: How many outcomes the inverse question is asked about, the most
            probable ones first.
        rule_draws: Draws that flip rules are sought in.
        rule_inputs: Inputs that flip rules may use, the most influential ones.
    """

    drop_one_draws: int
    tipping_points: int
    representatives: int
    inverse_outcomes: int
    rule_draws: int = 2_000
    rule_inputs: int = 8


EFFORTS: dict[Depth, Effort] = {
    "quick": Effort(100, 3, 6, 4),
    "full": Effort(500, 8, 16, 50),
}
_KEPT_INFLUENCES = 8


def analysed(
    assessment: Assessment,
    evaluation: Evaluation,
    *,
    depth: Depth = "quick",
    workers: int | None = None,
) -> Assessment:
    """The assessment with everything added that says what it rests on.

    Fills influences, tipping points, flip rules, drop-one tests, the watch list, the trap check,
    inverse conditions and the ranks of the assumptions.

    Args:
        assessment: As described without any of it.
        evaluation: The ensemble behind it.
        depth: How closely to look.
        workers: Threads; changes no figure.
    """
    effort = EFFORTS[depth]
    found = influence_table(evaluation)
    kept = tuple(
        line
        for key in dict.fromkeys(line.answer for line in found)
        for line in [one for one in found if one.answer == key][:_KEPT_INFLUENCES]
    )
    notes = []
    tipping: tuple[TippingPoint, ...] = ()
    inverse: tuple[InverseCondition, ...] = ()
    scan = one_way(evaluation, workers=workers)
    if scan is None:
        notes.append("The central draw could not be solved: there are no tipping points.")
    else:
        tipping = tipping_points(
            scan,
            keep=effort.tipping_points,
            representatives=effort.representatives,
            workers=workers,
        )
        inverse = inverse_conditions(
            scan, _likeliest(evaluation, effort.inverse_outcomes), workers=workers
        )
        notes.append(
            "Tipping points and inverse conditions move inputs away from the central draw; "
            f"each flip was tried on {effort.representatives} further draws."
        )
    draws = min(effort.drop_one_draws, evaluation.ensemble.draws)
    notes.append(f"Drop-one tests compare the first {draws} draws with and without.")
    return dataclasses.replace(
        assessment,
        assumptions=assumptions(
            evaluation.ensemble.compiled.scenario,
            evaluation.ensemble.compiled.parameters.parameters,
            found,
            evaluation.ensemble.overrides,
        ),
        drop_one=drop_one_tests(evaluation, draws=draws, workers=workers),
        influences=kept,
        tipping_points=tipping,
        flip_rules=flip_rules(evaluation, found, effort),
        watch=watch_list(evaluation),
        trap=best_exits(trap_lines(evaluation)),
        inverse=inverse,
        notes=(*assessment.notes, *notes),
    )


def influence_table(evaluation: Evaluation, *, seed: int = 0) -> tuple[Influence, ...]:
    """First-order effects of every input on every question, largest first per question.

    Questions whose answer is the same in all members have nothing to explain and no lines.
    """
    inputs, names = inputs_of(evaluation)
    ordered = SortedInputs.of(inputs)
    lines: list[Influence] = []
    for row, question in enumerate(evaluation.asker.questions):
        effects = first_order(
            ordered, evaluation.asked.values[row], answer_weights(evaluation, row), seed=seed
        )
        if effects is not None:
            lines += influences(question.key or question.text, names, effects)
    return tuple(lines)


def inputs_of(evaluation: Evaluation) -> tuple[FloatArray, tuple[Parameter, ...]]:
    """``(inputs, B)`` everything that varies between draws, and what it is."""
    found = levers(evaluation.ensemble.compiled)
    inputs = readings(found, evaluation.ensemble.values)
    varying = np.flatnonzero(inputs.max(axis=1) > inputs.min(axis=1))
    return inputs[varying], tuple(found[row].parameter for row in varying)


def flip_rules(
    evaluation: Evaluation, found: tuple[Influence, ...], effort: Effort
) -> tuple[FlipRule, ...]:
    """Two-condition rules under which answers are mostly turned over; none where none holds."""
    inputs, names = inputs_of(evaluation)
    count = min(effort.rule_draws, inputs.shape[1])
    rules = []
    for key, flipped, weights in _flips(evaluation):
        shares = {line.parameter: line for line in found if line.answer == key}
        rows = [
            row
            for row, name in enumerate(names)
            if key == MOST_LIKELY
            or (name.key in shares and shares[name.key].share > shares[name.key].noise_floor)
        ]
        if key == MOST_LIKELY:
            effects = first_order(inputs, flipped[None].astype(float), weights[None])
            if effects is None:
                continue
            rows = [row for row in rows if effects.share[row] > effects.noise_floor]
            rows.sort(key=lambda row: -float(effects.share[row]))
        else:
            rows.sort(key=lambda row: -shares[names[row].key].share)
        rows = rows[: effort.rule_inputs]
        if not rows:
            continue
        rule = find_rule(inputs[rows, :count], flipped[:count], weights[:count])
        if rule is not None:
            rules.append(flip_rule(key, rule, [names[row] for row in rows]))
    return tuple(rules)


def _flips(evaluation: Evaluation) -> list[tuple[str, NDArray[np.bool_], FloatArray]]:
    """Per claim: its key, ``(B,)`` where it is turned over, and ``(B,)`` weights of the draws.

    A claim is turned over in a draw that is on another side than the ensemble as a whole.
    """
    result = []
    for row, question in enumerate(evaluation.asker.questions):
        values, weights = evaluation.asked.values[row], answer_weights(evaluation, row)
        usable = np.where(np.isfinite(values), weights, 0.0)
        by_draw = usable.sum(axis=0)
        if by_draw.sum() <= 0.0:
            continue
        level = 0.0 if question.kind == "effect" else 0.5
        (median,) = quantiles(values, weights, (0.5,))
        mean = (usable * np.nan_to_num(values)).sum(axis=0) / np.where(by_draw > 0, by_draw, 1.0)
        flipped = (mean - level) * (median - level) < 0.0
        result.append((question.key or question.text, flipped, by_draw))
    weights = np.where(np.isfinite(evaluation.outcomes[0]), evaluation.weights, 0.0)
    by_draw = weights.sum(axis=0)
    total = (weights * np.nan_to_num(evaluation.outcomes)).sum(axis=1)
    best = int(total.sum(axis=1).argmax())
    result.append((MOST_LIKELY, total.argmax(axis=0) != best, by_draw))
    return result


def _likeliest(evaluation: Evaluation, count: int) -> list[str]:
    names = evaluation.ensemble.compiled.outcomes
    weights = np.where(np.isfinite(evaluation.outcomes[0]), evaluation.weights, 0.0)
    mean = (weights * np.nan_to_num(evaluation.outcomes)).sum(axis=(1, 2))
    order = np.argsort(-mean, kind="stable")
    return [names[row] for row in order[: count + 1] if mean[row] > 0.0]
