"""Moves in the order of play: rounds written out, simultaneous groups marked, channels read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from brink.scenario.model import (
    ALWAYS,
    CHANCE_ACTOR,
    Case,
    Channel,
    Condition,
    Cost,
    Is,
    Move,
    Option,
    Quantity,
)
from brink.scenario.reading.dates import read_days
from brink.scenario.reading.names import check_distinct, check_name
from brink.scenario.reading.nodes import Node, Table, Text
from brink.scenario.reading.problems import Problems, quoted, suggestion
from brink.scenario.reading.schema import (
    MoveSpec,
    OptionSpec,
    RepeatSpec,
    ScenarioSpec,
    TogetherSpec,
)
from brink.scenario.reading.shares import REST, check_sum, read_shares
from brink.scenario.reading.vocabulary import NEVER, Context, DeclaredMove
from brink.scenario.reading.workbench import Workbench, text_or_empty

MOST_MOVES, MOST_OPTIONS, MOST_ROUNDS = 400, 60, 50
NOTHING_SEEN = "nothing"
OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Planned:
    """One move of the written-out order of play.

    Attributes:
        spec: As written.
        declared: As conditions may speak of it.
        together: Name of its simultaneous group, or None.
        first_of_group: Place in the order of play of the first move of that group, or its own:
            only what comes before may decide about it.
    """

    spec: MoveSpec
    declared: DeclaredMove
    together: str | None
    first_of_group: int


def plan_moves(spec: ScenarioSpec, problems: Problems) -> list[Planned]:
    """The order of play with repetitions written out, names checked."""
    total = _count_moves(spec, problems)
    if total > MOST_MOVES:
        problems.add(
            "E104",
            f"{total:,} moves in all; the limit is {MOST_MOVES}",
            "use fewer rounds or moves",
            spec.moves[0].position,
        )
        problems.stop_if_wrong()
    names: list[Text] = []
    planned: list[Planned] = []
    for block, item in enumerate(spec.moves):
        if isinstance(item, RepeatSpec):
            rounds = min(int(item.repeat), MOST_ROUNDS) if item.repeat.isdigit() else 1
            names += [move.name for inner in item.moves for move in _members(inner)]
            for number in range(1, rounds + 1):
                for inner in item.moves:
                    _append(planned, inner, number, block)
        else:
            names += [move.name for move in _members(item)]
            _append(planned, item, None, None)
    check_distinct(names, "the move", problems)
    for name in names:
        check_name(name, "a move", problems)
    _check_written_out(planned, problems)
    for move in {id(entry.spec): entry.spec for entry in planned}.values():
        _check_options(move, problems)
    return planned


def _check_written_out(planned: list[Planned], problems: Problems) -> None:
    """Note names that collide once rounds and results are written out."""
    owners: dict[str, Planned] = {}
    for entry in planned:
        declared = entry.declared
        made = [declared.name, *([f"{declared.name} result"] if declared.risky else [])]
        for name in made:
            other = owners.setdefault(name, entry)
            if other is not entry and other.spec.name != entry.spec.name:
                problems.add(
                    "E211",
                    f"'{name}' stands for two moves: {quoted(other.spec.name)} and "
                    f"{quoted(entry.spec.name)}",
                    "rename one of them",
                    entry.spec.name.position,
                )


def build_moves(
    planned: list[Planned], until: Mapping[str, object], bench: Workbench
) -> tuple[Move, ...]:
    """Moves with conditions, channels and probabilities."""
    return tuple(_MoveBuilder(entry, until, bench).move() for entry in planned)


def option_costs(planned: list[Planned], bench: Workbench) -> Iterator[Cost]:
    """Costs and gains paid at single options."""
    for entry in planned:
        for name, details in _options(entry.spec).items():
            if not isinstance(details, OptionSpec):
                continue
            for sign, amounts in ((-1, details.costs), (1, details.gains)):
                for actor, node in (amounts or {}).items():
                    if bench.knows_actor(actor):
                        yield _option_cost(entry, name, actor, node, 1 if sign > 0 else -1, bench)


def _option_cost(
    entry: Planned, option: Text, actor: Text, node: Node, sign: int, bench: Workbench
) -> Cost:
    if entry.spec.talk is not None and bench.flag(entry.spec.talk):
        bench.problems.add(
            "E218",
            f"'{entry.spec.name}' is talk, which costs nothing",
            "delete 'talk' or the cost",
            actor.position,
        )
    move = entry.declared.name
    amount = bench.by_type(node, str(actor), actor.position)
    label = f"{actor}: {option} ({move})"
    when = Is(move, (str(option),), option.position)
    return Cost(label, str(actor), when, amount, "move", 1 if sign > 0 else -1, actor.position)


class _MoveBuilder:
    """Builds one move."""

    def __init__(self, entry: Planned, until: Mapping[str, object], bench: Workbench) -> None:
        self._entry = entry
        self._spec = entry.spec
        self._until = until
        self._bench = bench
        self._is_chance = entry.spec.who == CHANCE_ACTOR

    def move(self) -> Move:
        spec, declared, bench = self._spec, self._entry.declared, self._bench
        bench.knows_actor(spec.who, also=(CHANCE_ACTOR,))
        on = read_days(spec.on, bench.problems, spec.on.position) if spec.on else None
        when = bench.condition(spec.when, self._context("when", types=False))
        last = self._until.get(str(spec.who))
        if on is not None and last is not None and on[0] > last:  # type: ignore[operator]
            bench.problems.add(
                "N221",
                f"'{declared.name}' is dated after '{spec.who}' has left ({last}): "
                "it does not take place",
                "",
                spec.name.position,
            )
            when = NEVER
        return Move(
            name=declared.name,
            actor=str(spec.who),
            options=self._options(),
            when=when,
            channels=self._channels(),
            together=self._entry.together,
            on=on,
            base=declared.base,
            round=declared.round,
            talk=bench.flag(spec.talk),
            about=text_or_empty(spec.about),
            position=spec.name.position,
        )

    def _context(self, what: str, *, types: bool) -> Context:
        declared = self._entry.declared
        place = f"in '{what}' of '{declared.name}'"
        before = self._entry.first_of_group
        types_of = None if types else () if self._is_chance else (str(self._spec.who),)
        return Context(before, declared.round, declared.block, False, types_of, place)

    def _options(self) -> tuple[Option, ...]:
        bench = self._bench
        options = []
        shares: dict[str, Quantity | None] = {}
        simple = True
        for name, details in _options(self._spec).items():
            needs: Condition = ALWAYS
            success: tuple[Case, ...] = ()
            probability: tuple[Case, ...] = ()
            about = ""
            amount: Node = None
            if isinstance(details, OptionSpec):
                needs_context = self._context("needs", types=False)
                needs = bench.condition(details.needs, needs_context)
                if details.success is not None:
                    context = self._context("success", types=True)
                    success = bench.cases(details.success, context, name.position)
                amount = details.probability
                about = text_or_empty(details.about)
            else:
                amount = details
            if self._is_chance:
                if amount is None:
                    bench.problems.add(
                        "E201",
                        f"the probability of {quoted(name)} is missing",
                        "write 'rest' for what is left",
                        name.position,
                    )
                else:
                    context = self._context("probability", types=True)
                    probability = bench.cases(amount, context, name.position)
            elif amount is not None:
                bench.problems.add(
                    "E205",
                    f"{quoted(name)} is chosen by '{self._spec.who}', so it has no probability",
                    "use 'success' for a move that may fail, or 'who: chance'",
                    name.position,
                )
            simple = simple and len(probability) == 1
            if len(probability) == 1:
                shares[str(name)] = probability[0].quantity
            options.append(Option(str(name), needs, probability, success, about, name.position))
        if self._is_chance and simple and options:
            what = f"the probabilities of '{self._entry.declared.name}'"
            sure = check_sum(shares, bench.problems, what, self._spec.name.position)
            options = [
                Option(
                    o.name,
                    o.needs,
                    (Case(o.probability[0].when, sure[o.name]),),
                    o.success,
                    o.about,
                    o.position,
                )
                for o in options
            ]
        return tuple(options)

    # --- who sees it ----------------------------------------------------------------------

    def _channels(self) -> dict[str, Channel]:
        bench, spec = self._bench, self._spec
        channels: dict[str, Channel] = {}
        if spec.seen_by is not None:
            seeing = {str(name) for name in spec.seen_by if bench.knows_actor(name)}
            for actor in bench.vocabulary.actors:
                if actor not in seeing and actor != spec.who:
                    channels[actor] = Channel("none", position=spec.position)
        for observer, written in (spec.seen_as or {}).items():
            if observer == OTHERS:
                named = set(spec.seen_as or {}) | {str(spec.who)}
                observers = [a for a in bench.vocabulary.actors if a not in named]
            elif not bench.knows_actor(observer):
                continue
            else:
                observers = [str(observer)]
            if observer == spec.who:
                bench.problems.add(
                    "E205",
                    f"'{observer}' always knows its own move",
                    "leave it out",
                    observer.position,
                )
            for name in observers:
                channels[name] = self._channel(written, observer)
        return channels

    def _channel(self, written: object, observer: Text) -> Channel:
        bench, position = self._bench, observer.position
        names = [str(name) for name in _options(self._spec)]
        if isinstance(written, Text) or (isinstance(written, Table) and "low" in written):
            if isinstance(written, Text) and written.casefold() in {NOTHING_SEEN, "everything"}:
                kind = "none" if written.casefold() == NOTHING_SEEN else "full"
                return Channel(kind, position=position)  # type: ignore[arg-type]
            noticed = bench.quantities.read(written, "probability", position)
            seen: dict[str, dict[str, Quantity | None]] = {
                name: {name: noticed, NOTHING_SEEN: None} for name in names
            }
            return Channel("noisy", signals=seen, position=position)
        assert isinstance(written, Mapping)
        if written and all(isinstance(value, list) for value in written.values()):
            return self._merged(written, names, position)
        signals: dict[str, dict[str, Quantity | None]] = {}
        for option, shares in written.items():
            self._knows_option(option, names)
            what = f"what '{observer}' sees of '{option}'"
            signals[str(option)] = read_shares(
                shares, bench.quantities, bench.problems, what, option.position
            )
        one = Quantity(1.0, 1.0, position=position)
        complete = {name: signals.get(name, {name: one}) for name in names}
        return Channel("noisy", signals=complete, position=position)

    def _merged(
        self, written: Mapping[Text, list[Text]], names: list[str], position: object
    ) -> Channel:
        taken: set[str] = set()
        groups: dict[str, tuple[str, ...]] = {}
        for label, options in written.items():
            for option in options:
                self._knows_option(option, names)
                if option in taken:
                    self._bench.problems.add(
                        "E211",
                        f"{quoted(option)} is in two groups",
                        "keep it in one",
                        option.position,
                    )
                taken.add(str(option))
            groups[str(label)] = tuple(str(option) for option in options)
        return Channel("merged", groups=groups, position=next(iter(written)).position)

    def _knows_option(self, option: Text, names: list[str]) -> None:
        if option not in names:
            self._bench.problems.add(
                "E210",
                f"{quoted(option)} is not an option of '{self._spec.name}'",
                suggestion(option, names),
                option.position,
            )


def _options(spec: MoveSpec) -> dict[Text, Any]:
    return dict(spec.can) if isinstance(spec.can, Mapping) else dict.fromkeys(spec.can)


def _members(item: MoveSpec | TogetherSpec | RepeatSpec) -> list[MoveSpec]:
    if isinstance(item, MoveSpec):
        return [item]
    if isinstance(item, TogetherSpec):
        return list(item.together)
    return [move for inner in item.moves for move in _members(inner)]


def _append(
    planned: list[Planned], item: MoveSpec | TogetherSpec, number: int | None, block: int | None
) -> None:
    members = _members(item)
    first = len(planned)
    suffix = "" if number is None else f" {number}"
    together = None
    if isinstance(item, TogetherSpec):
        together = " and ".join(f"{member.name}{suffix}" for member in members)
    for spec in members:
        options = _options(spec)
        risky = tuple(
            str(name)
            for name, details in options.items()
            if isinstance(details, OptionSpec) and details.success is not None
        )
        declared = DeclaredMove(
            f"{spec.name}{suffix}",
            len(planned),
            tuple(str(name) for name in options),
            risky,
            str(spec.name),
            number,
            block,
        )
        start = first if together is not None else declared.index
        planned.append(Planned(spec, declared, together, start))


def _count_moves(spec: ScenarioSpec, problems: Problems) -> int:
    total = 0
    for item in spec.moves:
        rounds = 1
        if isinstance(item, RepeatSpec):
            text = item.repeat
            if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) >= 1):
                problems.add(
                    "E205",
                    f"the number of rounds is a whole number from 1 to {MOST_ROUNDS}; "
                    f"found {quoted(text)}",
                    "",
                    text.position,
                )
            elif int(text) > MOST_ROUNDS:
                problems.add(
                    "E104",
                    f"{int(text):,} rounds; the limit is {MOST_ROUNDS}",
                    "use fewer rounds",
                    text.position,
                )
            else:
                rounds = int(text)
        total += rounds * len(_members(item))
    return total


def _check_options(spec: MoveSpec, problems: Problems) -> None:
    options = list(spec.can)
    if not options:
        problems.add(
            "E214", f"'{spec.name}' has no options", "list what can be done", spec.name.position
        )
    if len(options) > MOST_OPTIONS:
        problems.add(
            "E104",
            f"'{spec.name}' has {len(options)} options; the limit is {MOST_OPTIONS}",
            "",
            spec.name.position,
        )
    check_distinct(options, "the option", problems)
    for name in options:
        check_name(name, "an option", problems, reserved=name.casefold() == REST)
