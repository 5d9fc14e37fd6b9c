"""The scenario file as a strict, frozen schema: the one source of field help.

The JSON schema for editors and the reference page are generated from here. Shapes are checked
here; what numbers, days, names and conditions mean is settled by the builders.
"""

from __future__ import annotations

from typing import Any

from brink.scenario.reading.nodes import Items, Node, Table, Text
from brink.scenario.reading.shapes import (
    Anything,
    Either,
    ListOf,
    MapOf,
    Mapped,
    OrNothing,
    Scalar,
    Shape,
    Spec,
    optional,
    required,
)

FORMAT_VERSION = 1

# What to write in a field, for complaints about it.
HINTS = {
    "actors": "write the actors as a list or mapping, for example `actors: {Russia: {}}`",
    "moves": "write each move as `- {name: ..., who: ..., can: [...]}`",
    "can": "write the options as a list: `can: [hold, strike]`",
    "questions": "write `- P(x)`",
    "record": "write each entry as `- {on: 2022-01-22, move: ..., what: ..., source: ...}`",
    "set": "put what the variant changes under `set`",
    "source": "name a source, or write `{title: ..., published: 2022-01-22}`",
    "outcomes": "name the ways to end: `War: action is attack`",
    "preferences": "rank the outcomes: `West: Deal > War`",
    "title": "say in a line what the crisis is",
    "as_of": "write the day you write as: `as_of: 2022-02-01`",
    "brink": "write `brink: 1`",
}

NUMBER_JSON = {"type": ["string", "number"]}
POINTS_JSON: dict[str, Any] = {
    "type": "object",
    "properties": dict.fromkeys(("low", "likely", "high"), NUMBER_JSON),
    "required": ["low", "high"],
    "additionalProperties": False,
}
AMOUNT_JSON: dict[str, Any] = {"anyOf": [NUMBER_JSON, POINTS_JSON]}
CASES_JSON: dict[str, Any] = {
    "anyOf": [
        *AMOUNT_JSON["anyOf"],
        {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"when": {"type": "string"}, "value": AMOUNT_JSON},
                "required": ["value"],
                "additionalProperties": False,
            },
        },
        {
            "type": "object",
            "properties": {"by round": {"type": "array", "items": AMOUNT_JSON}},
            "required": ["by round"],
            "additionalProperties": False,
        },
    ]
}
BY_TYPE_JSON: dict[str, Any] = {
    "anyOf": [*AMOUNT_JSON["anyOf"], {"type": "object", "additionalProperties": AMOUNT_JSON}]
}

# Editors may read bare words as numbers or booleans; the loader reads text.
NAME = Scalar(type=["string", "number", "boolean"])
WORDS = Scalar(type="string")
CONDITION = Scalar(type="string")
RANKING = Scalar(type="string")
FLAG = Scalar(type=["boolean", "string"])
WHOLE = Scalar(type=["integer", "string"])
DAY = Scalar(type="string", pattern=r"^\d{4}-\d{2}-\d{2}$")
DAYS = Scalar(type="string", pattern=r"^\d{4}-\d{2}-\d{2}( to \d{4}-\d{2}-\d{2})?$")
# A quantity: text, or low / likely / high; read by :mod:`.quantities`.
AMOUNT = Anything("Amount", **AMOUNT_JSON)
# A quantity that may differ by case or by round.
CASES = Anything("Cases", **CASES_JSON)
# A quantity, or one for each type of the actor.
BY_TYPE = Anything("ByType", **BY_TYPE_JSON)
OVERLAY = Anything("Overlay", type="object")


def form(node: Node) -> str | None:
    """The kind of a node, for fields that may be written in more than one way."""
    if isinstance(node, Text):
        return "text"
    if isinstance(node, Items):
        return "list"
    if isinstance(node, Table):
        return "mapping"
    return None


