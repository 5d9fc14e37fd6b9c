"""Every bad file is refused with the right code, at the right line, in words for people."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from brink.errors import BrinkError, Problem
from brink.scenario.loader import load_scenario

CASES = Path(__file__).with_name("cases")
NAMES = sorted(path.name.removesuffix(".expect.json") for path in CASES.glob("*.expect.json"))
# Words of the libraries underneath, which say nothing to people.
LIBRARY_WORDS = ("Traceback", "ConstructorError", "pydantic", "ruamel", "lark", "Terminal", "loc=")
SLOWEST = 2.0


def outcome_of(path: Path) -> tuple[int, tuple[Problem, ...]]:
    """Exit code and problems of loading a file."""
    try:
        return 0, load_scenario(path).notes
    except BrinkError as error:
        return int(error.exit_code), error.errors


def agree(expected: dict[str, Any], code: int, problems: tuple[Problem, ...]) -> None:
    text = "\n".join(str(problem) for problem in problems)
    assert code == expected["exit"], text
    if expected["code"] is not None:
        chosen = [problem for problem in problems if problem.code == expected["code"]]
        assert chosen, text
        if expected["line"] is not None:
            assert expected["line"] in [p.position and p.position.line for p in chosen], text
    for words in expected["must_contain"]:
        assert words in text
    for words in (*expected["must_not_contain"], *LIBRARY_WORDS):
        assert words not in text
    for problem in problems:
        assert re.fullmatch(r"[EWN]\d{3}", problem.code)
        assert str(problem).isprintable()
        assert len(problem.message) < 400


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str) -> None:
    (path,) = (p for p in CASES.glob(f"{name}.*") if not p.name.endswith(".expect.json"))
    expected = json.loads(path.with_name(f"{name}.expect.json").read_text(encoding="utf-8"))
    start = time.process_time()
    code, problems = outcome_of(path)
    assert time.process_time() - start < SLOWEST
    agree(expected, code, problems)
    positions = [problem.position for problem in problems if problem.position]
    assert positions == sorted(positions)


def test_the_corpus_is_whole() -> None:
    assert len(NAMES) >= 220
    assert {name[0] for name in NAMES} >= set("ABCDEF")
