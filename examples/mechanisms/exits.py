"""Rows 34 to 47: constraints that close the exits; beliefs, conditional claims, forecasts."""

from __future__ import annotations

import numpy as np
from play import Play
from registry import EXACT, Finding, both, higher, nothing, positive, row


@row(
    "34-sanctions-anyway",
    "could nonetheless impose new restrictions",
    "a last move on every path",
    "sanctions that come anyway deter less than sanctions after an attack",
)
def sanctions_anyway() -> Finding:
    conditional = Play("34-sanctions-anyway", "sanctions only after an attack")
    return higher(Play("34-sanctions-anyway").ask("attack"), conditional.ask("attack"))


@row(
    "35-standing-sanctions",
    "until Russia returns full control",
    "`standing` with `until`",
    "relief out of reach gives no reason for a smaller gesture",
)
def standing_sanctions() -> Finding:
    relief = Play("35-standing-sanctions", "relief for a gesture")
    return higher(relief.ask("gesture"), Play("35-standing-sanctions").ask("gesture"))


@row(
    "36-merged-reading",
    "even a limited intervention will be interpreted as aggression",
    "`seen_as` with merged options",
    "a limited intervention is answered as a full one, and becomes rarer",
)
def merged_reading() -> Finding:
    play = Play("36-merged-reading")
    graduated = Play("36-merged-reading", "a graduated reading")
    return both(
        nothing(play.ask("to limited") - play.ask("to full")),
        higher(graduated.ask("limited"), play.ask("limited")),
    )


@row(
    "37-slippery-slope",
    "sooner or later Crimea's status will be on the table",
    "a follow-on move",
    "the prospect of the next demand makes the first likelier to be resisted",
)
def slippery_slope() -> Finding:
    ends = Play("37-slippery-slope", "it ends there")
    return higher(Play("37-slippery-slope").ask("resists"), ends.ask("resists"))


@row(
    "38-trap",
    "cannot easily escape the vicious circle",
    "payoffs of the best replies",
    "no exit is better than staying, even under the best reply",
)
def trap() -> Finding:
    play = Play("38-trap")
    player = play.compiled.game.players.index("Kremlin")
    best = [
        play.payoffs[player][play.compiled.leaf_choice["exit"] == option].max(axis=0)
        for option in range(3)
    ]
    gap = best[0] - np.maximum(best[1], best[2])
    return Finding(
        bool((gap > 0).all()),
        f"best exit worth {100 * np.median(gap):.0f} points less, in every draw",
    )


@row(
    "39-mirror-demand",
    "security guarantees that Moscow will not intervene",
    "`together`",
    "neither side can make its guarantee depend on the other's",
)
def mirror_demand() -> Finding:
    play = Play("39-mirror-demand")
    return both(
        nothing(play.ask("blind")),
        Finding(
            bool((play.ask("settlement") > 0).all()),
            f"settlement {np.median(play.ask('settlement')):.0%}",
        ),
    )


@row(
    "40-restraint",
    "Kiev has not dared to launch",
    "`absence` in the record",
    "what did not happen makes caution likelier than the prior",
)
def restraint() -> Finding:
    play = Play("40-restraint")
    cautious = play.leaves(play.scenario.questions[0].target)
    recorded = play.probability(cautious, play.recorded())
    return both(
        higher(recorded, play.ask("prior")), nothing(recorded - play.ask("after restraint"))
    )


@row(
    "41-forecast",
    "will now undoubtedly continue to pressure",
    "`ask` with `by`",
    "a probability with a range, that leaves room for the opposite",
)
def forecast() -> Finding:
    play = Play("41-forecast")
    press = play.ask("press")
    low, high = np.quantile(press, [0.1, 0.9])
    adds_up = float(np.abs(press + play.ask("guarantee") - 1).max()) < EXACT
    dated = all(question.by is not None for question in play.scenario.questions)
    return Finding(
        adds_up and dated and 0 < low < high < 1,
        f"{np.median(press):.0%} ({low:.0%} to {high:.0%})",
    )


@row(
    "42-conditional-forecast",
    "unlikely to normalize as long as",
    "`P(x given y)`",
    "normal relations are likelier after a settlement than without",
)
def conditional_forecast() -> Finding:
    play = Play("42-conditional-forecast")
    return higher(play.ask("settled"), play.ask("open"))


@row(
    "43-another-gesture",
    "yet another concession",
    "`repeat`; `beliefs`",
    "a second gesture weighs further; an observer with another prior acts differently",
)
def another_gesture() -> Finding:
    play, one = Play("43-another-gesture"), Play("43-another-gesture", "one view")
    return both(
        higher(play.ask("two"), play.ask("one")), higher(play.ask("relaxed"), one.ask("relaxed"))
    )


@row(
    "44-emboldening",
    "could thus encourage Kiev",
    "`effect of ... on P(...)`",
    "the gesture emboldens, and exactly not at all without costs of backing down",
)
def emboldening() -> Finding:
    play, free = Play("44-emboldening"), Play("44-emboldening", "no backing-down costs")
    return both(positive(play.ask("emboldens")), nothing(free.ask("emboldens")))


@row(
    "45-moment-of-truth",
    "a war or humiliation moment of truth",
    "partial ranking with two worst outcomes",
    "both last exits are worse than what was before",
)
def moment_of_truth() -> Finding:
    play = Play("45-moment-of-truth")
    player = play.compiled.game.players.index("Kremlin")
    last = play.compiled.leaf_choice["rescue"] >= 0
    gap = play.payoffs[player][~last].min(axis=0) - play.payoffs[player][last].max(axis=0)
    return Finding(
        bool((gap > 0).all()), f"better exit {100 * np.median(gap):.0f} points below the status quo"
    )


@row(
    "46-explain",
    "why does Moscow continue to amass forces",
    "likelihood per type",
    "the belief moves towards the types for which the act is most probable",
)
def explain() -> Finding:
    play = Play("46-explain")
    types = ("bluffer", "defender", "invader")
    likelihood = np.stack([play.ask(f"{name} would") for name in types])
    prior = np.stack(
        [
            play.probability(play.compiled.leaf_types["Kremlin"] == n, play.leaves(None))
            for n in range(3)
        ]
    )
    ratio = np.stack([play.ask(f"{name} is") for name in types]) / prior
    agree = float(np.abs(ratio - likelihood / (prior * likelihood).sum(axis=0)).max())
    words = ", ".join(
        f"{name} {np.median(value):.0%}" for name, value in zip(types, likelihood, strict=True)
    )
    ordered = bool((likelihood[2] > likelihood[1]).all())
    return Finding(agree < EXACT and ordered, f"probability of the build-up: {words}")


@row(
    "47-dates",
    "at any time, imminently, in February",
    "`on`, `by`, `as_of`",
    "a later deadline never makes the event less probable",
)
def dates() -> Finding:
    play = Play("47-dates")
    soon, later, last = play.ask("imminent"), play.ask("in February"), play.ask("by March")
    known = all(event.published <= play.scenario.as_of for event in play.scenario.record)
    return both(
        higher(later, soon, 1.0),
        higher(last, later, 1.0),
        Finding(known, "nothing from after the day"),
    )