class SourceSpec(Spec):
    """Where a fact was published."""

    title: Text = required(WORDS, "Title of the text.")
    published: Text = required(DAY, "Day of publication; decides what may be used.")
    publisher: Text | None = optional(WORDS, "Who published it.")
    link: Text | None = optional(WORDS, "Web address (http or https) or DOI.")
    reliability: Text | None = optional(
        WORDS, "Of the source: A (completely reliable) to E, F cannot be judged."
    )
    credibility: Text | None = optional(
        WHOLE, "Of the information: 1 (confirmed) to 5, 6 cannot be judged."
    )


class PriorSpec(Spec):
    """Shares of an actor's types where a condition on earlier actors' types holds."""

    when: Text | None = optional(
        CONDITION, "Condition on the types of actors listed earlier; left out in the last."
    )
    shares: dict[Text, Any] = required(MapOf(AMOUNT), "Type to probability; one may be `rest`.")


Shares = dict[Text, Any] | list[PriorSpec]
SHARES: Shape[Shares] = Either(form, {"mapping": MapOf(AMOUNT), "list": ListOf(Mapped(PriorSpec))})


class ActorSpec(Spec):
    """Someone who moves or whose hidden type matters."""

    about: Text | None = optional(WORDS, "Free text.")
    types: Shares | None = optional(
        SHARES,
        "What the actor may secretly be, with probabilities; or a list of "
        "{when, shares}, of which the first match counts.",
    )
    until: Text | None = optional(DAY, "Day after which the actor no longer moves.")
    sponsor: Text | None = optional(NAME, "The actor behind a proxy; documentation.")


class OptionSpec(Spec):
    """One thing that can be done at a move."""

    about: Text | None = optional(WORDS, "Free text.")
    needs: Text | None = optional(CONDITION, "Where the option is available.")
    probability: Any = optional(CASES, "For moves of chance: how probable it is, or `rest`.")
    success: Any = optional(
        CASES,
        "Probability that it works; `<option> succeeds` and `<option> fails` can "
        "then be used in conditions.",
    )
    costs: dict[Text, Any] | None = optional(
        MapOf(BY_TYPE), "Actor to share of its best-to-worst span that it loses by this option."
    )
    gains: dict[Text, Any] | None = optional(
        MapOf(BY_TYPE), "Actor to share of its best-to-worst span that it wins by this option."
    )


AMOUNT_KEYS = frozenset({"low", "likely", "high", "by round"})


def option_form(node: Node) -> str:
    """Options may be given with nothing, with a probability, or with details."""
    if isinstance(node, Table) and not (node and set(node) <= AMOUNT_KEYS):
        return "details"
    return "amount"


# Nothing, a quantity, or details.
OptionValue = Any
OPTION: Shape[OptionValue] = OrNothing(
    Either(option_form, {"amount": CASES, "details": Mapped(OptionSpec)})
)
Options = list[Text] | dict[Text, OptionValue]
OPTIONS: Shape[Options] = Either(form, {"list": ListOf(NAME), "mapping": MapOf(OPTION)})


class LabelledOptions(MapOf[Any]):
    """Options that an observer cannot tell apart, by label."""

    words = "a mapping of lists"


class SignalsByOption(MapOf[Any]):
    """Signals with probabilities, by option."""

    words = "a mapping of mappings"


def channel_form(node: Node) -> str | None:
    """What an observer sees: a probability, merged options, or signals by option."""
    if isinstance(node, Table) and node:
        forms = {form(item) for item in node.values()}
        if forms == {"list"}:
            return "merged"
        if forms == {"mapping"} and not {"low", "high"} & set(node):
            return "signals"
        return "amount" if {"low", "high"} & set(node) else "merged"
    return "amount" if isinstance(node, Text) else None


# A quantity, label to options, or option to signal to quantity.
ChannelSpec = Any
CHANNEL: Shape[ChannelSpec] = Either(
    channel_form,
    {
        "amount": AMOUNT,
        "merged": LabelledOptions(ListOf(NAME)),
        "signals": SignalsByOption(MapOf(AMOUNT)),
    },
)


