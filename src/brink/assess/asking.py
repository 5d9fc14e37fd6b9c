"""Questions about paths of play, answered in every member of an ensemble.

``P(x)`` and ``P(x given y)`` are ratios of sums over leaves given the record. An effect is
taken at the point of the record just before its move was made, and there compares paths with
the move and paths on which something else was done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from brink.belief.cut import names_in
from brink.belief.leaves import action_on_path, leaf_posterior
from brink.belief.path import RecordReader
from brink.belief.reach import LogReach
from brink.core.tree import FloatArray
from brink.scenario.model import Is, Question


ROUNDING = 1e-9
"""Effects smaller than this are rounding of the equilibrium."""


@dataclass(frozen=True, eq=False)
class _Plan:
    """One question as rows of leaf sums.

    Attributes:
        upto: Number of leading entries of the record that are taken as known.
        leaves: ``(F,)`` leaves that those entries allow.
        target: ``(F,)`` x.
        given: ``(F,)`` y.
        otherwise: ``(F,)`` not y although the moves of y were made; None unless an effect.
        action: ``(F,)`` action by which the move of an effect was made; None where forcing it
            has no meaning.
        choice: ``(F,)`` option chosen at that move.
    """

    upto: int
    leaves: NDArray[np.intp]
    target: NDArray[np.bool_]
    given: NDArray[np.bool_]
    otherwise: NDArray[np.bool_] | None = None
    action: NDArray[np.int32] | None = None
    choice: NDArray[np.int32] | None = None


@dataclass(frozen=True, eq=False)
class AskedValues:
    """Answers in every member; NaN where the condition cannot hold.

    Attributes:
        values: ``(Q, K, b)`` the probability, or for an effect the difference that seeing the
            move makes.
        forced: ``(Q, K, b)`` for an effect, the difference if the move is made whatever the
            type; NaN for other questions.
        chance: ``(Q, K, b)`` probability of the condition (1 without one).
    """

    values: FloatArray
    forced: FloatArray
    chance: FloatArray


class QuestionReader:
    """Questions bound to a record; see :class:`RecordReader`.

    Attributes:
        questions: ``Q`` questions.
        upto: For each, how many entries of the record are taken as known.
    """

    def __init__(self, reader: RecordReader, questions: Sequence[Question]) -> None:
        self.reader = reader
        self.questions = tuple(questions)
        self._plans = tuple(self._plan(question) for question in questions)
        self.upto = tuple(plan.upto for plan in self._plans)

    def ask(
        self,
        reach: LogReach,
        log_strategy: FloatArray,
        strengths: Sequence[FloatArray],
    ) -> AskedValues:
        """Answer all questions in the draws of one chunk."""
        members = reach.strategy.shape[0], reach.strategy.shape[-1]
        values = np.full((len(self.questions), *members), np.nan)
        forced, chance = values.copy(), values.copy()
        posteriors: dict[int, FloatArray] = {}
        for row, plan in enumerate(self._plans):
            if plan.upto not in posteriors:
                posteriors[plan.upto] = leaf_posterior(
                    self.reader, reach, plan.leaves, strengths, plan.upto
                )
            posterior = posteriors[plan.upto]
            seen, chance[row] = _conditional(posterior, plan.target, plan.given)
            if plan.otherwise is None:
                values[row] = seen
                continue
            other, share = _conditional(posterior, plan.target, plan.otherwise)
            values[row] = _settled(seen - other)
            chance[row] = np.where(share > 0, chance[row], 0.0)
            if plan.action is not None:
                forced[row] = _settled(_forced(posterior, log_strategy, plan))
        return AskedValues(values, forced, chance)

    def _plan(self, question: Question) -> _Plan:
        compiled, reader = self.reader.compiled, self.reader
        target = compiled.mask(question.target)
        whole = len(reader.testimony)
        if question.given is None:
            leaves = reader.possible_leaves()
            return _Plan(whole, leaves, target[leaves], np.ones(len(leaves), dtype=bool))
        given, names = compiled.mask(question.given), names_in(question.given)
        before = min((reader.before(name) for name in names), default=whole)
        if question.kind == "conditional":
            # a condition that the record rules out is asked where it was still open
            upto = whole if given[reader.possible_leaves()].any() else before
            leaves = reader.possible_leaves(upto)
            return _Plan(upto, leaves, target[leaves], given[leaves])
        leaves = reader.possible_leaves(before)
        otherwise = ~given
        for name in names & set(compiled.leaf_choice):
            otherwise &= compiled.leaf_choice[name] >= 0
        plan = _Plan(before, leaves, target[leaves], given[leaves], otherwise[leaves])
        if not (isinstance(question.given, Is) and question.given.name in compiled.leaf_choice):
            return plan
        action = action_on_path(compiled, question.given.name)[leaves]
        choice = compiled.leaf_choice[question.given.name][leaves]
        if not (action[plan.given] >= 0).any():
            return plan
        return _Plan(before, leaves, plan.target, plan.given, plan.otherwise, action, choice)


def _settled(effect: FloatArray) -> FloatArray:
    """An effect within the solver's tolerance of zero is zero: it has no sign to speak of."""
    return np.where(np.abs(effect) <= ROUNDING, 0.0, effect)


def _conditional(
    posterior: FloatArray, target: NDArray[np.bool_], given: NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray]:
    """``(K, b)`` P(target given given), NaN where that is 0/0, and P(given)."""
    share = posterior[:, given].sum(axis=1)
    both = posterior[:, given & target].sum(axis=1)
    if given.all():
        # rounding must not turn certainty into something else
        share = np.where(np.isnan(share), np.nan, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return both / np.where(share > 0, share, np.nan), share


def _forced(posterior: FloatArray, log_strategy: FloatArray, plan: _Plan) -> FloatArray:
    """``(K, b)`` difference if the move is made whatever the type.

    Dividing a path by the probability of the choice makes the choice itself uninformative; all
    later play responds as if it had been chosen. Several other options count by how often they
    are chosen.
    """
    assert plan.action is not None
    assert plan.choice is not None
    made = np.flatnonzero(plan.action >= 0)
    weight = posterior[:, made]
    free = weight * np.exp(np.minimum(-log_strategy[:, plan.action[made]], 600.0))
    target, choice, given = plan.target[made], plan.choice[made], plan.given[made]
    results = []
    for side in (given, ~given):
        options = np.unique(choice[side])
        if len(options) == 0:
            return np.full(posterior.shape[::2], np.nan)
        average = np.zeros(posterior.shape[::2])
        shares = np.zeros(posterior.shape[::2])
        for option in options:
            rows = choice == option
            share = weight[:, rows].sum(axis=1)
            with np.errstate(invalid="ignore", divide="ignore"):
                chance = free[:, rows & target].sum(axis=1) / free[:, rows].sum(axis=1)
            average += np.where(share > 0, share * chance, 0.0)
            shares += share
        with np.errstate(invalid="ignore", divide="ignore"):
            results.append(average / shares)
    return np.asarray(results[0] - results[1])
