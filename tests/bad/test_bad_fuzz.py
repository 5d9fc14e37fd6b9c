"""Damaged files are accepted or refused, never anything else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brink.errors import BrinkInputError
from brink.scenario.loader import CRISES, SCENARIO_FILE, list_crises, scenario_from_text
from brink.scenario.reading.source import decode

CASES = Path(__file__).with_name("cases")
SMALL = (CASES / "A00_valid.yaml").read_bytes()
SMALL_JSON = (CASES / "B43_json_valid_tabs.json").read_bytes()
SHIPPED = [(CRISES / name / SCENARIO_FILE).read_bytes() for name in list_crises()]
SEEDS = [SMALL, SMALL_JSON, *SHIPPED]
# Pieces with a meaning somewhere in the language, or in what lies underneath it.
PIECES = [
    *"{}[]:,#&*!|>%@`'\"-?~()\t\n \x00\x1b\u202e\u200b\xa0é",
    *("rest", "40%", "1/0", "to", " is ", " and ", " or ", "not ", "nothing", "null", "<<", "---"),
    *("9" * 400, "1e999", "-1", "0", ".nan", "2022-02-30", "low: ", "when: ", "repeat: 3", "[]"),
    *("{}", "by round", "previous ", "any ", "at least 2 of ", "otherwise", "\\ud800", "P(", ")"),
    *("talk: true", "brink: 1", "set: ", "together: ", "moves: ", "\r", "&a ", "*a ", "!!int "),
]


def survives(content: bytes, name: str) -> None:
    """Loading ends well or with an input error that can be shown."""
    try:
        scenario_from_text(decode(content, name), name="fuzz")
    except BrinkInputError as error:
        found = error.errors
    else:
        return
    assert found
    for problem in found:
        assert str(problem).isprintable()
        assert problem.code.startswith("E")


def file_name(seed: bytes) -> str:
    return "a.json" if seed.startswith(b"{") else "a.yaml"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_mutated(data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(SEEDS[:2]))
    text = seed.decode()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 12))
        piece = data.draw(st.sampled_from(PIECES))
        text = text[:start] + piece + text[start + length :]
    survives(text.encode("utf-8", "surrogatepass"), file_name(seed))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_lines_shuffled(data: st.DataObject) -> None:
    lines = SMALL.splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 3))):
        source, target = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        lines.insert(target, lines.pop(source) if data.draw(st.booleans()) else lines[source])
    survives(b"".join(lines), "a.yaml")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_scalars_replaced(data: st.DataObject) -> None:
    """Any value of the file replaced by any other shape."""
    tree = json.loads(SMALL_JSON)
    target = tree
    while isinstance(target, (dict, list)) and target:
        keys = list(target) if isinstance(target, dict) else list(range(len(target)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(target[key], (dict, list)) or data.draw(st.booleans()):
            target[key] = data.draw(
                st.recursive(
                    st.none()
                    | st.booleans()
                    | st.integers()
                    | st.text(max_size=8)
                    | st.sampled_from(["rest", "40%", "make", "Russia", "threat is make"]),
                    lambda inner: (
                        st.lists(inner, max_size=3)
                        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
                    ),
                    max_leaves=5,
                )
            )
            break
        target = target[key]
    survives(json.dumps(tree).encode(), "a.json")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_noise(content: bytes) -> None:
    survives(content, "a.yaml")
    survives(content, "a.json")


def test_truncated_sample() -> None:
    for seed in SEEDS[:2]:
        for end in range(0, len(seed), 23):
            survives(seed[:end], file_name(seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS[:2], ids=["yaml", "json"])
def test_truncated_at_every_byte(seed: bytes) -> None:
    for end in range(len(seed)):
        survives(seed[:end], file_name(seed))


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(SHIPPED)))
def test_truncated_crises(number: int) -> None:
    # A prime step, so that cuts fall everywhere inside words and lines.
    for end in range(0, len(SHIPPED[number]), 97):
        survives(SHIPPED[number][:end], "a.yaml")


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(SHIPPED)))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_mutated_crises(number: int, data: st.DataObject) -> None:
    text = SHIPPED[number].decode()
    start = data.draw(st.integers(0, len(text)))
    piece = data.draw(st.sampled_from(PIECES))
    text = text[:start] + piece + text[start + data.draw(st.integers(0, 12)) :]
    survives(text.encode("utf-8", "surrogatepass"), "a.yaml")
