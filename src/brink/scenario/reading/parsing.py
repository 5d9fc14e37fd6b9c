"""A table-driven parser for the phrases of the language, from tables kept in the package.

The grammar stands in ``conditions.lark``; ``python -m tools.write_tables`` turns it into LALR(1)
tables with the Lark library, so that reading a file needs no parser generator. The driver is the
textbook one (Aho, Lam, Sethi & Ullman 2006, section 4.5), with a lexer that looks only for what
may come next (van Wyk & Schwerdfeger 2007): a word such as ``is`` may be part of a name where no
``is`` can stand.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLES = Path(__file__).with_name("conditions.json")
END = "$END"


class Leaf(NamedTuple):
    """A piece of text that means something.

    ``kind`` is its name in the grammar, ``offset`` where it starts.
    """

    kind: str
    text: str
    offset: int


class Branch(NamedTuple):
    """What a rule of the grammar, ``name``, has found."""

    name: str
    parts: list[Part]


Part = Branch | Leaf


class UnexpectedError(Exception):
    """The text does not fit the grammar from ``offset`` on.

    ``found`` is what stands there; empty where the text breaks off.
    """

    def __init__(self, found: str, offset: int) -> None:
        super().__init__(found)
        self.found = found
        self.offset = offset


class Rule(NamedTuple):
    """A rule of the grammar: how many parts it joins, and what becomes of them.

    Attributes:
        origin: What the parts together are.
        size: How many they are.
        name: Name of the branch they become.
        kept: Which parts are kept, by number, and whether the part's own parts take its place.
        is_transparent: Whether a single part stands for itself.
    """

    origin: str
    size: int
    name: str
    kept: list[tuple[int, bool]]
    is_transparent: bool


class Tables:
    """The tables of one grammar, as read from their file."""

    def __init__(self, text: str) -> None:
        content = json.loads(text)
        self.start: dict[str, int] = content["start"]
        self.end: dict[str, int] = content["end"]
        # State to terminal to the next state, to terminal to the rule that is complete, and to
        # the state after a rule.
        self.shift: list[dict[str, int]] = content["shift"]
        self.reduce: list[dict[str, int]] = content["reduce"]
        self.goto: list[dict[str, int]] = content["goto"]
        self.rules = [
            Rule(
                origin, size, name, [(number, bool(inner)) for number, inner in kept], bool(single)
            )
            for origin, size, name, kept, single in content["rules"]
        ]
        # In the order in which they are tried.
        self._terminals: dict[str, str] = content["terminals"]
        self._ignored = re.compile(content["ignored"])
        self._patterns: dict[frozenset[str], re.Pattern[str]] = {}
        self._expected: dict[int, re.Pattern[str]] = {}

    def token(self, state: int, text: str, offset: int) -> Leaf:
        """The next piece of ``text`` from ``offset`` on that may stand in ``state``.

        Raises:
            UnexpectedError: There is none.
        """
        blank = self._ignored.match(text, offset)
        if blank:
            offset = blank.end()
        if offset == len(text):
            return Leaf(END, "", offset)
        pattern = self._expected.get(state)
        if pattern is None:
            kinds = frozenset(self.shift[state]) | frozenset(self.reduce[state])
            pattern = self._expected[state] = self._pattern(kinds)
        found = pattern.match(text, offset)
        if found and found.lastgroup:
            return Leaf(found.lastgroup, found.group(), offset)
        is_word = self._pattern(frozenset(self._terminals)).match(text, offset)
        rest = text[offset:]
        raise UnexpectedError(rest.split(maxsplit=1)[0] if is_word else rest[0], offset)

    def _pattern(self, kinds: frozenset[str]) -> re.Pattern[str]:
        """Matches any of these kinds of terminal; the group that matched tells which."""
        if kinds not in self._patterns:
            choices = (f"(?P<{n}>{p})" for n, p in self._terminals.items() if n in kinds)
            self._patterns[kinds] = re.compile("|".join(choices))
        return self._patterns[kinds]


@cache
def tables() -> Tables:
    """The tables of the package."""
    return Tables(TABLES.read_text(encoding="utf-8"))


def parse(text: str, start: str) -> Branch:
    """Take ``text`` apart as what the rule ``start`` describes.

    Raises:
        UnexpectedError: It is not that.
    """
    known = tables()
    states = [known.start[start]]
    end = known.end[start]
    values: list[Part] = []
    offset = 0
    while True:
        token = known.token(states[-1], text, offset)
        offset = token.offset + len(token.text)
        while token.kind not in known.shift[states[-1]]:
            number = known.reduce[states[-1]].get(token.kind)
            if number is None:
                found = "" if token.kind == END else text[token.offset :].split(maxsplit=1)[0]
                raise UnexpectedError(found, token.offset)
            rule = known.rules[number]
            keep = len(values) - rule.size
            value = _joined(rule, values[keep:])
            del values[keep:], states[keep + 1 :]
            values.append(value)
            states.append(known.goto[states[-1]][rule.origin])
            if token.kind == END and states[-1] == end:
                assert isinstance(value, Branch)
                return value
        states.append(known.shift[states[-1]][token.kind])
        values.append(token)


def _joined(rule: Rule, values: list[Part]) -> Part:
    parts: list[Part] = []
    for number, inner in rule.kept:
        value = values[number]
        if inner and isinstance(value, Branch):
            parts.extend(value.parts)
        else:
            parts.append(value)
    if rule.is_transparent and len(parts) == 1:
        return parts[0]
    return Branch(rule.name, parts)
