"""What may stand where in a file: shapes, how they are read, and their JSON schema.

A schema is a class per mapping, with one line per field::

    class SourceSpec(Spec):
        title: Text = required(TEXT, "Title of the text.")
        publisher: Text | None = optional(TEXT, "Who published it.")

From that line come the reading of the field, the words of every complaint about it, the JSON
schema for editors and the reference page. Shapes look at the outer form only: what numbers, days,
names and conditions mean is settled by those who use them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Self, TypeVar, cast

from brink.errors import Position
from brink.scenario.reading.nodes import Items, Node, Table, Text, describe
from brink.scenario.reading.problems import Problems, Suggestion, quoted

T = TypeVar("T")
S = TypeVar("S", bound="Spec")

Json = dict[str, Any]
MAPPING = "a mapping (key: value lines)"


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading is: problems so far, the keys that lead there, and the line.

    ``hints`` says for a field by its name what to write.
    """

    problems: Problems
    hints: Mapping[str, str]
    path: tuple[str | int, ...]
    position: Position

    def under(self, key: Text) -> Place:
        """The place of a key's value: complaints stand at the key."""
        return Place(self.problems, self.hints, (*self.path, str(key)), key.position)

    def item(self, index: int, node: Node) -> Place:
        """The place of a member of a list."""
        position = self.position if node is None else node.position
        return Place(self.problems, self.hints, (*self.path, index), position)

    @property
    def hint(self) -> str:
        """What to write here, if that can be said."""
        return self.hints.get(str(self.path[-1]), "") if self.path else ""

    def expected(self, what: str, node: Node) -> None:
        """Note that something else stands here."""
        name = f" for {quoted(self.words)}" if self.path else ""
        message = f"expected {what}{name}; found {describe(node)}"
        self.problems.add("E204", message, self.hint, self.position)

    @property
    def words(self) -> str:
        """The keys that lead here; members of lists are counted from 1."""
        return " > ".join(str(part + 1) if isinstance(part, int) else part for part in self.path)

    @property
    def inside(self) -> str:
        """The end of a sentence about what is missing or too much here."""
        return f" in {quoted(self.words)}" if self.path else ""


class Shape(ABC, Generic[T]):
    """A form that a node may have; ``words`` says it to people."""

    words: str

    @abstractmethod
    def read(self, node: Node, place: Place) -> T:
        """The content of ``node``; what is wrong with it is noted, and then nothing is promised."""

    @abstractmethod
    def json(self, definitions: Json) -> Json:
        """Its JSON schema; what it refers to is added to ``definitions``."""


class Scalar(Shape[Text]):
    """A text: a name, a sentence, a day, a condition; ``json`` says more to editors."""

    words = "a text"

    def __init__(self, **json: Any) -> None:
        self._json = json

    def read(self, node: Node, place: Place) -> Text:
        """The text as written."""
        if not isinstance(node, Text):
            place.expected(self.words, node)
            return Text("", place.position)
        return node

    def json(self, definitions: Json) -> Json:
        """As given."""
        return dict(self._json)


class Anything(Shape[Any]):
    """Anything at all, read by those who use it; known to editors under a name."""

    words = "a number"

    def __init__(self, name: str, **json: Any) -> None:
        self._name = name
        self._json = json

    def read(self, node: Node, place: Place) -> Any:
        """The node as it is."""
        return node

    def json(self, definitions: Json) -> Json:
        """A reference to what was given."""
        definitions[self._name] = self._json
        return {"$ref": f"#/definitions/{self._name}"}


class ListOf(Shape[list[T]]):
    """A list of at least so many of one shape."""

    words = "a list"

    def __init__(self, member: Shape[T], at_least: int = 0) -> None:
        self._member = member
        self._at_least = at_least

    def read(self, node: Node, place: Place) -> list[T]:
        """The members in order."""
        if not isinstance(node, Items):
            place.expected(self.words, node)
            return []
        _require_length(node, self._at_least, place)
        read = self._member.read
        return [read(item, place.item(index, item)) for index, item in enumerate(node)]

    def json(self, definitions: Json) -> Json:
        """An array."""
        least = {"minItems": self._at_least} if self._at_least else {}
        return {"type": "array", "items": self._member.json(definitions), **least}


class MapOf(Shape[dict[Text, T]]):
    """A mapping from names to at least so many of one shape."""

    words = "a mapping"

    def __init__(self, value: Shape[T], at_least: int = 0) -> None:
        self._value = value
        self._at_least = at_least

    def read(self, node: Node, place: Place) -> dict[Text, T]:
        """The entries in order; the keys know where they stand."""
        if not isinstance(node, Table):
            place.expected(MAPPING, node)
            return {}
        _require_length(node, self._at_least, place)
        read = self._value.read
        return {key: read(value, place.under(key)) for key, value in node.items()}

    def json(self, definitions: Json) -> Json:
        """An object with any keys."""
        least = {"minProperties": self._at_least} if self._at_least else {}
        return {
            "type": "object",
            "additionalProperties": self._value.json(definitions),
            **least,
        }


class OrNothing(Shape[T | None]):
    """A shape, or nothing after the colon."""

    def __init__(self, shape: Shape[T]) -> None:
        self._shape = shape
        self.words = shape.words

    def read(self, node: Node, place: Place) -> T | None:
        """The content, or None."""
        return None if node is None else self._shape.read(node, place)

    def json(self, definitions: Json) -> Json:
        """Editors pass null for nothing."""
        return {"anyOf": [self._shape.json(definitions), {"type": "null"}]}


