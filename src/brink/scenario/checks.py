"""Meaning checks over a whole scenario: what can be said before any tree is built."""

from __future__ import annotations

from brink.scenario.model import Scenario
from brink.scenario.reading.problems import Problems


def check_meaning(scenario: Scenario, problems: Problems) -> None:
    """Note what does not fit together."""
