"""What each side would do next, and the reasons that weigh most, as figures and in words."""

from __future__ import annotations

import numpy as np

from brink.assess.ensemble import Chunk, in_chunks
from brink.assess.evaluation import Evaluation, chunk_reach
from brink.assess.moving import Comparison, MoveValues, OptionComparison
from brink.assess.result import MoveForecast, OptionForecast, Reason
from brink.assess.weighted import estimate, has_support, supported
from brink.core.tree import FloatArray

REASON_DRAWS = 2_000
"""Draws from which reasons are read; they are averages and need no more."""

_REASONS = 2


def move_forecasts(
    evaluation: Evaluation, *, workers: int | None = None
) -> tuple[MoveForecast, ...]:
    """Every move of an actor that may still come about, in file order."""
    chosen = [_top_two(evaluation, row, values) for row, values in enumerate(evaluation.moves)]
    reasons = _reasons(evaluation, chosen, workers)
    return tuple(
        forecast
        for row, values in enumerate(evaluation.moves)
        if (forecast := _forecast(evaluation, row, values, reasons[row])) is not None
    )


def _forecast(
    evaluation: Evaluation, row: int, values: MoveValues, reasons: tuple[Reason, ...]
) -> MoveForecast | None:
    move, weights = evaluation.mover.pending[row], evaluation.weights
    reached = supported(values.reached, weights)
    # learning that the move comes about would tell about the members too
    weights = weights * np.nan_to_num(values.reached)
    if reached is None or not weights.sum() > 0:
        return None
    options = []
    for column, option in enumerate(evaluation.mover.options(row)):
        by_type = {}
        for place, name in enumerate(evaluation.mover.types(row)):
            figure = supported(
                values.by_type[place, column], weights * np.nan_to_num(values.types[place])
            )
            if figure is not None:
                by_type[name] = figure
        options.append(OptionForecast(option, estimate(values.options[column], weights), by_type))
    return MoveForecast(move.name, move.actor, move.about, reached, tuple(options), reasons)


def _top_two(evaluation: Evaluation, row: int, values: MoveValues) -> tuple[str, str] | None:
    """The options chosen most often and second most often, over the weighted members."""
    weights = evaluation.weights * np.nan_to_num(values.reached)
    shares = (np.nan_to_num(values.options) * weights).sum(axis=(1, 2))
    if not shares.sum() > 0:
        return None
    names = evaluation.mover.options(row)
    order = np.argsort(-shares, kind="stable")
    return names[int(order[0])], names[int(order[1])]


def _reasons(
    evaluation: Evaluation, chosen: list[tuple[str, str] | None], workers: int | None
) -> list[tuple[Reason, ...]]:
    ensemble, reader = evaluation.ensemble, evaluation.reader
    compiled = ensemble.compiled
    costs = [
        row
        for row, parameter in enumerate(compiled.parameters.parameters)
        if parameter.kind == "cost"
    ]
    pairs = {
        row: OptionComparison(reader, evaluation.mover.pending[row], *pair)
        for row, pair in enumerate(chosen)
        if pair is not None
    }
    players = {
        row: compiled.game.players.index(evaluation.mover.pending[row].actor) for row in pairs
    }

    def work(chunk: Chunk) -> dict[int, Comparison]:
        reach = chunk_reach(ensemble, chunk)
        strengths = reader.strengths(ensemble.seed, chunk.number, chunk.size)
        log_strategy = ensemble.response.log_strategy[..., chunk.draws]
        payoffs = ensemble.payoffs(chunk.draws)
        free = ensemble.values[:, chunk.draws].copy()
        free[costs] = 0.0
        valued = compiled.parameters.payoffs(free)
        return {
            row: pair.compare(
                reach, log_strategy, strengths, payoffs[players[row]], valued[players[row]]
            )
            for row, pair in pairs.items()
        }

    some = [chunk for chunk in ensemble.chunks if chunk.draws.start < REASON_DRAWS]
    parts = in_chunks(some, work, workers)
    draws = slice(0, some[-1].draws.stop)
    return [
        _in_words(
            evaluation,
            row,
            pair[1],
            Comparison(
                np.concatenate([part[row].outcomes for part in parts], axis=-1),
                np.concatenate([part[row].shift for part in parts], axis=-1),
                np.concatenate([part[row].paid for part in parts], axis=-1),
            ),
            draws,
        )
        if pair is not None
        else ()
        for row, pair in enumerate(chosen)
    ]


def _in_words(
    evaluation: Evaluation, row: int, other: str, compared: Comparison, draws: slice
) -> tuple[Reason, ...]:
    reached = np.nan_to_num(evaluation.moves[row].reached[:, draws])
    weights = evaluation.weights[:, draws] * reached
    if not weights.sum() > 0:
        return ()
    total = float(weights.sum())

    def mean(values: FloatArray) -> float:
        return float((np.nan_to_num(values) * weights).sum()) / total

    found: list[tuple[float, str, FloatArray]] = []
    for number, outcome in enumerate(evaluation.ensemble.compiled.outcomes):
        size, shift = mean(compared.outcomes[number]), 100 * mean(compared.shift[number])
        if abs(shift) < 0.5:
            continue
        direction = "likelier" if shift > 0 else "less likely"
        better = "prefers to" if size * shift > 0 else "likes less than"
        found.append(
            (
                size,
                f"it makes {outcome} {abs(shift):.0f} points {direction} than {other} would, which "
                f"{evaluation.mover.pending[row].actor} {better} what {other} leads to on average",
                compared.outcomes[number],
            )
        )
    paid = mean(compared.paid)
    if abs(paid) >= 0.001:
        found.append(
            (
                paid,
                f"what is paid on the way is {'less' if paid > 0 else 'more'} than with {other}",
                compared.paid,
            )
        )
    # reasons speak for the option chosen; where nothing does, say what speaks against it
    found.sort(key=lambda item: -item[0])
    return tuple(
        Reason(text=text, share_of_span=estimate(values, weights))
        for size, text, values in found[:_REASONS]
        if size > 0 and has_support(values, weights)
    )
