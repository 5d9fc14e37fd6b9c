"""Solving chosen values of the inputs again, and what every claim says there.

Tipping points, inverse questions and drop-one tests all ask "and if this were different?".
They share their noise with the ensemble: everything but what is changed stays as drawn.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brink.assess.ensemble import Chunk, SolvedEnsemble, chunks_of, in_chunks, joined
from brink.assess.evaluation import Evaluation, evaluate
from brink.core.results import QuantalResponse
from brink.core.solve import solve_aqre
from brink.core.tree import FloatArray
from brink.scenario.compiled import CompiledScenario
from brink.scenario.model import Event, Quantity


def solve_values(
    compiled: CompiledScenario,
    values: FloatArray,
    rationality: FloatArray,
    *,
    seed: int = 0,
    payoffs: FloatArray | None = None,
    workers: int | None = None,
) -> SolvedEnsemble:
    """Solve given values of the inputs.

    Args:
        compiled: The scenario.
        values: ``(M, B)``.
        rationality: ``(K,)`` λ.
        seed: Of the streams that outside evidence draws its strength from.
        payoffs: ``(P, L, B)`` to use instead of those that follow from the values.
        workers: Threads.
    """
    tree = compiled.game.tree

    def solve(chunk: Chunk) -> QuantalResponse:
        some = values[:, chunk.draws]
        utility = (
            compiled.parameters.payoffs(some) if payoffs is None else payoffs[..., chunk.draws]
        )
        chance = compiled.parameters.chance(some)
        seen = chance[: tree.n_players] if chance.ndim == 3 else chance
        return solve_aqre(tree, utility, seen, rationality)

    parts = in_chunks(chunks_of(values.shape[-1]), solve, workers)
    return SolvedEnsemble(compiled, seed, values, joined(parts))


def first_draws(ensemble: SolvedEnsemble, draws: int) -> SolvedEnsemble:
    """The first ``draws`` draws of an ensemble: what a smaller run would have given."""
    if draws >= ensemble.draws:
        return ensemble
    response = ensemble.response
    cut = {
        field.name: getattr(response, field.name)[..., :draws]
        for field in dataclasses.fields(response)
        if field.name not in ("rationality", "backend")
    }
    return dataclasses.replace(
        ensemble,
        values=ensemble.values[:, :draws],
        response=dataclasses.replace(response, **cut),
    )


def settled(events: Sequence[Event]) -> tuple[Event, ...]:
    """The same events with certainties and ratios at the middle of their ranges.

    For looking at single draws, where the strength of evidence must not vary by chance.
    """
    return tuple(
        dataclasses.replace(
            event,
            certainty=_middle(event.certainty),
            ratio=None if event.ratio is None else _middle(event.ratio, geometric=True),
        )
        for event in events
    )


def _middle(quantity: Quantity, *, geometric: bool = False) -> Quantity:
    if quantity.is_point:
        return quantity
    value = quantity.likely
    if value is None:
        both_positive = quantity.low > 0.0
        value = (
            float(np.sqrt(quantity.low * quantity.high))
            if geometric and both_positive
            else (quantity.low + quantity.high) / 2.0
        )
    return Quantity(value, value)


@dataclass(frozen=True, eq=False)
class DrawAnswers:
    """What single draws say, averaged over the rationalities by how well each fits the record.

    Attributes:
        asked: ``(Q, B)`` answers to the questions; NaN where undefined.
        outcomes: ``(X, B)`` probabilities of the outcomes given the record.
    """

    asked: FloatArray
    outcomes: FloatArray


def answers_by_draw(evaluation: Evaluation) -> DrawAnswers:
    """Average every answer over the rationalities of its draw."""
    logs = np.where(evaluation.usable, evaluation.beliefs.log_likelihood[-1], -np.inf)
    logs = np.where(np.isnan(logs), -np.inf, logs)
    top = logs.max(axis=0, initial=-np.inf)
    weights = np.exp(logs - np.where(np.isfinite(top), top, 0.0))
    return DrawAnswers(
        _averaged(evaluation.asked.values, weights), _averaged(evaluation.outcomes, weights)
    )


def _averaged(values: FloatArray, weights: FloatArray) -> FloatArray:
    usable = np.isfinite(values)
    weight = np.where(usable, weights, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((weight * np.where(usable, values, 0.0)).sum(axis=1) / weight.sum(axis=1))


def answers_at(
    evaluation: Evaluation, values: FloatArray, *, workers: int | None = None
) -> DrawAnswers:
    """What the record and the questions of an evaluation say at given values of the inputs."""
    ensemble = evaluation.ensemble
    solved = solve_values(
        ensemble.compiled, values, ensemble.rationality, seed=ensemble.seed, workers=workers
    )
    events = [entry.event for entry in evaluation.reader.testimony]
    return answers_by_draw(
        evaluate(
            solved,
            events=settled(events),
            questions=evaluation.asker.questions,
            workers=workers,
        )
    )
