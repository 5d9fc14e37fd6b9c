from __future__ import annotations

import io
import re

import pytest
import sample
from hypothesis import given, settings
from hypothesis import strategies as st

from brink.assess.result import Estimate
from brink.report.terminal import bar, print_assessment, strip, terminal_text


class Stream(io.TextIOWrapper):
    """A stream that says it is a terminal, or not."""

    def __init__(self, encoding: str = "utf-8", tty: bool = False) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, errors="strict", newline="\n")
        self.tty = tty

    def isatty(self) -> bool:
        return self.tty

    def content(self) -> str:
        self.flush()
        raw = self.buffer
        assert isinstance(raw, io.BytesIO)
        return raw.getvalue().decode(self.encoding)


@pytest.mark.parametrize("width", [20, 80, 100, 120, 300])
def test_lines_fit_between_80_and_120_columns(width: int) -> None:
    text = terminal_text(sample.assessment(), width=width)
    assert max(map(len, text.splitlines())) <= min(max(width, 80), 120)
    for part in (
        "Bottom line",
        "How it may end",
        "Answers to the questions asked",
        "Belief: what Kremlin is",
        "What each side would do next",
        "Mind",
        "Invasion, sanctions",
        "7  27 Jan",
    ):
        assert part in text
    assert "…" not in text
    assert not re.search(r"\bNone\b|\bnan\b|[^ ] +\n", text)


def test_failures_are_shown() -> None:
    text = terminal_text(sample.assessment())
    assert "12 of 6,000 solutions failed and were not used: stopped at a fold" in text
    assert "failed" not in terminal_text(sample.bare())


def test_no_colour_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    stream = Stream()
    print_assessment(sample.assessment(), stream)
    assert "\x1b" not in stream.content()


def test_colour_on_a_terminal_unless_told_not_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    stream = Stream(tty=True)
    print_assessment(sample.assessment(), stream)
    assert "\x1b[" in stream.content()
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        monkeypatch.setenv(name, value)
        plain = Stream(tty=True)
        print_assessment(sample.assessment(), plain)
        assert "\x1b" not in plain.content()
        monkeypatch.delenv(name)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_other_encodings_get_plain_letters(encoding: str) -> None:
    cyrillic = sample.relabelled(sample.assessment(), lambda text: f"Кремль {text}")
    stream = Stream(encoding)
    print_assessment(cyrillic, stream)
    text = stream.content()
    assert text.isascii()
    assert "\\u041a" in text
    assert '"' in text


@pytest.mark.parametrize("label", sample.HOSTILE)
def test_hostile_labels_are_text(label: str) -> None:
    text = terminal_text(sample.relabelled(sample.assessment(), lambda _: label), width=120)
    assert text.replace("\n", "").isprintable()


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=30), st.booleans())
def test_any_label_prints(label: str, ascii_only: bool) -> None:
    assessment = sample.relabelled(sample.assessment(), lambda text: label + text)
    text = terminal_text(assessment, ascii_only=ascii_only)
    assert text.replace("\n", "").isprintable()
    assert text.isascii() or not ascii_only


def test_strips_and_bars() -> None:
    assert strip(Estimate(0.5, 0.25, 0.75), 1.0, 8) == "  ━━●━━ "
    assert strip(Estimate(0.0, 0.0, 0.0), 0.5, 4) == "●   "
    assert bar(0.5, 4) == "██  "
    assert bar(1.0, 2) == "██"
    assert bar(0.0, 2) == "  "
