"""Every bad file is refused with the right code, at the right line, in words for people."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from brink.__main__ import main
from brink.errors import BrinkError, Problem
from brink.scenario.loader import load_scenario

CASES = Path(__file__).resolve().with_name("cases")
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


def case(name: str) -> tuple[Path, dict[str, Any]]:
    """File and expectation of a case."""
    (path,) = (p for p in CASES.glob(f"{name}.*") if not p.name.endswith(".expect.json"))
    return path, json.loads(path.with_name(f"{name}.expect.json").read_text(encoding="utf-8"))


FRONT = [name for name in NAMES if "command" not in case(name)[1]]
BACK = [name for name in NAMES if name not in FRONT]


@pytest.mark.parametrize("name", FRONT)
def test_case(name: str) -> None:
    path, expected = case(name)
    start = time.process_time()
    code, problems = outcome_of(path)
    assert time.process_time() - start < SLOWEST
    agree(expected, code, problems)
    positions = [problem.position for problem in problems if problem.position]
    assert positions == sorted(positions)


def agree_on_the_shell(expected: dict[str, Any], code: int, errors: str) -> None:
    assert code == expected["exit"], errors
    if expected["code"] is not None:
        assert f"{expected['code']} " in errors
        if expected["line"] is not None:
            place = rf":{expected['line']}:\d+: {expected['code']} "
            assert re.search(place, errors), errors
    for words in expected["must_contain"]:
        assert words in errors
    for words in (*expected["must_not_contain"], *LIBRARY_WORDS):
        assert words not in errors


@pytest.mark.parametrize("name", FRONT)
def test_case_on_the_shell(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    path, expected = case(name)
    code = main(["check", str(path)])
    captured = capsys.readouterr()
    agree_on_the_shell(expected, code, captured.err)
    assert captured.out == ""


@pytest.mark.parametrize("name", BACK)
def test_case_assessed(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path, expected = case(name)
    monkeypatch.chdir(tmp_path)
    code = main(["assess", str(path), "--draws", "16", "--quick", "--out", "report"])
    captured = capsys.readouterr()
    agree_on_the_shell(expected, code, captured.err)
    if expected["exit"]:
        assert captured.out == ""
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FRONT[::40])
def test_case_in_a_process_of_its_own(name: str, tmp_path: Path) -> None:
    path, expected = case(name)
    command = [sys.executable, "-m", "brink", "check", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    agree_on_the_shell(expected, done.returncode, done.stderr)
    assert list(tmp_path.iterdir()) == []


def test_the_corpus_is_whole() -> None:
    assert len(NAMES) >= 220
    assert {name[0] for name in NAMES} >= set("ABCDEF")
