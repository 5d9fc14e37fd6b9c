"""The names a scenario declares, and what conditions over them mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from brink.errors import Position
from brink.scenario.model import ALWAYS, AllOf, AnyOf, Condition, Is, Not
from brink.scenario.reading.grammar import (
    Bare,
    Conjunction,
    Disjunction,
    Name,
    Negation,
    NotUnderstoodError,
    Phrase,
    PhraseReader,
    Quantifier,
    Statement,
)
from brink.scenario.reading.nodes import Node, Text, describe
from brink.scenario.reading.problems import Problems, Suggestion, quoted

NEVER = AnyOf(())
OUTCOME = "outcome"
# Name of the single type of an actor that has no hidden types.
ONLY_TYPE = "actor"
RESULTS = ("success", "failure")


@dataclass(frozen=True, slots=True)
class DeclaredMove:
    """A move as conditions may speak of it.

    Attributes:
        name: With its round, if repeated.
        index: Place in the order of play.
        options: Names.
        risky: Options that may fail.
        base: Name without the round.
        round: From 1, or None.
        block: Number of the repetition it belongs to, or None.
    """

    name: str
    index: int
    options: tuple[str, ...]
    risky: tuple[str, ...]
    base: str
    round: int | None = None
    block: int | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything that has a name."""

    actors: Mapping[str, tuple[str, ...]]
    moves: Mapping[str, DeclaredMove]
    outcomes: tuple[str, ...] = ()

    def rounds(self, base: str) -> list[DeclaredMove]:
        """The rounds of a repeated move, in order; empty if there is no such move."""
        return [m for m in self.moves.values() if m.round is not None and m.base == base]

    @property
    def spoken(self) -> list[str]:
        """Names that may stand before "is"."""
        bases = dict.fromkeys(move.base for move in self.moves.values())
        return [*bases, *self.actors, *([OUTCOME] if self.outcomes else [])]


@dataclass(frozen=True, slots=True)
class Context:
    """What a condition at some place of the file may speak of.

    Attributes:
        before: Only moves before this place in the order of play; None for all.
        round: Round of the repetition the condition stands in, or None.
        block: Number of that repetition, or None.
        outcomes: Whether outcomes may be named.
        types_of: Actors whose types may be named; None for all.
        place: For messages.
    """

    before: int | None = None
    round: int | None = None
    block: int | None = None
    outcomes: bool = False
    types_of: tuple[str, ...] | None = None
    place: str = "here"


