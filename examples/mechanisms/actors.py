"""Rows 1 to 12: actors, types and constraints."""

from __future__ import annotations

import numpy as np
from play import Play
from registry import EXACT, Finding, both, higher, nothing, positive, row


@row(
    "01-resolve",
    "superior army, unwilling leadership",
    "`types`, `success`",
    "the resolved type attacks more often at the same odds",
)
def resolve() -> Finding:
    play = Play("01-resolve")
    return higher(play.ask("resolved"), play.ask("unwilling"))


@row(
    "02-factions",
    "some within the Kremlin fear",
    "`factions`",
    "the heavier the hawks weigh, the likelier the attack",
)
def factions() -> Finding:
    return higher(
        Play("02-factions", "hawks in charge").ask("attack"), Play("02-factions").ask("attack")
    )


@row(
    "03-two-audiences",
    "called on the West not to create panic",
    "`costs` by type; public move",
    "a costly alarm informs patron and opponent; a free one informs nobody",
)
def two_audiences() -> Finding:
    play, free = Play("03-two-audiences"), Play("03-two-audiences", "panic costs nothing")
    return both(
        positive(play.ask("informs")),
        positive(play.ask("patron")),
        higher(play.ask("opponent alarmed"), play.ask("opponent reassured")),
        nothing(free.ask("informs")),
    )


@row(
    "04-disagreement",
    "no compelling reason to believe",
    "`beliefs`",
    "an actor that expects no attack prepares less than one that shares the analyst's view",
)
def disagreement() -> Finding:
    shared = Play("04-disagreement", "Kyiv shares the analyst's view")
    return higher(shared.ask("prepares"), Play("04-disagreement").ask("prepares"))


@row(
    "05-feasibility",
    "does not appear to have enough troops",
    "`needs`, `success`",
    "no invasion without mobilising, and few where it promises little",
)
def feasibility() -> Finding:
    play, enough = Play("05-feasibility"), Play("05-feasibility", "enough troops")
    return both(
        nothing(play.ask("unprepared")), higher(enough.ask("prepared"), play.ask("prepared"))
    )


@row(
    "06-proxy",
    "its proxies",
    "`sponsor`, `seen_by`",
    "the victim answers alike whether or not the raid was ordered, and cannot be sure that it was",
)
def proxy() -> Finding:
    play = Play("06-proxy")
    ordered = play.ask("ordered")
    unsure = bool(((ordered > 0.01) & (ordered < 0.99)).all())
    blind = nothing(play.ask("if ordered") - play.ask("if not"))
    return both(blind, Finding(unsure, f"ordered with {np.median(ordered):.0%}"))


@row(
    "07-deniability",
    "unflagged troops",
    "`seen_as` with signals",
    "unmarked troops meet a weaker answer than marked ones",
)
def deniability() -> Finding:
    return higher(
        Play("07-deniability", "flags on").ask("answered"), Play("07-deniability").ask("answered")
    )


@row(
    "08-elites",
    "oligarchs will face crippling sanctions",
    "`costs` by type",
    "sanctions on the elite restrain the type that depends on it",
)
def elites() -> Finding:
    play = Play("08-elites")
    return higher(play.ask("insulated"), play.ask("beholden"))


@row(
    "09-veto",
    "cannot open bases in Cuba and Venezuela",
    "`needs` another actor's consent",
    "no bases without consent, and fewer than with a willing host",
)
def veto() -> Finding:
    play, willing = Play("09-veto"), Play("09-veto", "Cuba is willing")
    return both(nothing(play.ask("refused")), higher(willing.ask("bases"), play.ask("bases")))


@row(
    "10-against-interest",
    "admitted that the US has significant leverage",
    "`costs` by type on words",
    "an admission that costs the strong more is believed; a free one is not",
)
def against_interest() -> Finding:
    play, free = Play("10-against-interest"), Play("10-against-interest", "words without cost")
    return both(positive(play.ask("believed")), nothing(free.ask("believed")))


@row(
    "11-second-front",
    "build-up of Russian troops in Belarus",
    "`success` by case",
    "opening a second front makes the attack likelier",
)
def second_front() -> Finding:
    return positive(Play("11-second-front").ask("effect"))


@row(
    "12-time-limit",
    "under a Biden administration",
    "`until` and `on`",
    "a patron that will have left deters nobody",
)
def time_limit() -> Finding:
    gone, present = Play("12-time-limit"), Play("12-time-limit", "still in office")
    absent = float(gone.ask("help").max()) < EXACT
    return both(
        higher(gone.ask("attack"), present.ask("attack")),
        Finding(absent, "no help after the last day"),
    )
