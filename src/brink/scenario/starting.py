"""Texts to start a scenario from: templates with places to fill in, or a shipped crisis."""

from __future__ import annotations

from pathlib import Path

from brink.errors import BrinkUsageError, Problem
from brink.scenario.crisis_files import CRISES, SCENARIO_FILE, list_crises
from brink.scenario.reading.problems import quoted, suggestion

TEMPLATES = Path(__file__).with_name("templates")
DEFAULT_TEMPLATE = "threat"


def list_templates() -> dict[str, str]:
    """Name of each template to what it is, in one line."""
    return {path.stem: _summary(path) for path in sorted(TEMPLATES.glob("*.yaml"))}


def starting_text(name: str = DEFAULT_TEMPLATE) -> str:
    """The text of a template, or of a crisis that comes with Brink.

    Raises:
        BrinkUsageError: There is neither of that name (E303).
    """
    templates = list_templates()
    if name in templates:
        return (TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8")
    if name in list_crises():
        return (CRISES / name / SCENARIO_FILE).read_text(encoding="utf-8")
    remedy = suggestion(name, [*templates, *list_crises()], "on offer")
    message = f"there is no template and no shipped crisis {quoted(name)}"
    raise BrinkUsageError(Problem("E303", message, remedy))


def _summary(path: Path) -> str:
    """The comment in the first line."""
    with path.open(encoding="utf-8") as lines:
        return lines.readline().lstrip("# ").strip()