@dataclass(slots=True)
class Resolver:
    """Turns phrases into conditions; unknown names are noted and read as "always"."""

    vocabulary: Vocabulary
    problems: Problems
    phrases: PhraseReader = field(default_factory=PhraseReader)

    def read(self, node: Node, context: Context, position: Position) -> Condition:
        """The condition a text stands for."""
        if not isinstance(node, Text):
            self.problems.add("E204", f"expected a condition; found {describe(node)}", "", position)
            return ALWAYS
        try:
            return self.resolve(self.phrases.condition(node), context)
        except NotUnderstoodError as error:
            problem = error.problem
            self.problems.add(problem.code, problem.message, problem.remedy, problem.position)
            return ALWAYS

    def resolve(self, phrase: Phrase, context: Context) -> Condition:
        """The condition a phrase stands for."""
        match phrase:
            case Statement():
                return self._statement(phrase, context)
            case Bare(name):
                return self._bare(name, context)
            case Negation(part):
                return Not(self.resolve(part, context))
            case Conjunction(parts):
                return AllOf(tuple(self.resolve(part, context) for part in parts))
            case Disjunction(parts):
                return AnyOf(tuple(self.resolve(part, context) for part in parts))

    # --- single statements ---------------------------------------------------------------

    def _statement(self, statement: Statement, context: Context) -> Condition:
        name = statement.name.text
        vocabulary = self.vocabulary
        if statement.quantifier is None:
            if name == OUTCOME and vocabulary.outcomes:
                return self._outcome(statement, context)
            if name in vocabulary.actors:
                return self._type(statement, context)
        base, is_result = self._base(name)
        rounds = vocabulary.rounds(base)
        move = vocabulary.moves.get(base)
        if move is not None and statement.quantifier is None:
            self._check_order(move, statement.name, context)
            return self._of_move(statement, move, is_result)
        if rounds:
            return self._of_rounds(statement, rounds, is_result, context)
        if statement.kind in {"happened", "succeeds", "fails"}:
            return self._of_option(statement, context)
        self._unknown(statement.name, vocabulary.spoken)
        return ALWAYS

    def _base(self, name: str) -> tuple[str, bool]:
        """A move's name without "result", and whether its result is meant."""
        known = name in self.vocabulary.moves or self.vocabulary.rounds(name)
        if not known and name.endswith(" result"):
            return name.removesuffix(" result"), True
        return name, False

    def _outcome(self, statement: Statement, context: Context) -> Condition:
        if not context.outcomes:
            self.problems.add(
                "E215",
                f"outcomes cannot be named {context.place}",
                "name the moves that lead there",
                statement.name.position,
            )
            return ALWAYS
        return self._is(statement, OUTCOME, self.vocabulary.outcomes, "an outcome")

    def _type(self, statement: Statement, context: Context) -> Condition:
        actor = statement.name.text
        if context.types_of is not None and actor not in context.types_of:
            self.problems.add(
                "E215",
                f"the hidden type of '{actor}' cannot be named {context.place}",
                "only what can be seen may decide it",
                statement.name.position,
            )
            return ALWAYS
        return self._is(statement, actor, self.vocabulary.actors[actor], f"a type of '{actor}'")

    def _of_move(self, statement: Statement, move: DeclaredMove, is_result: bool) -> Condition:
        """A statement about one move that is played once."""
        if is_result or statement.kind in {"succeeds", "fails"}:
            if not move.risky:
                self.problems.add(
                    "E210",
                    f"'{move.name}' always succeeds: none of its options has a 'success'",
                    "give an option a success probability",
                    statement.name.position,
                )
                return ALWAYS
            result = f"{move.name} result"
            if statement.kind in {"succeeds", "fails"}:
                return Is(result, (_result_of(statement),), statement.name.position)
            return self._is(statement, result, RESULTS, f"a result of '{move.name}'")
        return self._is(statement, move.name, move.options, f"an option of '{move.name}'")

    def _is(self, statement: Statement, name: str, known: Sequence[str], what: str) -> Condition:
        position = statement.name.position
        if statement.kind == "happened":
            return Is(name, tuple(known), position)
        for option in statement.options:
            if option.text not in known:
                self.problems.add(
                    "E210",
                    f"{quoted(option.text)} is not {what}",
                    Suggestion(option.text, known),
                    option.position,
                )
        options = tuple(o.text for o in statement.options if o.text in known)
        if not options:
            return ALWAYS
        found = Is(name, tuple(dict.fromkeys(options)), position)
        return Not(found) if statement.kind == "denied" else found

    def _of_option(self, statement: Statement, context: Context) -> Condition:
        """``strike succeeds``: an option named without its move."""
        name = statement.name
        wanted = name.text
        moves = [move for move in self.vocabulary.moves.values() if wanted in move.options]
        if statement.kind in {"succeeds", "fails"}:
            moves = [move for move in moves if wanted in move.risky] or moves
        bases = {move.base for move in moves}
        if len(bases) != 1:
            if bases:
                which = ", ".join(f"'{base}'" for base in sorted(bases))
                self.problems.add(
                    "E210",
                    f"'{wanted}' is an option of several moves: {which}",
                    "say which: name is option",
                    name.position,
                )
            else:
                options = [o for move in self.vocabulary.moves.values() for o in move.options]
                self._unknown(name, [*self.vocabulary.spoken, *dict.fromkeys(options)])
            return ALWAYS
        base = Name(next(iter(bases)), name.position)
        chosen = Statement("affirmed", base, (name,), statement.quantifier)
        if statement.kind == "happened":
            return self._statement(chosen, context)
        if not any(wanted in move.risky for move in moves):
            self.problems.add(
                "E210",
                f"'{wanted}' always succeeds: it has no 'success'",
                "give it a success probability",
                name.position,
            )
            return ALWAYS
        parts = []
        for move in moves:
            if self._is_before(move, context):
                result = Is(f"{move.name} result", (_result_of(statement),), name.position)
                parts.append(AllOf((Is(move.name, (wanted,), name.position), result)))
        if not parts:
            self._check_order(moves[0], name, context)
            return ALWAYS
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _bare(self, name: Name, context: Context) -> Condition:
        """A name on its own: an outcome, or an option that only one move has."""
        if name.text in self.vocabulary.outcomes:
            if context.outcomes:
                return Is(OUTCOME, (name.text,), name.position)
            self.problems.add(
                "E215",
                f"outcomes cannot be named {context.place}",
                "name the moves that lead there",
                name.position,
            )
            return ALWAYS
        owners = {m.base for m in self.vocabulary.moves.values() if name.text in m.options}
        if len(owners) == 1:
            base = Name(next(iter(owners)), name.position)
            return self._statement(Statement("affirmed", base, (name,)), context)
        remedy: str | Suggestion
        if owners:
            remedy = f"write for example: {sorted(owners)[0]} is {name.text}"
        elif name.text in self.vocabulary.spoken:
            remedy = f"say what of it: {name.text} is ..., or {name.text} happened"
        else:
            known = [*self.vocabulary.outcomes, *self.vocabulary.spoken]
            remedy = Suggestion(name.text, known)
        self.problems.add(
            "E210", f"{quoted(name.text)} does not say what is meant", remedy, name.position
        )
        return ALWAYS

    # --- rounds --------------------------------------------------------------------------

    def _of_rounds(
        self,
        statement: Statement,
        rounds: list[DeclaredMove],
        is_result: bool,
        context: Context,
    ) -> Condition:
        quantifier = statement.quantifier
        if context.round is not None and quantifier is None and rounds[0].block == context.block:
            here = rounds[context.round - 1]
            self._check_order(here, statement.name, context)
            return self._of_move(statement, here, is_result)
        if quantifier is not None and quantifier.kind == "previous":
            if context.round is None or rounds[0].block != context.block:
                self.problems.add(
                    "E216",
                    "'previous' makes sense only inside a repetition",
                    "name the round: posture 2",
                    statement.name.position,
                )
                return ALWAYS
            if context.round == 1:
                self._of_move(statement, rounds[0], is_result)
                return NEVER
            return self._of_move(statement, rounds[context.round - 2], is_result)
        earlier = [move for move in rounds if self._is_before(move, context)]
        if not earlier:
            self._check_order(rounds[0], statement.name, context)
            return ALWAYS
        said = [self._of_move(statement, move, is_result) for move in earlier]
        played = [_played(move, is_result) for move in earlier]
        if quantifier is None:
            return _last_round(statement, said, played)
        return _quantified(quantifier, said, played)

    def _is_before(self, move: DeclaredMove, context: Context) -> bool:
        return context.before is None or move.index < context.before

    def _check_order(self, move: DeclaredMove, name: Name, context: Context) -> None:
        if not self._is_before(move, context):
            self.problems.add(
                "E215",
                f"'{move.name}' is not yet decided {context.place}",
                "conditions may speak of earlier moves only",
                name.position,
            )

    def _unknown(self, name: Name, known: Sequence[str]) -> None:
        self.problems.add(
            "E210",
            f"{quoted(name.text)} is not the name of a move or actor",
            Suggestion(name.text, known),
            name.position,
        )


