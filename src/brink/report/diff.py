"""What changed between two runs, and why: new events, edited judgments, software.

Works on the plain data that ``--json`` writes, so that a run of an older version can be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from brink.errors import BrinkInputError, Problem
from brink.report.wording import bare_points, clean, counted, percent, points, quoted

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shift:
    """One figure in both runs (medians); None where a run does not have it."""

    name: str
    kind: str
    before: float | None
    after: float | None
    path: str = ""

    @property
    def change(self) -> float:
        """After less before; 0 where one is missing."""
        if self.before is None or self.after is None:
            return 0.0
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference between two runs.

    Attributes:
        previous_run: Run id of the earlier run.
        previous_as_of: Its as-of date, ISO text.
        events: Sentences about entries of the record that came, went or changed.
        judgments: Sentences about assumptions that were edited.
        software: Sentences about versions, draws and seed.
        shifts: Outcomes, beliefs and answers, the largest change first.
    """

    previous_run: str
    previous_as_of: str
    events: tuple[str, ...]
    judgments: tuple[str, ...]
    software: tuple[str, ...]
    shifts: tuple[Shift, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the two runs say the same."""
        moved = any(shift.before != shift.after for shift in self.shifts)
        return not (self.events or self.judgments or self.software or moved)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The whole change log, in order of cause and then of size."""
        if self.is_empty:
            return ("Nothing changed since the previous run.",)
        return (*self.events, *self.judgments, *self.software, *map(shift_sentence, self._moved()))

    def _moved(self) -> tuple[Shift, ...]:
        return tuple(shift for shift in self.shifts if shift.before != shift.after)[:5]

    def outcome_change(self, outcome: str) -> float | None:
        """Change of one outcome's median, or None where the earlier run had no such outcome."""
        for shift in self.shifts:
            if shift.kind == "outcome" and shift.name == outcome:
                return None if shift.before is None or shift.after is None else shift.change
        return None


def compare(previous: Data, current: Data, force: bool = False) -> Comparison:
    """Compare two assessments given as plain data (``Assessment.as_data`` or its JSON).

    Args:
        previous: The earlier run.
        current: The later run.
        force: Compare even where the two are of different scenarios.

    Raises:
        BrinkInputError: The earlier run is of another scenario (E274) or no assessment (E275).
    """
    try:
        if previous["name"] != current["name"] and not force:
            raise BrinkInputError(
                Problem(
                    "E274",
                    f"the previous run is of {quoted(str(previous['name']))}, this one of"
                    f" {quoted(str(current['name']))}",
                    "compare runs of the same scenario, or use --force",
                )
            )
        return Comparison(
            previous_run=str(previous["manifest"]["run_id"]),
            previous_as_of=str(previous["as_of"]),
            events=_events(previous, current),
            judgments=_judgments(previous, current),
            software=_software(previous, current),
            shifts=_shifts(previous, current),
        )
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BrinkInputError(
            Problem(
                "E275",
                "the previous run is not an assessment that this version can read",
                "give the assessment.json that brink assess wrote",
            )
        ) from error


def shift_sentence(shift: Shift) -> str:
    """How one figure moved."""
    name = quoted(shift.name)
    if shift.before is None and shift.after is not None:
        return f"{name} is new, at {_value(shift, shift.after)}."
    if shift.after is None and shift.before is not None:
        return f"{name}, at {_value(shift, shift.before)} before, is no longer there."
    assert shift.before is not None
    assert shift.after is not None
    verb = "rose" if shift.change > 0 else "fell"
    return (
        f"{name} {verb} by {points(shift.change)}, from {_value(shift, shift.before)} to"
        f" {_value(shift, shift.after)}."
    )


def _value(shift: Shift, value: float) -> str:
    if shift.kind == "effect":
        return f"{bare_points(value)} points"
    return percent(value)


def _events(previous: Data, current: Data) -> tuple[str, ...]:
    before = {step["event_key"]: step for step in previous["steps"] if step["index"]}
    after = {step["event_key"]: step for step in current["steps"] if step["index"]}
    sentences = [
        f"New in the record: {_event(step)}." for key, step in after.items() if key not in before
    ]
    sentences += [
        f"No longer in the record: {_event(step)}."
        for key, step in before.items()
        if key not in after
    ]
    sentences += [
        f"Changed in the record: {_event(step)}, was {_event(before[key])}."
        for key, step in after.items()
        if key in before
        and any(before[key][field] != step[field] for field in ("date", "what", "kind"))
    ]
    return tuple(sentences)


def _event(step: Data) -> str:
    date = f" ({step['date']})" if step["date"] else ""
    return f"{quoted(str(step['what']))}{date}"


def _judgments(previous: Data, current: Data) -> tuple[str, ...]:
    before = {line["key"]: line for line in previous["assumptions"]}
    after = {line["key"]: line for line in current["assumptions"]}
    sentences = []
    if previous["as_of"] != current["as_of"]:
        sentences.append(f"The as-of date went from {previous['as_of']} to {current['as_of']}.")
    for key, line in after.items():
        name = clean(str(line["label"]))
        if key not in before:
            sentences.append(f"New assumption: {name}, {clean(str(line['value']))}.")
        elif before[key]["value"] != line["value"]:
            sentences.append(
                f"Edited: {name} went from {clean(str(before[key]['value']))} to"
                f" {clean(str(line['value']))}."
            )
    sentences += [
        f"Dropped assumption: {clean(str(line['label']))}."
        for key, line in before.items()
        if key not in after
    ]
    old, new = previous["manifest"], current["manifest"]
    for field, name in (("variant", "variant"), ("overrides", "what-if settings")):
        if old[field] != new[field]:
            sentences.append(
                f"Edited: the {name} went from {_setting(old[field])} to {_setting(new[field])}."
            )
    if not sentences and old["scenario_hash"] != new["scenario_hash"]:
        sentences.append("The scenario file was edited in places that are not assumptions.")
    return tuple(sentences)


def _setting(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{clean(str(k))} = {clean(str(v))}" for k, v in value.items()) or "none"
    return quoted(str(value)) if value else "none"


def _software(previous: Data, current: Data) -> tuple[str, ...]:
    names = {
        "brink_version": "Brink",
        "backend": "the solver",
        "numpy_version": "NumPy",
        "python_version": "Python",
        "seed": "the seed",
        "draws": "the number of draws",
        "rationality": "the rationality band",
    }
    old, new = previous["manifest"], current["manifest"]
    changed = []
    for field, name in names.items():
        if old[field] != new[field]:
            changed.append(f"{name} went from {_plain(old[field])} to {_plain(new[field])}")
    if not changed:
        return ()
    sentence = f"{counted(len(changed), 'setting')} of the run differ: {'; '.join(changed)}."
    return (sentence.replace("1 setting of the run differ", "1 setting of the run differs"),)


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(f"{item:g}" for item in value)
    return clean(str(value))


def _shifts(previous: Data, current: Data) -> tuple[Shift, ...]:
    before, after = _figures(previous), _figures(current)
    shifts = []
    for (kind, name), (value, path) in after.items():
        old = before.get((kind, name))
        shifts.append(Shift(name, kind, old[0] if old else None, value, path))
    for (kind, name), (value, _) in before.items():
        if (kind, name) not in after:
            shifts.append(Shift(name, kind, value, None))
    return tuple(sorted(shifts, key=lambda shift: -abs(shift.change)))


def _figures(data: Data) -> dict[tuple[str, str], tuple[float, str]]:
    """Every headline median of a run: (kind, name) -> value and where it stands."""
    found: dict[tuple[str, str], tuple[float, str]] = {}
    for index, outcome in enumerate(data["outcomes"]):
        path = f"/outcomes/{index}/probability/median"
        found["outcome", str(outcome["outcome"])] = (_median(outcome["probability"]), path)
    if data["steps"]:
        last = len(data["steps"]) - 1
        for index, belief in enumerate(data["steps"][-1]["beliefs"]):
            if belief["holder"] == "analyst":
                path = f"/steps/{last}/beliefs/{index}/probability/median"
                name = f"{belief['actor']} is {belief['type']}"
                found["belief", name] = (_median(belief["probability"]), path)
    for index, answer in enumerate(data["answers"]):
        kind = "effect" if answer["kind"] == "effect" else "answer"
        path = f"/answers/{index}/estimate/median"
        found[kind, str(answer["text"])] = (_median(answer["estimate"]), path)
    return found


def _median(estimate: Data) -> float:
    """The median, a probability or a difference of two."""
    value = estimate["median"]
    if type(value) not in (int, float) or not -1 <= value <= 1:
        raise ValueError("neither a probability nor a difference of two")
    return float(value)
