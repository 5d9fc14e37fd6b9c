"""Scenarios made in Python, for tests that need no file."""

import datetime as dt

from hypothesis import strategies as st

from brink.scenario.model import (
    ALWAYS,
    EVERY_TYPE,
    Actor,
    AllOf,
    AnyOf,
    Case,
    Chain,
    Channel,
    Cost,
    Is,
    Move,
    Not,
    Option,
    OutcomeRule,
    Preference,
    Quantity,
    Scenario,
    TypePrior,
)


def number(low, high=None, likely=None):
    return Quantity(low, low if high is None else high, likely)


def options(*names):
    return tuple(Option(name) for name in names)


def actor(name, **shares):
    if not shares:
        return Actor(name, ("actor",), ())
    return Actor(name, tuple(shares), (TypePrior(ALWAYS, shares),))


def chain(*groups, gaps=None):
    groups = tuple((group,) if isinstance(group, str) else tuple(group) for group in groups)
    return Chain(groups, tuple(gaps or [1] * (len(groups) - 1)))


def scenario(actors, moves, outcomes=None, preferences=None, **more):
    outcomes = outcomes or (OutcomeRule("end", ALWAYS),)
    if preferences is None:
        ranking = chain(*(rule.name for rule in outcomes))
        preferences = [
            Preference(one.name, kind, (ranking,)) for one in actors for kind in one.types
        ]
    return Scenario(
        "test",
        "Test",
        dt.date(2022, 2, 1),
        tuple(actors),
        tuple(moves),
        tuple(outcomes),
        tuple(preferences),
        **more,
    )


NAMES = ("red", "blue")


@st.composite
def conditions(draw, known, depth=2):
    """A condition over names already decided: ``known`` maps them to their values."""
    kinds = ["always"] if not known else ["is"] * 3 + ["always"]
    if depth and known:
        kinds += ["not", "and", "or"]
    kind = draw(st.sampled_from(kinds))
    inner = conditions(known, depth - 1)
    if kind == "is":
        name = draw(st.sampled_from(sorted(known)))
        wanted = draw(st.lists(st.sampled_from(known[name]), min_size=1, unique=True))
        return Is(name, tuple(wanted))
    if kind == "not":
        return Not(draw(inner))
    if kind == "and":
        return AllOf((draw(inner), draw(inner)))
    if kind == "or":
        return AnyOf((draw(inner), draw(inner)), draw(st.sampled_from([1, 2])))
    return ALWAYS


@st.composite
def scenarios(draw):
    """Small scenarios with every construct that shapes the tree."""
    actors = [
        Actor(
            name,
            kinds,
            (
                *(
                    (TypePrior(Is("red", ("a",)), {"a": number(0.0), "b": None}),)
                    if name == "blue" and len(kinds) == 2 and draw(st.booleans())
                    else ()
                ),
                TypePrior(ALWAYS, {kinds[0]: number(0.3, 0.6), **dict.fromkeys(kinds[1:])}),
            ),
        )
        for name in NAMES
        for kinds in [draw(st.sampled_from([("a",), ("a", "b")]))]
    ]
    known = {one.name: one.types for one in actors}
    moves = []
    group = None
    for place in range(draw(st.integers(1, 4))):
        mover = draw(st.sampled_from([*NAMES, "chance"]))
        labels = ("x", "y", "z")[: draw(st.integers(1, 3))]
        risky = draw(st.integers(0, 4)) == 0
        available = []
        for index, label in enumerate(labels):
            available.append(
                Option(
                    label,
                    needs=draw(conditions(known, 1)) if draw(st.integers(0, 3)) == 0 else ALWAYS,
                    probability=(
                        (Case(ALWAYS, number(0.2)),) if mover == "chance" and index else ()
                    ),
                    success=(
                        (
                            Case(
                                draw(conditions(known, 1)),
                                number(draw(st.sampled_from([0.0, 0.4, 1.0]))),
                            ),
                        )
                        if risky and index == 0
                        else ()
                    ),
                )
            )
        channels = {}
        for observer in NAMES:
            kind = draw(st.sampled_from(["full", "full", "none", "merged", "noisy"]))
            if kind == "merged":
                channels[observer] = Channel("merged", groups={"g": labels[:2]})
            elif kind == "noisy":
                signals = {labels[0]: {labels[-1]: number(0.3), "nothing": None}}
                channels[observer] = Channel("noisy", signals=signals)
            elif kind == "none":
                channels[observer] = Channel("none")
        group = draw(st.sampled_from([None, None, group, f"group {place}"]))
        name = f"m{place}"
        moves.append(
            Move(
                name,
                mover,
                tuple(available),
                when=draw(conditions(known)),
                channels=channels,
                together=group,
            )
        )
        known = {**known, name: labels}
        if risky:
            known[f"{name} result"] = ("success", "failure")
    outcomes = (OutcomeRule("first", draw(conditions(known))), OutcomeRule("rest", ALWAYS))
    return scenario(actors, moves, outcomes)


def ukraine_like(**more):
    """A small deterrence game with a cost, used where one fixed example is enough."""
    kremlin = actor("Kremlin", bluffer=number(0.25, 0.55), invader=None)
    west = actor("West")
    moves = (
        Move("posture", "Kremlin", options("mass", "wait")),
        Move("answer", "West", options("press", "concede")),
        Move("decision", "Kremlin", options("attack", "hold"), when=Is("answer", ("press",))),
    )
    outcomes = (
        OutcomeRule("Deal", Is("answer", ("concede",))),
        OutcomeRule("War", Is("decision", ("attack",))),
        OutcomeRule("Quiet", ALWAYS),
    )
    preferences = (
        Preference("Kremlin", "bluffer", (chain("Deal", "Quiet", "War", gaps=(1, 3)),)),
        Preference("Kremlin", "invader", (chain("War", "Deal", "Quiet"),)),
        Preference("West", "actor", (chain("Quiet", "Deal", "War"),)),
    )
    backing_down = AllOf((Is("posture", ("mass",)), Is("decision", ("hold",))))
    costs = (Cost("climb down", "Kremlin", backing_down, {EVERY_TYPE: number(0.05, 0.15)}),)
    return scenario((kremlin, west), moves, outcomes, preferences, costs=costs, **more)