def _result_of(statement: Statement) -> str:
    return RESULTS[0] if statement.kind == "succeeds" else RESULTS[1]


def _played(move: DeclaredMove, is_result: bool) -> Condition:
    return Is(f"{move.name} result", RESULTS) if is_result else Is(move.name, move.options)


def _last_round(statement: Statement, said: list[Condition], played: list[Condition]) -> Condition:
    """True where it holds of the last round that took place."""
    if statement.kind == "denied":
        affirmed = [part.part if isinstance(part, Not) else part for part in said]
        return Not(_last_round_is(affirmed, played))
    return _last_round_is(said, played)


def _last_round_is(said: list[Condition], played: list[Condition]) -> Condition:
    """In the last round; or, if that was not played, in the one before; and so on."""
    found = said[0]
    for part, took_place in zip(said[1:], played[1:], strict=True):
        found = AnyOf((part, AllOf((Not(took_place), found))))
    return found


def _quantified(
    quantifier: Quantifier, said: list[Condition], played: list[Condition]
) -> Condition:
    """Over the rounds that took place."""
    held = [AllOf((p, s)) if isinstance(s, Not) else s for s, p in zip(said, played, strict=True)]
    if quantifier.kind == "every":
        each = (AnyOf((Not(p), s)) for s, p in zip(said, played, strict=True))
        return AllOf((AnyOf(tuple(played)), *each))
    number = quantifier.number if quantifier.kind == "at least" else 1
    return AnyOf(tuple(held), number)
