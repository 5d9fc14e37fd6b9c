"""An edit of the live page in the words of the scenario language."""

from __future__ import annotations

import io
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML

from brink.scenario.compiled import Parameter
from brink.scenario.model import Scenario


def as_patch(
    scenario: Scenario,
    parameters: Sequence[Parameter],
    values: Mapping[str, float],
    without: Sequence[str],
) -> str:
    """A variant to paste into the scenario file, and the command that does the same at once.

    An input that stands inside a list (an option of a move) cannot be overlaid key by key, and
    an entry of the record is switched off for a run and not in the file; both are in the
    command only.
    """
    overlay: dict[str, Any] = {}
    by_key = {parameter.key: parameter for parameter in parameters}
    for key, value in values.items():
        path = _path(scenario, by_key[key])
        if path and not any(step.isdigit() for step in path):
            place = overlay
            for step in path[:-1]:
                place = place.setdefault(step, {})
            place[path[-1]] = round(value, 4)
    words = ["brink", "assess", scenario.name]
    for key, value in values.items():
        words += ["--set", f"{key}={value:.4g}"]
    for event in without:
        words += ["--without", event]
    lines = [f"# {shlex.join(words)}"]
    if overlay:
        text = io.StringIO()
        yaml = YAML()
        yaml.width = 4096
        patch = {"variants": {"what-if": {"about": "Made on the live page.", "set": overlay}}}
        yaml.dump(patch, text)
        lines.append(text.getvalue().rstrip())
    return "\n".join(lines) + "\n"


def _path(scenario: Scenario, parameter: Parameter) -> tuple[str, ...]:
    """Where in the file an input is written, as the keys that lead to it."""
    place = parameter.quantity.position if parameter.quantity else None
    if place is None:
        return ()
    found = [
        (position.column, dotted)
        for dotted, position in scenario.positions.items()
        if position.line == place.line and position.column <= place.column
    ]
    return tuple(max(found)[1].split(".")) if found else ()
