"""The 47 examples: every one is there, runs, and shows what it is meant to show."""

import importlib
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "mechanisms"
sys.path.insert(0, str(FOLDER))
run = importlib.import_module("run")
registry = importlib.import_module("registry")
table = importlib.import_module("table")


def test_there_is_one_example_for_each_of_the_47_rows():
    assert sorted(registry.ROWS) == list(range(1, 48))
    folders = sorted(path.parent.name for path in FOLDER.glob("*/scenario.yaml"))
    assert folders == [row.folder for _, row in sorted(registry.ROWS.items())]


@pytest.mark.parametrize("number", range(1, 48))
def test_the_property_of_the_row_holds(number):
    finding = registry.ROWS[number].check()
    assert finding.holds, finding.figure


@pytest.mark.parametrize(
    "path", sorted(FOLDER.glob("*/scenario.yaml")), ids=lambda p: p.parent.name
)
def test_the_example_says_what_to_see(path):
    assert re.search(r"^about: >\n  What to see: ", path.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_runner_counts_and_fails_when_a_property_does_not_hold(monkeypatch, capsys):
    broken = registry.Row(1, "01-resolve", "", "", "a claim", lambda: registry.Finding(False, "0"))
    monkeypatch.setattr(run, "ROWS", {1: broken})
    assert run.main() == 1
    assert "FAILS  a claim: 0" in capsys.readouterr().out


def test_the_table_in_the_docs_is_current():
    written = (ROOT / "docs" / "reference" / "mechanisms.md").read_text(encoding="utf-8")
    assert written == table.table(), (
        "run: python examples/mechanisms/table.py > docs/reference/mechanisms.md"
    )