class Either(Shape[T]):
    """One of several shapes; ``choose`` tells from a node which is meant, None if none is."""

    def __init__(
        self, choose: Callable[[Node], str | None], shapes: Mapping[str, Shape[Any]]
    ) -> None:
        self._choose = choose
        self._shapes = shapes
        *others, last = dict.fromkeys(shape.words for shape in shapes.values())
        self.words = f"{', '.join(others)} or {last}" if others else last

    def read(self, node: Node, place: Place) -> T:
        """The content in the shape that was chosen."""
        shape = self._shapes.get(self._choose(node) or "")
        if shape is None:
            place.expected(self.words, node)
            return cast(T, None)
        return cast(T, shape.read(node, place))

    def json(self, definitions: Json) -> Json:
        """Any of them: in numbers and texts they overlap."""
        return {"anyOf": [shape.json(definitions) for shape in self._shapes.values()]}


class Mapped(Shape[S]):
    """A mapping with the fields of one :class:`Spec`."""

    words = "a mapping"

    def __init__(self, spec: type[S]) -> None:
        self._spec = spec

    def read(self, node: Node, place: Place) -> S:
        """The fields; a key may be written with spaces for underscores."""
        if not isinstance(node, Table):
            place.expected(MAPPING, node)
            return self._spec({}, place.position)
        fields = self._spec.fields
        found: dict[str, tuple[Text, Node]] = {}
        unknown: list[Text] = []
        for key, value in node.items():
            name = str(key) if key in fields else key.replace(" ", "_")
            if name not in fields or (name != key and name in node):
                unknown.append(key)
            elif value is not None:  # An empty field is a field left out.
                found[name] = key, value
        values = {}
        for name, field in fields.items():
            if name in found:
                key, value = found[name]
                values[name] = field.shape.read(value, place.under(key))
            elif field.is_required:
                message = f"'{name}' is missing{place.inside}"
                place.problems.add("E201", message, place.hints.get(name, ""), place.position)
        _note_unknown(unknown, node, place, list(fields))
        return self._spec(values, node.position)

    def json(self, definitions: Json) -> Json:
        """A reference to an object with these fields, spaces allowed for underscores."""
        name = self._spec.__name__
        if name not in definitions:
            definitions[name] = {}  # Known from here on, should it contain itself.
            definitions[name] = self._spec.json_object(definitions)
        return {"$ref": f"#/definitions/{name}"}


@dataclass(frozen=True, slots=True)
class SpecField:
    """One key of a mapping: its shape, whether it must be there, and what it means."""

    shape: Shape[Any]
    is_required: bool
    description: str


def required(shape: Shape[T], description: str) -> T:
    """A field that must be there; for the body of a :class:`Spec`."""
    return cast(T, SpecField(shape, True, description))


def optional(shape: Shape[T], description: str) -> T | None:
    """A field that may be left out or left empty; for the body of a :class:`Spec`."""
    return cast(T, SpecField(shape, False, description))


class Spec:
    """A mapping of the file; knows where it was written. Frozen.

    Attributes:
        fields: What the mapping may hold, by name, in order.
        position: Where the mapping starts.
    """

    fields: ClassVar[Mapping[str, SpecField]] = {}
    position: Position

    def __init_subclass__(cls) -> None:
        """Collect the fields; instances hold their values under the same names."""
        cls.fields = {name: f for name, f in vars(cls).items() if isinstance(f, SpecField)}
        for name in cls.fields:
            setattr(cls, name, None)

    def __init__(self, values: Mapping[str, Any], position: Position) -> None:
        self.__dict__.update(values, position=position)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"'{type(self).__name__}' is frozen")

    @classmethod
    def read(cls, root: Table, problems: Problems, hints: Mapping[str, str]) -> Self:
        """The content of a whole file.

        Args:
            root: The file.
            problems: Everything that is wrong is noted here (E201, E202, E204, E214); if
                anything is, the result is of no use.
            hints: Name of a field to what to write there.
        """
        return Mapped(cls).read(root, Place(problems, hints, (), root.position))

    @classmethod
    def json_object(cls, definitions: Json) -> Json:
        """JSON schema of the mapping itself."""
        properties: Json = {}
        for name, field in cls.fields.items():
            shape = field.shape if field.is_required else OrNothing(field.shape)
            entry = {"description": field.description, **shape.json(definitions)}
            if "$ref" in entry:  # In draft-07 nothing beside a reference counts.
                entry = {
                    "description": field.description,
                    "allOf": [shape.json(definitions)],
                }
            properties[name] = properties[name.replace("_", " ")] = entry
        return {
            "type": "object",
            "description": " ".join((cls.__doc__ or "").split()),
            "properties": properties,
            "required": [name for name, field in cls.fields.items() if field.is_required],
            "additionalProperties": False,
        }


def _require_length(node: Table | Items, at_least: int, place: Place) -> None:
    if len(node) < at_least:
        what = quoted(place.path[-1] if place.path else "")
        place.problems.add("E214", f"{what} is empty or too short", place.hint, place.position)


def _note_unknown(keys: list[Text], node: Table, place: Place, known: list[str]) -> None:
    for key in keys:
        remedy: str | Suggestion = Suggestion(key, known)
        if node[key] is None and " " in key.strip():
            # What a comma does to a text between brackets: its tail becomes a key.
            remedy = "a text with a comma between { } needs quotes"
        message = f"the key {quoted(key)} is not known here{place.inside}"
        place.problems.add("E202", message, remedy, key.position)
