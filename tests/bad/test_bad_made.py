"""Bad files that are too large, too odd or too fleeting to keep, made when needed."""

from __future__ import annotations

import os
import re
import time
import tracemalloc
from pathlib import Path

import pytest

import brink
from brink.__main__ import main
from brink.errors import BrinkError, BrinkInputError, BrinkSystemError
from brink.scenario.loader import load_scenario
from brink.scenario.reading.compose import compose
from brink.scenario.reading.problems import Problems
from brink.scenario.reading.source import Limits, SourceText, decode

VALID = Path(__file__).with_name("cases") / "A00_valid.yaml"


def refused(path: str | Path, kind: type[BrinkError] = BrinkInputError) -> str:
    start = time.process_time()
    with pytest.raises(kind) as caught:
        load_scenario(path)
    assert time.process_time() - start < 2.0
    return "\n".join(str(problem) for problem in caught.value.errors)


# --- A: files -------------------------------------------------------------------------------


def test_a01_missing_file(tmp_path: Path) -> None:
    (tmp_path / "crisis.yaml").write_text("brink: 1\n")
    text = refused(tmp_path / "crsis.yaml", BrinkSystemError)
    assert "E001" in text
    assert "crisis.yaml" in text.split("did you mean")[1]


def test_a01_missing_crisis() -> None:
    text = refused("ukrain-2022", BrinkSystemError)
    assert "E001" in text
    assert "did you mean 'ukraine-2022'?" in text


def test_a01_missing_folder(tmp_path: Path) -> None:
    assert "E001" in refused(tmp_path / "no" / "where.yaml", BrinkSystemError)


@pytest.mark.parametrize("name", ["a\0b.yaml", "x" * 5000 + ".yaml", "", "."])
def test_a01_impossible_names(name: str) -> None:
    assert "E001" in refused(name, BrinkSystemError)


def test_a02_directory(tmp_path: Path) -> None:
    assert "is a directory" in refused(tmp_path, BrinkSystemError)


