"""Write the parser's tables for the grammar of phrases: ``python -m tools.write_tables``.

A test checks that the tables in the package are those of the grammar.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lark import Lark
from lark.parsers.lalr_analysis import Shift

READING = Path(__file__).resolve().parents[1] / "src" / "brink" / "scenario" / "reading"
GRAMMAR = READING / "conditions.lark"
TABLES = READING / "conditions.json"
STARTS = ("condition", "ranking", "question")


def library_parser() -> Lark:
    """The parser as the library makes it."""
    text = GRAMMAR.read_text(encoding="utf-8")
    return Lark(text, parser="lalr", start=list(STARTS), maybe_placeholders=False)


def tables_text() -> str:
    """Content of the file of tables."""
    made: Any = library_parser()
    table = made.parser.parser._parse_table
    rules = {rule: number for number, rule in enumerate(made.rules)}
    terminals = sorted(
        (one for one in made.terminals if one.name not in made.ignore_tokens),
        key=lambda one: (
            -one.priority,
            -one.pattern.max_width,
            -len(one.pattern.value),
            one.name,
        ),
    )
    (ignored,) = (one for one in made.terminals if one.name in made.ignore_tokens)
    order = _order(table)
    number = {state: place for place, state in enumerate(order)}
    kinds = {one.name for one in terminals} | {"$END"}
    shift, reduce, goto = [], [], []
    for state in order:
        actions = sorted(table.states[state].items())
        to = {name: number[arg] for name, (action, arg) in actions if action is Shift}
        shift.append({name: place for name, place in to.items() if name in kinds})
        goto.append({name: place for name, place in to.items() if name not in kinds})
        reduce.append({name: rules[arg] for name, (action, arg) in actions if action is not Shift})
    content = {
        "start": {name: number[table.start_states[name]] for name in STARTS},
        "end": {name: number[table.end_states[name]] for name in STARTS},
        "terminals": {one.name: one.pattern.to_regexp() for one in terminals},
        "ignored": ignored.pattern.to_regexp(),
        "rules": [_rule(rule) for rule in made.rules],
        "shift": shift,
        "reduce": reduce,
        "goto": goto,
    }
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False) + "\n"


def _order(table: Any) -> list[int]:
    """The states in an order that depends on the grammar alone."""
    order = [table.start_states[name] for name in STARTS]
    for state in order:
        for _, (action, to) in sorted(table.states[state].items()):
            if action is Shift and to not in order:
                order.append(to)
    return order


def _rule(rule: Any) -> list[Any]:
    kept = [
        [number, int(not part.is_term and part.name.startswith("_"))]
        for number, part in enumerate(rule.expansion)
        if not (part.is_term and part.filter_out)
    ]
    transparent = int(bool(rule.options.expand1 and not rule.alias))
    name = rule.alias or str(rule.origin.name)
    return [str(rule.origin.name), len(rule.expansion), str(name), kept, transparent]


if __name__ == "__main__":
    TABLES.write_text(tables_text(), encoding="utf-8")
