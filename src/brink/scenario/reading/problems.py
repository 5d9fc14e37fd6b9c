"""Collecting everything that is wrong with a file before saying so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from brink.errors import BrinkInputError, Position, Problem, shortened

MOST_SHOWN = 20
# Comparing long texts takes time that grows with the square of their length.
LONGEST_COMPARED = 100


class Problems:
    """What has been found so far; raised together, in file order, at the end of a stage."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}

    def add(
        self, code: str, message: str, remedy: str = "", position: Position | None = None
    ) -> None:
        """Note one problem; the same one at the same place is noted once."""
        self._found[Problem(code, message, remedy, position)] = None

    @property
    def has_errors(self) -> bool:
        """Whether anything found so far forbids going on."""
        return any(problem.is_error for problem in self._found)

    @property
    def notes(self) -> tuple[Problem, ...]:
        """Warnings and notes, in file order."""
        return tuple(_in_file_order(p for p in self._found if not p.is_error))

    def stop_if_wrong(self) -> None:
        """Raise if there is any error.

        Raises:
            BrinkInputError: With at most :data:`MOST_SHOWN` errors, in file order.
        """
        errors = _in_file_order(problem for problem in self._found if problem.is_error)
        if not errors:
            return
        shown = errors
        if len(errors) > MOST_SHOWN:
            shown = errors[: MOST_SHOWN - 1]
            more = len(errors) - len(shown)
            shown.append(
                Problem("E100", f"{more} more problems are not shown", "mend the first ones")
            )
        raise BrinkInputError(*shown)


def _in_file_order(problems: Iterable[Problem]) -> list[Problem]:
    nowhere = Position("", 0, 0)
    return sorted(problems, key=lambda problem: problem.position or nowhere)


def fail(code: str, message: str, remedy: str = "", position: Position | None = None) -> NoReturn:
    """Raise one problem that makes reading on pointless."""
    raise BrinkInputError(Problem(code, message, remedy, position))


def suggestion(word: str, known: Iterable[str], offered: str = "known") -> str:
    """A remedy: the nearest known word, or else the list of what could be meant."""
    import difflib  # slow to load, and good files do not need it

    choices = [str(name) for name in known]
    if not choices:
        return ""
    by_lower = {name.casefold(): name for name in reversed(choices)}
    near = []
    if len(word) <= LONGEST_COMPARED:
        near = difflib.get_close_matches(word.casefold(), by_lower, n=1, cutoff=0.6)
    if near:
        return f"did you mean {quoted(by_lower[near[0]])}?"
    few = ", ".join(shortened(name, 40) for name in choices[:12])
    return f"{offered}: {few}" + (", …" if len(choices) > 12 else "")


def quoted(value: object) -> str:
    """``value`` in single quotes, safe and short."""
    return f"'{shortened(value)}'"
