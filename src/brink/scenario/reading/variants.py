"""Variants: named overlays, merged by one rule.

Mappings merge key by key; lists and texts replace what was there; an empty value (or ``null``)
removes the key. Every piece keeps the position where it was written.
"""

from __future__ import annotations

from collections.abc import Mapping

from brink.errors import BrinkUsageError, Position, Problem
from brink.scenario.reading.nodes import Items, Node, Table, Text, from_plain
from brink.scenario.reading.problems import fail, quoted, suggestion

OVERRIDE = Position("<override>")


def variants_of(root: Table) -> dict[str, Table]:
    """The variants a file offers: name to its table, wherever these are tables."""
    found: dict[str, Table] = {}
    written = next((value for key, value in root.items() if key == "variants"), None)
    if isinstance(written, Table):
        for name, value in written.items():
            if isinstance(value, Table):
                found[str(name)] = value
    return found


def with_variant(root: Table, name: str) -> Table:
    """``root`` with the overlay of a variant merged in.

    Raises:
        BrinkUsageError: There is no such variant.
        BrinkInputError: Its overlay is not a mapping (E204).
    """
    variants = variants_of(root)
    if name not in variants:
        remedy = suggestion(name, variants, "on offer") or "the file has no variants"
        raise BrinkUsageError(Problem("E301", f"there is no variant {quoted(name)}", remedy))
    table = variants[name]
    overlay = next((value for key, value in table.items() if key == "set"), None)
    if not isinstance(overlay, Table):
        fail(
            "E204",
            f"the variant {quoted(name)} needs 'set', a mapping of what it changes",
            "",
            table.position,
        )
    return merged(root, overlay)


def merged(base: Table, overlay: Table) -> Table:
    """A new table: ``base`` with ``overlay`` laid over it."""
    result = Table(base.position, base)
    for key, value in overlay.items():
        old = result.get(key)
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Table) and isinstance(old, Table) and value:
            result[key] = merged(old, value)
        else:
            # An empty mapping empties what was there; the key's own place is the new one.
            result.pop(key, None) if key not in base else None
            _replace(result, key, value)
    return result


def _replace(table: Table, key: Text, value: Node) -> None:
    """Set a value, keeping the key's place in the order but not its old position."""
    if key not in table:
        table[key] = value
        return
    entries = [(key if old == key else old, value if old == key else v) for old, v in table.items()]
    table.clear()
    for name, item in entries:
        table[name] = item


def with_overrides(root: Table, overrides: Mapping[str, object]) -> Table:
    """``root`` with single values replaced, each named by its dotted path.

    Raises:
        BrinkUsageError: A path leads nowhere (E302).
    """
    for path, value in overrides.items():
        root = _overridden(root, path, path, from_plain(value, OVERRIDE))
    return root


def _overridden(table: Table, rest: str, path: str, value: Node) -> Table:
    """A copy of ``table`` with the value at the dotted path ``rest`` replaced."""
    result = Table(table.position, table)
    for key in table:
        if rest == key:
            if value is None:
                del result[key]
            else:
                result[key] = value
            return result
    # Names may contain dots themselves, so the longest key that fits is taken.
    fitting = sorted((k for k in table if rest.startswith(f"{k}.")), key=len, reverse=True)
    for key in fitting:
        inner = table[key]
        tail = rest[len(key) + 1 :]
        if isinstance(inner, Table):
            result[key] = _overridden(inner, tail, path, value)
            return result
        if isinstance(inner, Items):
            result[key] = _in_items(inner, tail, path, value)
            return result
    if "." not in rest and table.position.line == 1 and rest in TOP_LEVEL:
        result[Text(rest, OVERRIDE)] = value
        return result
    first = rest.split(".")[0]
    remedy = suggestion(first, table)
    raise BrinkUsageError(Problem("E302", f"the path {quoted(path)} leads nowhere", remedy))


def _in_items(items: Items, rest: str, path: str, value: Node) -> Items:
    """Items are named by their number from 0, or by their name."""
    head, _, tail = rest.partition(".")
    result = Items(items.position, items)
    for index, item in enumerate(items):
        named = isinstance(item, Table) and item.get(Text("name", OVERRIDE)) == head
        if head == str(index) or named:
            if not tail:
                result[index] = value
                return result
            if isinstance(item, Table):
                result[index] = _overridden(item, tail, path, value)
                return result
    known = [str(item.get(Text("name", OVERRIDE))) for item in items if isinstance(item, Table)]
    remedy = suggestion(head, [name for name in known if name != "None"])
    raise BrinkUsageError(Problem("E302", f"the path {quoted(path)} leads nowhere", remedy))


TOP_LEVEL = frozenset(
    {"as_of", "rationality", "backing_down", "standing", "costs", "gains", "beliefs"}
)