class MoveSpec(Spec):
    """A point where one actor, or chance, chooses."""

    name: Text = required(NAME, "Unique name; conditions use it.")
    who: Text = required(NAME, "The actor that chooses, or `chance`.")
    can: Options = required(
        OPTIONS,
        "The options: a list of names, or a mapping from name to details (for "
        "chance: to probabilities).",
    )
    when: Text | None = optional(
        CONDITION, "Where in the play the move takes place; left out: everywhere."
    )
    on: Text | None = optional(DAYS, "Day or interval of the move.")
    seen_by: list[Text] | None = optional(
        ListOf(NAME), "Who sees the move; all others see nothing. Left out: everyone."
    )
    seen_as: dict[Text, ChannelSpec] | None = optional(
        MapOf(CHANNEL),
        "How single actors see it: `nothing`, a probability of noticing it, "
        "{label: [options that look alike]}, or {option: {signal: probability}}.",
    )
    talk: Text | None = optional(FLAG, "`true` for words that cost nothing.")
    about: Text | None = optional(WORDS, "Free text.")


class TogetherSpec(Spec):
    """Moves made at the same time: nobody sees the others' choices before all have chosen."""

    together: list[MoveSpec] = required(
        ListOf(Mapped(MoveSpec), at_least=2), "The simultaneous moves."
    )


def inner_form(node: Node) -> str:
    """A move, or a group of simultaneous moves."""
    return "together" if isinstance(node, Table) and "together" in node else "move"


InnerMove = MoveSpec | TogetherSpec
INNER_MOVE: Shape[InnerMove] = Either(
    inner_form, {"move": Mapped(MoveSpec), "together": Mapped(TogetherSpec)}
)


class RepeatSpec(Spec):
    """Moves that are played several times; round 2 of `posture` is called `posture 2`."""

    repeat: Text = required(WHOLE, "Number of rounds.")
    moves: list[InnerMove] = required(ListOf(INNER_MOVE, at_least=1), "The moves of a round.")


def move_form(node: Node) -> str:
    """A move, a group of simultaneous moves, or a repetition."""
    return "repeat" if isinstance(node, Table) and "repeat" in node else inner_form(node)


AnyMove = MoveSpec | TogetherSpec | RepeatSpec
ANY_MOVE: Shape[AnyMove] = Either(
    move_form,
    {"move": Mapped(MoveSpec), "together": Mapped(TogetherSpec), "repeat": Mapped(RepeatSpec)},
)


class OutcomeSpec(Spec):
    """A named way for the crisis to end."""

    when: Text = required(CONDITION, "Condition, or `otherwise` in the last one.")
    about: Text | None = optional(WORDS, "Free text.")
    base_rate: Any = optional(AMOUNT, "How often such crises end so, for comparison only.")


OutcomeValue = Text | OutcomeSpec
OUTCOME: Shape[OutcomeValue] = Either(form, {"text": CONDITION, "mapping": Mapped(OutcomeSpec)})
RANKINGS: Shape[Text | list[Text]] = Either(form, {"text": RANKING, "list": ListOf(RANKING)})


class PreferenceSpec(Spec):
    """How one type values the outcomes; parts that are given must agree."""

    ranking: Text | list[Text] | None = optional(
        RANKINGS,
        "Best first: `Deal > Eased = Frozen >> War`; `>>` is a gap three times as "
        "large in expectation. A list of rankings is a partial order.",
    )
    values: dict[Text, Any] | None = optional(
        MapOf(AMOUNT), "Outcome to number or range, on any scale."
    )
    stakes: dict[Text, Any] | None = optional(
        MapOf(AMOUNT), "Stake to weight of one unit of it; negative if unwelcome."
    )
    factions: dict[Text, Any] | None = optional(
        MapOf(AMOUNT), "Faction to weight; their preferences are mixed. One may be `rest`."
    )


