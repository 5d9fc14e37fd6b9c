"""Rows 13 to 33: moves and signals."""

from __future__ import annotations

import numpy as np
from play import Play
from registry import Finding, both, higher, nothing, positive, row


@row(
    "13-mobilisation",
    "continues to add troops",
    "`costs` on an option, `success` by case, `backing_down`",
    "its cost makes it rarer, the odds and the price of backing down make the attack likelier",
)
def mobilisation() -> Finding:
    play = Play("13-mobilisation")
    free = Play("13-mobilisation", "no cost at once")
    loose = Play("13-mobilisation", "no cost of backing down")
    return both(
        higher(free.ask("mobilises"), play.ask("mobilises")),
        positive(loose.ask("effect")),
        higher(play.ask("effect"), loose.ask("effect")),
    )


@row(
    "14-extended-deterrence",
    "does not intend to abandon the Donbass",
    "`costs` by type; `effect of`",
    "staying raises the belief in the defender and deters the offensive",
)
def extended_deterrence() -> Finding:
    play = Play("14-extended-deterrence")
    return both(positive(play.ask("defended")), positive(-play.ask("deterred")))


@row(
    "15-bluff",
    "what if it is just another bluff?",
    "`types`; `P(type given move)`",
    "the threat lowers the probability of a bluff without excluding it",
)
def bluff() -> Finding:
    play = Play("15-bluff")
    after = play.ask("after")
    return both(
        higher(play.ask("before"), after), Finding(bool((after > 0.01).all()), "never excluded")
    )


@row(
    "16-denial",
    "complete absurdity",
    "`talk: true`",
    "a costless denial leaves the belief exactly unchanged",
)
def denial() -> Finding:
    return nothing(Play("16-denial").ask("informs"))


@row(
    "17-discounted-words",
    "words do not seem to hold weight",
    "`talk: true`",
    "the answer does not depend on what was said",
)
def discounted_words() -> Finding:
    return nothing(Play("17-discounted-words").ask("reaction"))


@row(
    "18-selective-channel",
    "few media outlets gave the statement much play",
    "`seen_as` with signals",
    "a concession few notice changes less than one all notice",
)
def selective_channel() -> Finding:
    loud = Play("18-selective-channel", "everybody notices")
    return higher(loud.ask("reaction"), Play("18-selective-channel").ask("reaction"))


@row(
    "19-false-alarms",
    "fearmongering echoed in the media",
    "`seen_as` with false positives",
    "false alarms weaken the reaction to true ones",
)
def false_alarms() -> Finding:
    clean = Play("19-false-alarms", "no false alarms")
    return higher(clean.ask("reaction"), Play("19-false-alarms").ask("reaction"))


@row(
    "20-probe",
    "just 240 kilometers off Ireland's coast",
    "an optional move with small `costs`",
    "a cheap probe is tried more often than a dear one",
)
def probe() -> Finding:
    return higher(Play("20-probe").ask("probes"), Play("20-probe", "a dear probe").ask("probes"))


@row(
    "21-pretext",
    "not to disturb Irish fishermen",
    "`backing_down` by pair of moves",
    "the way out with a pretext is preferred to giving way openly",
)
def pretext() -> Finding:
    play = Play("21-pretext")
    return higher(play.ask("pretext"), play.ask("openly"))


@row(
    "22-reversal",
    "viewed the flip-flop as more bluff than threat",
    "`record` by date; `backing_down` by type",
    "moving the drills makes a bluff likelier than announcing them did",
)
def reversal() -> Finding:
    play = Play("22-reversal")
    moved = play.probability(play.leaves(play.scenario.questions[0].target), play.recorded())
    consistent = nothing(moved - play.ask("moved"))
    return both(higher(play.ask("moved"), play.ask("announced")), consistent)


@row(
    "23-empty-ultimatum",
    "apparently an empty threat",
    "a later move that does not follow",
    "letting the ultimatum pass lowers the belief in resolve",
)
def empty_ultimatum() -> Finding:
    play = Play("23-empty-ultimatum")
    return higher(play.ask("posed"), play.ask("passed"))


@row(
    "24-commitment",
    "guarantees that Ukraine will never join NATO",
    "`success` of a promise",
    "a guarantee that binds is accepted more readily",
)
def commitment() -> Finding:
    binding = Play("24-commitment", "a binding guarantee")
    return higher(binding.ask("accepts"), Play("24-commitment").ask("accepts"))


@row(
    "25-declined-rung",
    "Ukraine remains indivisible",
    "`backing_down` on words",
    "words bind only if going back on them costs something",
)
def declined_rung() -> Finding:
    play, free = Play("25-declined-rung"), Play("25-declined-rung", "words that do not bind")
    return both(positive(-play.ask("binds")), nothing(free.ask("binds")))


@row(
    "26-talks",
    "would be welcome in Russia",
    "optional moves; `backing_down`",
    "no deal without an offer, and past refusals make the offer rarer",
)
def talks() -> Finding:
    play = Play("26-talks")
    return both(
        higher(play.ask("deal if offered"), play.ask("deal if declined")),
        nothing(play.ask("deal if declined")),
        positive(-play.ask("reversal")),
    )


@row(
    "27-mediator",
    "meeting with Zelensky in Beijing",
    "a mediator; private `chance`; `seen_by`",
    "advice moves its hearer only if misleading costs the mediator something",
)
def mediator() -> Finding:
    play, free = Play("27-mediator"), Play("27-mediator", "a mediator with nothing to lose")
    return both(positive(play.ask("heeded")), nothing(free.ask("heeded")))


@row(
    "28-linkage",
    "will not launch an asymmetric response",
    "a move on another issue; `backing_down`",
    "a public denial makes the linkage rarer",
)
def linkage() -> Finding:
    return positive(-Play("28-linkage").ask("binds"))


@row(
    "29-conditional-threat",
    "could target oligarchs' properties if Russia attacks",
    "a threat and `backing_down`",
    "a threat deters because not carrying it out costs face; otherwise not at all",
)
def conditional_threat() -> Finding:
    play = Play("29-conditional-threat")
    free = Play("29-conditional-threat", "a threat without consequence")
    return both(positive(-play.ask("deters")), nothing(free.ask("deters")))


@row(
    "30-public-threat",
    "will openly tell Russian leaders",
    "`backing_down` for the public option only",
    "the public threat is carried out more often and deters more",
)
def public_threat() -> Finding:
    play = Play("30-public-threat")
    return both(higher(play.ask("public"), play.ask("private")), positive(-play.ask("deters")))


@row(
    "31-back-channel",
    "met with Italian business leaders",
    "`who: chance`, `seen_by`",
    "a message in private changes its hearer's conduct and no outsider's",
)
def back_channel() -> Finding:
    play = Play("31-back-channel")
    return both(positive(-play.ask("heard")), nothing(play.ask("outsiders")))


@row(
    "32-side-issue",
    "if Russia does not issue visas",
    "`stakes`",
    "giving way is likelier where little is at stake",
)
def side_issue() -> Finding:
    play = Play("32-side-issue")
    return higher(play.ask("visas"), play.ask("territory"))


@row(
    "33-drift",
    "incrementally rebuilding partnerships",
    "`repeat`, `by round`",
    "falling odds make an attack at once likelier than steady odds do",
)
def drift() -> Finding:
    slipping, steady = Play("33-drift"), Play("33-drift", "steady strength")
    largest = float(np.median(slipping.ask("at once") - steady.ask("at once")))
    found = higher(slipping.ask("at once"), steady.ask("at once"))
    return both(found, Finding(largest > 0, f"{100 * largest:+.1f} points"))