@pytest.mark.skipif(os.geteuid() == 0, reason="everything may be read by root")
def test_a03_no_read_permission(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("brink: 1\n")
    path.chmod(0)
    assert "may not be read" in refused(path, BrinkSystemError)


def test_a03_named_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe.yaml"
    os.mkfifo(path)
    assert "not an ordinary file" in refused(path, BrinkSystemError)


def test_a08_a09_same_hash_whatever_the_line_ends(tmp_path: Path) -> None:
    text = VALID.read_text(encoding="utf-8")
    plain = load_scenario(VALID)
    for number, content in enumerate(
        [
            text.encode("utf-8-sig"),
            text.replace("\n", "\r\n").encode(),
            text.replace("\n", "\r").encode(),
        ]
    ):
        path = tmp_path / f"{number}.yaml"
        path.write_bytes(content)
        other = load_scenario(path)
        assert other.text_hash == plain.text_hash
        assert other.moves[0].options[0].name == plain.moves[0].options[0].name


def test_a14_too_big(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    start = time.process_time()
    text = refused(path)
    assert time.process_time() - start < 0.1
    assert "E104" in text
    assert "50,000,000" in text
    assert "at most 500,000" in text


def test_a21_hash_is_of_the_text_that_was_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(VALID.read_bytes())
    scenario = load_scenario(path)
    path.write_text("changed")
    assert scenario.text_hash == decode(VALID.read_bytes(), "a").digest


# --- B: size and depth ------------------------------------------------------------------------


def test_b01_alias_bomb_is_refused_at_once() -> None:
    path = VALID.with_name("B01_alias_bomb.yaml")
    start = time.process_time()
    refused(path)
    assert time.process_time() - start < 0.1


def test_b38_long_text(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(VALID.read_text() + f"about: {'x' * 400_000}\n")
    assert "E104" in refused(path)


@pytest.mark.parametrize("item", ["- x\n", "k{}: x\n"])
def test_b39_many_small(tmp_path: Path, item: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("".join(item.format(number) for number in range(30_000)))
    text = refused(path)
    assert "E104" in text
    assert "10,000" in text
    assert "bomb" not in text


@pytest.mark.slow
def test_b39_memory_stays_small() -> None:
    source = SourceText("a.yaml", "[" + "[x, y], " * 20_000 + "]", "")
    tracemalloc.start()
    try:
        with pytest.raises(BrinkInputError):
            compose(source, Limits(), Problems())
        assert tracemalloc.get_traced_memory()[1] < 200_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_b08_depth(opening: str) -> None:
    source = SourceText("a.yaml", opening * 20_000, "")
    start = time.process_time()
    with pytest.raises(BrinkInputError) as caught:
        compose(source, Limits(), Problems())
    assert time.process_time() - start < 2.0
    assert {problem.code for problem in caught.value.errors} <= {"E112", "E115"}


def test_c11_no_prototype(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"brink": 1, "__proto__": {"title": "x"}, "constructor": {}}')
    assert "E202" in refused(path)


def test_problems_are_all_reported_and_capped(tmp_path: Path) -> None:
    text = VALID.read_text().replace("who: Russia", "who: Nobody")
    many = "".join(f"  - P(Nobody{number} is firm)\n" for number in range(40))
    path = tmp_path / "a.yaml"
    path.write_text(text + many)
    with pytest.raises(BrinkInputError) as caught:
        load_scenario(path)
    problems = caught.value.errors
    assert len(problems) == 20
    assert problems[-1].message == "23 more problems are not shown"
    lines = [problem.position.line for problem in problems if problem.position]
    assert lines == sorted(lines)


def test_many_contradictions_are_found_quickly(tmp_path: Path) -> None:
    names = [f"O{number}" for number in range(190)]
    text = VALID.read_text()
    text = text.replace("outcomes:\n", "outcomes:\n" + "".join(f"  {n}: always\n" for n in names))
    values = ", ".join(f"{name}: {number}" for number, name in enumerate(names))
    preference = f"  West: {{ranking: [{' > '.join(names)}], values: {{{values}}}}}\n"
    path = tmp_path / "a.yaml"
    path.write_text(text.replace("  West: Status quo > Gain > War\n", preference))
    assert "E243" in refused(path)


def test_long_names_are_not_compared(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    questions = "".join(f"  - P({'q' * 1900} is x)\n" for _ in range(50))
    path.write_text(VALID.read_text() + questions)
    assert "E210" in refused(path)


HEAD = VALID.read_text(encoding="utf-8").split("record:")[0]
WIDE = 480_000
SLOW_TO_READ = {
    "one line of words": f"brink: 1\ntitle: {'word ' * (WIDE // 5)}\n",
    "one line in quotes": f"brink: 1\ntitle: '{'word ' * (WIDE // 5)}'\n",
    "one line of escapes": 'brink: 1\ntitle: "' + "\\n" * (WIDE // 2) + '"\n',
    "a text of short lines": "brink: 1\ntitle: a\n" + "  b\n" * (WIDE // 4),
    "a block of short lines": "brink: 1\ntitle: |\n" + " a\n" * (WIDE // 3),
    "empty lines": "brink: 1\ntitle: a\n" + " \n" * (WIDE // 2) + "b: 1\n",
    "one list on one line": "{brink: 1, x: [" + "a, " * 4900 + "a]}\n",
    "unknown keys": HEAD + "".join(f"key{number}: 1\n" for number in range(4900)),
    "unknown keys on one line": "{" + ", ".join(f"key{n}: 1" for n in range(4900)) + "}\n",
    "the same key": HEAD + "title: x\n" * 4900,
    "unknown actors": HEAD + "costs:\n" + "".join(f"  N{n}: {{a is b: 2%}}\n" for n in range(2400)),
    "unknown types": HEAD + "questions:\n" + "".join(f"  - P(West is z{n})\n" for n in range(4900)),
    "long rankings": HEAD.replace(
        "  West: Status quo > Gain > War\n",
        "  West:\n" + f"    - {' > '.join(['War'] * 290)}\n" * 240,
    ),
    "long conditions": f"{HEAD}questions:\n" + f"  - P({' or '.join(['a b is c'] * 160)})\n" * 240,
    "long conditions in rounds": HEAD.replace(
        "moves:\n",
        "moves:\n  - repeat: 50\n    moves:\n"
        + "".join(
            f"      - {{name: r{n}, who: West, when: {' or '.join(['threat is make'] * 110)}, "
            "can: [a, b]}\n"
            for n in range(7)
        ),
    ),
}


@pytest.mark.parametrize("name", SLOW_TO_READ)
def test_files_made_to_be_slow_are_refused_in_time(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(SLOW_TO_READ[name])
    assert path.stat().st_size < Limits().bytes
    text = refused(path)
    assert len(text.splitlines()) <= 20


def test_the_limit_that_can_be_raised_names_its_flag(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(VALID), "--max-nodes", "3"]) == 3
    said = capsys.readouterr().err
    assert re.search(r"E256 the game would have \d+ nodes; the limit is 3; .*--max-nodes", said)
    assert main(["check", str(VALID), "--max-nodes", "100"]) == 0


# --- D and F: what may not depend on the order of the lines --------------------------------------


def answers_of(path: Path) -> tuple[object, ...]:
    found = brink.load(path).assess(draws=32, depth="quick", variants=False).assessment
    return found.outcomes, found.answers, found.steps[-1].beliefs


def test_f07_the_order_of_entries_of_one_day_changes_no_answer(tmp_path: Path) -> None:
    text = VALID.with_name("F07_same_day_order.yaml").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    first, second = (n for n, line in enumerate(lines) if "on: 2022-01-20, move:" in line)
    assert second == first + 1
    lines[first], lines[second] = (
        lines[second].replace("{on", "{key: e2, on"),
        lines[first].replace("{on", "{key: e1, on"),
    )
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text(text)
    other.write_text("".join(lines))
    assert answers_of(one) == answers_of(other)


def test_d22_a_near_tie_does_not_depend_on_the_order_of_the_lines(tmp_path: Path) -> None:
    text = VALID.with_name("D22_near_tie.yaml").read_text(encoding="utf-8")
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text(text)
    values = "Status quo: 0.5000000000000001, Gain: 0.5"
    assert values in text
    other.write_text(text.replace(values, "Gain: 0.5, Status quo: 0.5000000000000001"))
    assert answers_of(one)[0] == answers_of(other)[0]
