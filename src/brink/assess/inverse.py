"""The inverse question: what would have to be true for an outcome to be the most likely?

One lever moved alone is tried first, then pairs of the levers that help most, then all helpful
levers together, one more at a time. Conditions are listed nearest first: by the sum of the
distances, in stated ranges (0.5 is the edge of what the analyst allows).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from brink.assess.claims import lead
from brink.assess.levers import Lever
from brink.assess.resolving import DrawAnswers, answers_at
from brink.assess.result import InverseCondition
from brink.assess.rules import as_text
from brink.assess.tipping import OneWay
from brink.core.tree import FloatArray

_STEPS = (0.25, 0.5, 0.75, 1.0, 1.5)
_HELPFUL = 4
_MOST_LEVERS = 8
_BISECTIONS = 4

Setting = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class _Found:
    setting: Setting
    probability: float

    @property
    def distance(self) -> float:
        return sum(abs(distance) for _, distance in self.setting)


def inverse_conditions(
    scan: OneWay,
    outcomes: Sequence[str] | None = None,
    *,
    keep: int = 3,
    workers: int | None = None,
) -> tuple[InverseCondition, ...]:
    """Conditions under which outcomes become the most likely, nearest first for each.

    Args:
        scan: From :func:`~brink.assess.tipping.one_way`.
        outcomes: Which; by default all but the one that is the most likely in the central draw.
        keep: How many conditions per outcome.
        workers: Threads.

    Outcomes that no combination tried makes the most likely have no entry.
    """
    names = scan.evaluation.ensemble.compiled.outcomes
    centre = scan.at_centre.outcomes[:, 0]
    wanted = [name for name in names if name != names[int(centre.argmax())]]
    if outcomes is not None:
        wanted = [name for name in wanted if name in outcomes]
    conditions = []
    for name in wanted:
        row = names.index(name)
        found = _alone(scan, row)
        found += _pairs(scan, row, workers)
        if not found:
            found = _together(scan, row, workers)
        found = [_tightened(scan, row, one, workers) for one in _distinct(found)[:keep]]
        found.sort(key=lambda one: one.distance)
        conditions += [
            InverseCondition(
                outcome=name,
                conditions=tuple(_words(scan.levers[place], d) for place, d in one.setting),
                distance=one.distance,
                probability=one.probability,
            )
            for one in found
        ]
    return tuple(conditions)


def _alone(scan: OneWay, row: int) -> list[_Found]:
    shape = scan.distance.shape
    leads = lead(scan.answers.outcomes, row).reshape(shape)
    chances = scan.answers.outcomes[row].reshape(shape)
    found = []
    for place in range(len(scan.levers)):
        points = np.flatnonzero(leads[place] > 0.0)
        if len(points):
            best = points[np.abs(scan.distance[place, points]).argmin()]
            setting = ((place, float(scan.distance[place, best])),)
            found.append(_Found(setting, float(chances[place, best])))
    return sorted(found, key=lambda one: one.distance)


def _helpful(scan: OneWay, row: int, count: int) -> list[tuple[int, int]]:
    """Levers and directions that raise the lead most at the edge of what is allowed."""
    leads = lead(scan.answers.outcomes, row).reshape(scan.distance.shape)
    start = float(lead(scan.at_centre.outcomes, row)[0])
    gains = []
    for place in range(len(scan.levers)):
        for sign in (-1, 1):
            side = np.flatnonzero(
                (np.sign(scan.distance[place]) == sign)
                & (np.abs(scan.distance[place]) <= 0.5 + 1e-9)
            )
            if len(side):
                gains.append((float(np.nanmax(leads[place, side])) - start, place, sign))
    gains.sort(key=lambda gain: (-gain[0], gain[1]))
    return [(place, sign) for gain, place, sign in gains[:count] if gain > 0.0]


def _pairs(scan: OneWay, row: int, workers: int | None) -> list[_Found]:
    helpful = _helpful(scan, row, _HELPFUL)
    settings = [
        ((first[0], first[1] * one), (second[0], second[1] * other))
        for first, second in combinations(helpful, 2)
        if first[0] != second[0]
        for one, other in product(_STEPS[:3], repeat=2)
    ]
    return sorted(_tried(scan, row, settings, workers), key=lambda one: one.distance)


def _together(scan: OneWay, row: int, workers: int | None) -> list[_Found]:
    """The fewest helpful levers, all moved alike, that suffice."""
    helpful: list[tuple[int, int]] = []
    for place, sign in _helpful(scan, row, 2 * _MOST_LEVERS):
        if place not in [known for known, _ in helpful]:
            helpful.append((place, sign))
    settings = [
        tuple((place, sign * step) for place, sign in helpful[:count])
        for count in range(3, min(_MOST_LEVERS, len(helpful)) + 1)
        for step in _STEPS
    ]
    found = _tried(scan, row, settings, workers)
    return sorted(found, key=lambda one: (one.distance, len(one.setting)))[:1]


def _tried(
    scan: OneWay, row: int, settings: Sequence[Setting], workers: int | None
) -> list[_Found]:
    if not settings:
        return []
    answers = _solved(scan, settings, workers)
    leads = lead(answers.outcomes, row)
    return [
        _Found(_reached(scan, setting), float(answers.outcomes[row, place]))
        for place, setting in enumerate(settings)
        if leads[place] > 0.0
    ]


def _solved(scan: OneWay, settings: Sequence[Setting], workers: int | None) -> DrawAnswers:
    columns: list[FloatArray] = []
    for setting in settings:
        values = scan.central[:, None]
        for place, distance in setting:
            lever = scan.levers[place]
            values = lever.moved(values, lever.value_at(np.array([distance])))
        columns.append(values)
    return answers_at(scan.evaluation, np.concatenate(columns, axis=1), workers=workers)


def _reached(scan: OneWay, setting: Setting) -> Setting:
    """The distances that limits of what makes sense left over."""
    return tuple(
        (
            place,
            scan.levers[place].distance_of(
                float(scan.levers[place].value_at(np.array([distance]))[0])
            ),
        )
        for place, distance in setting
    )


def _distinct(found: Sequence[_Found]) -> list[_Found]:
    """Nearest first, one per set of levers, and none that only adds to a nearer one."""
    kept: list[_Found] = []
    for one in sorted(found, key=lambda one: one.distance):
        used = {place for place, _ in one.setting}
        if not any({place for place, _ in other.setting} <= used for other in kept):
            kept.append(one)
    return kept


def _tightened(scan: OneWay, row: int, one: _Found, workers: int | None) -> _Found:
    """Shrink all moves of a setting alike, as far as the outcome stays the most likely."""
    low, high, best = 0.0, 1.0, one
    for _ in range(_BISECTIONS):
        scales = np.linspace(low, high, 5)[1:-1]
        settings = [
            tuple((place, distance * float(scale)) for place, distance in one.setting)
            for scale in scales
        ]
        answers = _solved(scan, settings, workers)
        holds = np.flatnonzero(lead(answers.outcomes, row) > 0.0)
        if len(holds):
            first = int(holds[0])
            best = _Found(settings[first], float(answers.outcomes[row, first]))
            high = float(scales[first])
            low = float(scales[first - 1]) if first else low
        else:
            low = float(scales[-1])
    return best


def _words(lever: Lever, distance: float) -> str:
    value = float(lever.value_at(np.array([distance]))[0])
    side = "at least" if distance > 0.0 else "at most"
    text, centre = as_text(lever.parameter, value), as_text(lever.parameter, lever.central)
    return f"{lever.parameter.label} {side} {text} (central {centre})"