PREFERENCE_KEYS = frozenset(PreferenceSpec.fields)
PreferenceValue = Text | list[Text] | PreferenceSpec
PREFERENCE: Shape[PreferenceValue] = Either(
    form, {"text": RANKING, "list": ListOf(RANKING), "mapping": Mapped(PreferenceSpec)}
)


def actor_preference_form(node: Node) -> str | None:
    """One preference for all types, or a mapping from type to preference."""
    if isinstance(node, Table) and not (node and set(node) <= PREFERENCE_KEYS):
        return "by type"
    return form(node)


ActorPreference = PreferenceValue | dict[Text, PreferenceValue]
ACTOR_PREFERENCE: Shape[ActorPreference] = Either(
    actor_preference_form,
    {
        "text": RANKING,
        "list": ListOf(RANKING),
        "mapping": Mapped(PreferenceSpec),
        "by type": MapOf(PREFERENCE),
    },
)


class StakeSpec(Spec):
    """A consequence that accrues along the path of play."""

    when: Text = required(CONDITION, "Where it accrues.")
    amount: Text | None = optional(WHOLE, "How many units; 1 if left out.")
    about: Text | None = optional(WORDS, "Free text.")


StakeValue = StakeSpec | list[StakeSpec]
STAKE: Shape[StakeValue] = Either(
    form, {"mapping": Mapped(StakeSpec), "list": ListOf(Mapped(StakeSpec))}
)


class StandingSpec(Spec):
    """A cost that is paid until a condition ends it."""

    cost: Any = required(BY_TYPE, "Share of the best-to-worst span, or one per type.")
    until: Text | None = optional(CONDITION, "Condition that ends it.")
    what: Text | None = optional(WORDS, "What the cost is.")


StandingValue = list[StandingSpec] | dict[Text, StandingSpec]
STANDING: Shape[StandingValue] = Either(
    form, {"list": ListOf(Mapped(StandingSpec)), "mapping": MapOf(Mapped(StandingSpec))}
)
ConditionalAmounts = dict[Text, dict[Text, Any]]
SourceReference = Text | list[Text] | SourceSpec
SOURCES: Shape[SourceReference] = Either(
    form, {"text": NAME, "list": ListOf(NAME), "mapping": Mapped(SourceSpec)}
)


class EventSpec(Spec):
    """One entry of the record: what was seen, when, and who says so."""

    on: Text = required(DAYS, "Day or interval.")
    what: Text = required(WORDS, "One sentence.")
    source: SourceReference | None = optional(
        SOURCES, "Key of a source, several keys, or a source written out."
    )
    move: Text | None = optional(CONDITION, "The move that was seen: `drills is announce`.")
    absence: Text | None = optional(CONDITION, "What has not happened: `donbas is offensive`.")
    evidence: Text | None = optional(
        CONDITION, "What outside evidence speaks for: `Kremlin is invader`; with `ratio`."
    )
    talk: Text | None = optional(FLAG, "`true` for words that say nothing in the model.")
    ratio: Any = optional(AMOUNT, "Likelihood ratio of the evidence; below 1 if it speaks against.")
    certainty: Any = optional(AMOUNT, "Probability that the report is true; 1 if left out.")
    independent: Text | None = optional(
        FLAG, "`true` if it counts besides another entry about the same move and day."
    )
    retracted: Text | None = optional(FLAG, "`true` if it was withdrawn: never used.")
    key: Text | None = optional(NAME, "Identifier; `e1`, `e2`, ... if left out.")


class QuestionSpec(Spec):
    """A question with details."""

    ask: Text = required(WORDS, "`P(x)`, `P(x given y)` or `effect of 'y' on P(x)`.")
    by: Text | None = optional(DAY, "Day by which it resolves.")
    key: Text | None = optional(NAME, "Identifier; `q1`, `q2`, ... if left out.")


QuestionValue = Text | QuestionSpec
QUESTION: Shape[QuestionValue] = Either(form, {"text": WORDS, "mapping": Mapped(QuestionSpec)})


