"""Texts for people: whether they say all that was meant."""

from __future__ import annotations

from brink.scenario.reading.nodes import Text
from brink.scenario.reading.problems import Problems, quoted
from brink.scenario.reading.schema import ScenarioSpec


def check_free_texts(spec: ScenarioSpec, problems: Problems) -> None:
    """Warn of texts that a ``#`` cut short."""
    texts = [spec.title, spec.about, spec.author, spec.handling, *(spec.leaves_out or [])]
    for text in [*texts, *(event.what for event in spec.record or [])]:
        _warn_if_cut(text, problems)


def _warn_if_cut(text: Text | None, problems: Problems) -> None:
    if text is not None and text.cut:
        problems.add(
            "W130",
            f"the text ends before {quoted(text.cut)}: ' #' begins a comment",
            "put the text in quotes if the rest belongs to it",
            text.position,
        )