class VariantSpec(Spec):
    """A named change of the scenario."""

    set: Any = required(
        OVERLAY,
        "Overlay: mappings merge key by key, lists and texts replace, an empty value removes.",
    )
    about: Text | None = optional(WORDS, "Free text.")


ActorList = dict[Text, ActorSpec | None] | list[Text]
ACTORS: Shape[ActorList] = Either(
    form, {"list": ListOf(NAME), "mapping": MapOf(OrNothing(Mapped(ActorSpec)))}
)
BAND: Shape[Text | list[Text]] = Either(form, {"text": NAME, "list": ListOf(NAME)})


class ScenarioSpec(Spec):
    """A crisis, written down once."""

    brink: Text = required(WHOLE, "Version of the language: 1.")
    title: Text = required(WORDS, "Title for people.")
    as_of: Text = required(DAY, "Nothing published after this day is used.")
    about: Text | None = optional(WORDS, "Free text.")
    author: Text | None = optional(WORDS, "Who wrote the scenario.")
    handling: Text | None = optional(WORDS, "Handling mark printed on every page.")
    rationality: Text | list[Text] | None = optional(
        BAND,
        "Band of the rationality λ, on payoffs with a span of 1: `[5, 10, 20]` if "
        "left out; 0 is uniform play.",
    )
    likelihood_words: Text | None = optional(
        WORDS, "Scale of words such as `likely`: `icd203` (default), `phia`, `nato`."
    )
    leaves_out: list[Text] | None = optional(
        ListOf(WORDS), "What the model leaves out; printed in the report."
    )
    sources: dict[Text, SourceSpec] | None = optional(
        MapOf(Mapped(SourceSpec)), "Key to source, for use in the record."
    )
    actors: ActorList = required(
        ACTORS, "Name to details; or a list of names if nobody has hidden types."
    )
    beliefs: dict[Text, dict[Text, Shares]] | None = optional(
        MapOf(MapOf(SHARES)),
        "Where actors disagree with the analyst: believer to actor to shares of its types.",
    )
    moves: list[AnyMove] = required(
        ListOf(ANY_MOVE, at_least=1),
        "In the order of play: moves, simultaneous moves, repetitions.",
    )
    outcomes: dict[Text, OutcomeValue] = required(
        MapOf(OUTCOME, at_least=1),
        "Name to condition; the first match names the end. The last may be `otherwise`.",
    )
    preferences: dict[Text, ActorPreference] = required(
        MapOf(ACTOR_PREFERENCE),
        "Actor to ranking, or to a mapping from type to ranking or details.",
    )
    factions: dict[Text, dict[Text, PreferenceValue]] | None = optional(
        MapOf(MapOf(PREFERENCE)), "Actor to faction to preference; see `factions` of a preference."
    )
    stakes: dict[Text, StakeValue] | None = optional(
        MapOf(STAKE), "Consequences that add up along the path of play."
    )
    backing_down: ConditionalAmounts | None = optional(
        MapOf(MapOf(BY_TYPE)),
        "Audience costs: actor to condition (usually a pair of moves) to share of the span.",
    )
    standing: dict[Text, StandingValue] | None = optional(
        MapOf(STANDING), "Costs paid until a condition ends them."
    )
    costs: ConditionalAmounts | None = optional(
        MapOf(MapOf(BY_TYPE)), "Actor to condition to share of the best-to-worst span lost."
    )
    gains: ConditionalAmounts | None = optional(
        MapOf(MapOf(BY_TYPE)), "Actor to condition to share of the best-to-worst span won."
    )
    record: list[EventSpec] | None = optional(
        ListOf(Mapped(EventSpec)), "What happened so far, dated and sourced."
    )
    questions: list[QuestionValue] | None = optional(ListOf(QUESTION), "What the analyst asks.")
    variants: dict[Text, VariantSpec] | None = optional(
        MapOf(Mapped(VariantSpec)), "Named changes of the scenario."
    )
