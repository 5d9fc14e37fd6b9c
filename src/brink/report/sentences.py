"""Sentences about parts of an assessment: grammatical for any names, honest about ranges.

Names out of the scenario are always quoted, so that no article, gender or plural has to be
guessed. No sentence holds both a likelihood word and the word confidence.
"""

from __future__ import annotations

import datetime as dt
import re

from brink.assess.result import (
    Answer,
    Assessment,
    BeliefStep,
    DropOne,
    Estimate,
    EvidenceWeight,
    FlipRule,
    InverseCondition,
    MoveForecast,
    OptionForecast,
    RivalReading,
    TippingPoint,
    TrapLine,
    WatchItem,
)
from brink.report.subjects import (
    LEADING,
    Asked,
    asked,
    claim_name,
    current_beliefs,
    has_evidence,
    is_effect,
    question_name,
    strongest,
)
from brink.report.wording import (
    ICD203,
    Scale,
    bare_points,
    capital,
    clean,
    counted,
    day,
    estimate_percent,
    figure,
    input_value,
    inside,
    joined,
    percent,
    percent_range,
    phrase,
    points,
    points_range,
    predicate,
    quoted,
    share,
    unstopped,
    with_article,
)
from brink.scenario.reading.vocabulary import ONLY_TYPE

# 0.2 decibans are a likelihood ratio of 1.05: at most 1.2 points wherever belief starts.
FAINT_DECIBANS = 0.2

# A difference of probabilities that prints as less than 0.1 points.
NO_POINTS = 0.0005
# Where the range has both signs: below half a point there is no direction to speak of, and a sign
# that fewer draws share is only a possibility.
HARDLY_POINTS = 0.005
CLEAR_SIGN = 0.8
_ISO_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def belief_sentence(assessment: Assessment, actor: str, scale: Scale = ICD203) -> str:
    """Which type an actor is, as far as the record tells (three types at most)."""
    beliefs = current_beliefs(assessment, actor)[:3]
    if not beliefs:
        return ""
    name = clean(actor)
    first, rest = beliefs[0], beliefs[1:]
    # only where the ranges part company does the record point anywhere
    if not rest or first.probability.low > max(0.5, rest[0].probability.high):
        tail = [f"{quoted(line.type)} ({inside(line.probability, scale)})" for line in rest]
        ahead = f", ahead of {joined(tail)}" if tail else ""
        lead = f"{quoted(first.type)} {predicate(first.probability, scale)}"
        return f"Of what {name} may be, {lead}{ahead}."
    head = (
        "The record leaves open whether"
        if has_evidence(assessment)
        else "Nothing yet tells whether"
    )
    options = [f"{quoted(line.type)} ({inside(line.probability, scale)})" for line in beliefs]
    return f"{head} {name} is {joined(options, 'or')}."


def times_as_probable(decibans: float) -> str:
    """A weight of evidence as a ratio of at least one: ``1.6``, ``over 100``."""
    ratio = 10 ** (abs(decibans) / 10)
    return "over 100" if ratio >= 100 else figure(ratio)


def weight_sentence(weight: EvidenceWeight) -> str:
    """How much likelier an event is from one type than from the actor's others."""
    decibans = weight.decibans.median
    if abs(decibans) < FAINT_DECIBANS:
        return f"hardly tells the types of {clean(weight.actor)} apart"
    times = times_as_probable(decibans)
    if decibans > 0:
        return (
            f"was {times} times as probable from {quoted(weight.type)} as from the other types"
            f" of {clean(weight.actor)}"
        )
    return (
        f"was {times} times as probable from the other types of {clean(weight.actor)} as from"
        f" {quoted(weight.type)}"
    )


def event_sentence(step: BeliefStep) -> str:
    """What one entry of the record says about the hidden types."""
    head = f"Event {step.index}" + (f" ({day(step.date)})" if step.date else "")
    weight = strongest(step)
    if weight is None:
        return f"{head} says nothing about anyone's hidden type."
    return f"{head} {weight_sentence(weight)}."


def answer_sentences(answer: Answer, scale: Scale = ICD203) -> tuple[str, ...]:
    """The answer to one question, its support and what it depends on."""
    parts = asked(answer)
    sentences = [
        _effect(answer, parts) if answer.kind == "effect" else _probability(answer, parts, scale)
    ]
    if answer.kind == "effect":
        sentences += _effect_details(answer)
    if answer.answered_share < 1 - 1e-9:
        sentences.append(
            f"The condition can come about in {share(answer.answered_share)} of the draws;"
            " the answer is for those."
        )
    sentences += [tidy(sentence) for sentence in answer.sentences]
    return tuple(sentences)


def tidy(sentence: str) -> str:
    """A sentence written elsewhere, its days spelled out, no full stop before a bracket."""
    spelled = _ISO_DAY.sub(_spelled, clean(sentence))
    return spelled.replace(".).", ").")


def _spelled(found: re.Match[str]) -> str:
    try:
        return day(dt.date.fromisoformat(found[0]))
    except ValueError:
        return found[0]


def _probability(answer: Answer, parts: Asked, scale: Scale) -> str:
    given = f"Given {quoted(parts.given)}, " if parts.given else ""
    by = f" by {day(answer.by)}" if answer.by else ""
    return f"{given}{quoted(parts.target)}{by} {predicate(answer.estimate, scale)}."


def _effect(answer: Answer, parts: Asked) -> str:
    cause = f"Seeing {quoted(parts.given)}" if parts.given else "Seeing it"
    target = f"the probability of {quoted(parts.target)}"
    estimate = answer.estimate
    if max(abs(estimate.low), abs(estimate.high), abs(estimate.median)) < NO_POINTS:
        return f"{cause} changes {target} by less than 0.1 points in almost every draw."
    spread = points_range(estimate.low, estimate.high)
    straddles = estimate.low < 0 < estimate.high
    if abs(estimate.median) < (HARDLY_POINTS if straddles else NO_POINTS):
        return f"{cause} hardly changes {target} at the median ({spread} points over the draws)."
    support = (
        "in every payoff order you allow"
        if answer.support >= 1 - 1e-9
        else f"in {percent(answer.support)} of the payoff orders you allow"
    )
    verb = "raises" if estimate.median > 0 else "lowers"
    size = f"about {points(estimate.median)} ({spread})"
    if straddles and answer.support < CLEAR_SIGN:
        may = verb.removesuffix("s")
        return f"{cause} may {may} {target}, by {size}; its sign is that {support}."
    return f"{cause} {verb} {target} by {size}; this holds {support}."


def _effect_details(answer: Answer) -> list[str]:
    sentences = []
    forced = answer.forced
    if forced is not None:
        direction = "up" if forced.median > 0 else "down"
        spread = points_range(forced.low, forced.high)
        change = (
            "hardly anything would change"
            if abs(forced.median) < NO_POINTS
            else f"it would go {direction} by {points(forced.median)} ({spread})"
        )
        sentences.append(f"If the move were made whatever the type, {change}.")
    opposite = [
        f"{quoted(name)} ({points_range(estimate.low, estimate.high)} points)"
        for name, estimate in answer.by_rationality.items()
        if estimate.median * answer.estimate.median < 0 and abs(estimate.median) >= NO_POINTS
    ]
    # the answer may bring its own sentences about what its sign depends on
    if opposite and not answer.sentences:
        sentences.append(f"The sign turns at rationality {joined(opposite)}.")
    return sentences


def outcome_sentence(assessment: Assessment, scale: Scale = ICD203) -> str:
    """The leading outcome, and the runner-up where there is one."""
    ranked = sorted(assessment.outcomes, key=lambda outcome: -outcome.probability.median)
    if not ranked:
        return ""
    first = ranked[0]
    if len(ranked) == 1:
        return f"The only outcome is {quoted(first.outcome)}."
    second = ranked[1]
    return (
        f"Of {len(ranked)} outcomes {quoted(first.outcome)} has the highest median and"
        f" {predicate(first.probability, scale)}; next comes {quoted(second.outcome)},"
        f" {phrase(second.probability, scale)}."
    )


def ranked_options(move: MoveForecast) -> tuple[OptionForecast, ...]:
    """A move's options, the most probable first."""
    return tuple(sorted(move.options, key=lambda option: -option.probability.median))


def move_sentence(move: MoveForecast, scale: Scale = ICD203) -> str:
    """What one side would do, if the move comes about."""
    options = ranked_options(move)
    if not options:
        return ""
    first = options[0]
    if move.reached.median > 0.99:
        head = f"At {quoted(move.move)}, "
    else:
        reached = percent_range(move.reached.low, move.reached.high)
        head = f"At {quoted(move.move)}, if it comes to that ({reached}), "
    text = (
        f"{head}{quoted(first.option)} by {clean(move.actor)} {predicate(first.probability, scale)}"
    )
    if len(options) > 1:
        second = options[1]
        text += f"; next comes {quoted(second.option)}, {phrase(second.probability, scale)}"
    return f"{text}."


def _signed(estimate: Estimate) -> str:
    """A difference with its sign: ``−0.5 points (−3 to 0)`` or ``nothing``."""
    number = bare_points(estimate.median)
    spread = points_range(estimate.low, estimate.high)
    if number == spread == "0":
        return "nothing"
    return f"{number} {'point' if number.lstrip('−') == '1' else 'points'} ({spread})"


def telling_drops(assessment: Assessment) -> tuple[DropOne, ...]:
    """For each claim the change that takes most from it, if it takes anything to speak of."""
    found: dict[str, DropOne] = {}
    for line in assessment.drop_one:
        if not _takes(assessment, line):
            continue
        best = found.get(line.claim)
        if best is None or _taken(line) > _taken(best):
            found[line.claim] = line
    order = {answer.key: place for place, answer in enumerate(assessment.answers)}
    return tuple(sorted(found.values(), key=lambda line: order.get(line.claim, len(order))))


def _taken(line: DropOne) -> float:
    return abs(line.after.median - line.before.median)


def _takes(assessment: Assessment, line: DropOne) -> bool:
    """Two points of a probability, or a third of an effect."""
    if is_effect(assessment, line.claim):
        return _taken(line) > max(NO_POINTS, abs(line.before.median) / 3)
    return _taken(line) >= 0.02


def drop_one_sentence(assessment: Assessment, line: DropOne) -> str:
    """What is left of a claim when one assumption is taken away."""
    claim = claim_name(assessment, line.claim)
    head = f"With {unstopped(line.change)}, {claim}"
    if is_effect(assessment, line.claim):
        before, after = _signed(line.before), _signed(line.after)
        turned = " and changes sign" if line.before.median * line.after.median < 0 else ""
        if min(abs(line.before.median), abs(line.after.median)) < NO_POINTS:
            turned = ""
        return f"{head} goes from {before} to {after}{turned}."
    return f"{head} goes from {estimate_percent(line.before)} to {estimate_percent(line.after)}."


def supported(point: TippingPoint) -> bool:
    """Whether the flip held in at least half of the draws it was tried on."""
    return point.support >= 0.5 - 1e-9


def nearest_tipping(assessment: Assessment, most: int) -> tuple[TippingPoint, ...]:
    """The nearest tipping point of each answer, supported ones first, ``most`` of them."""
    best: dict[str, TippingPoint] = {}
    for point in sorted(
        assessment.tipping_points, key=lambda line: (not supported(line), line.distance)
    ):
        best.setdefault(point.answer, point)
    ranked = sorted(best.values(), key=lambda line: (not supported(line), line.distance))
    return tuple(ranked[:most])


def _turned(assessment: Assessment, point: TippingPoint) -> str:
    """What becomes of what: ``“x” becomes more likely than not``."""
    becomes = unstopped(point.becomes)
    if point.answer in LEADING:
        name = becomes.removesuffix(" as the most likely outcome")
        return f"{name} becomes the leading outcome"
    name = claim_name(assessment, point.answer)
    if is_effect(assessment, point.answer):
        if becomes == "no effect":
            return f"{name} vanishes"
        becomes = becomes.removeprefix("a ").removesuffix(" effect")
    return f"{name} becomes {becomes}"


def tipping_sentence(assessment: Assessment, point: TippingPoint) -> str:
    """Where one input, moved alone, turns an answer over, and how far away that is."""
    side = "exceeds" if point.flips_at > point.central else "falls below"
    if point.distance <= 0.5:
        far = f"inside the stated range, {percent(point.distance)} of its width from the centre"
        if point.distance <= 0:
            far = "at the centre of the stated range"
    else:
        beyond = point.distance - 0.5
        far = f"outside the stated range by {percent(min(beyond, 1.0))} of its width"
        if beyond >= 0.995:
            far = f"outside the stated range by {figure(beyond)} times its width"
    flips = input_value(point.parameter, point.flips_at)
    now = input_value(point.parameter, point.central)
    return (
        f"{capital(_turned(assessment, point))} if {with_article(point.label)} {side}"
        f" {flips} (now {now}): {far}; confirmed in {share(point.support)} of the draws tried."
    )


def flip_rule_sentence(assessment: Assessment, rule: FlipRule) -> str:
    """A box of inputs in which an answer is mostly turned over."""
    box = joined([clean(part) for part in rule.conditions])
    return (
        f"{capital(claim_name(assessment, rule.answer))} is turned over in"
        f" {percent(rule.density)} of the {counted(rule.members, 'draw')} with {box},"
        f" against {percent(rule.base_share)} of all; the rule covers"
        f" {percent(rule.coverage)} of the cases."
    )


def main_shift(item: WatchItem) -> str | None:
    """The belief that seeing or not seeing the option moves most."""
    shared = [name for name in item.belief_if_seen if name in item.belief_if_absent]
    return max(
        shared,
        key=lambda name: abs(item.belief_if_seen[name].median - item.belief_if_absent[name].median),
        default=None,
    )


def watch_sentence(item: WatchItem, scale: Scale = ICD203) -> str:
    """What one unseen option would do to belief, and what its absence would do."""
    head = (
        f"{quoted(item.option)} by {clean(item.actor)} at {quoted(item.move)}"
        f" {predicate(item.probability, scale)}"
    )
    name = main_shift(item)
    if name is None:
        return f"{head}."
    by = f" by {day(item.by)}" if item.by else ""
    return (
        f"{head}; seen{by}, it would put {quoted(name)} at"
        f" {estimate_percent(item.belief_if_seen[name])}, not seen{by} at"
        f" {estimate_percent(item.belief_if_absent[name])}."
    )


def trap_sentence(line: TrapLine) -> str:
    """The most an actor can secure by its own move against the status quo."""
    kind = "" if line.type == ONLY_TYPE else f" as {quoted(line.type)}"
    head = (
        f"The best {clean(line.actor)} can secure{kind} is {quoted(line.option)}"
        f" at {quoted(line.move)}: {figure(line.secured.median)}"
        f" ({figure(line.secured.low)} to {figure(line.secured.high)}) of its span, against"
        f" {figure(line.status_quo.median)} for the status quo"
    )
    if line.improves <= 1e-9:
        return f"{head}; this is better in no draw: every exit is closed."
    return f"{head}; this is better in {share(line.improves)} of the draws."


def inverse_sentence(line: InverseCondition) -> str:
    """What would have to hold for an outcome to become the most probable one."""
    conditions = joined([with_article(condition) for condition in line.conditions])
    return (
        f"{quoted(line.outcome)} would lead, at {percent(line.probability)}, with {conditions}"
        f" ({figure(line.distance)} stated ranges away)."
    )


def rival_sentences(
    assessment: Assessment, rival: RivalReading, scale: Scale = ICD203
) -> tuple[str, ...]:
    """What a rival reading says, where it differs most, and what rejects it."""
    # a description that only repeats the name says nothing
    told = rival.what.strip() and clean(rival.name) not in clean(rival.what)
    sentences = [f"{capital(unstopped(rival.what))}."] if told else []
    own = {answer.key: answer for answer in assessment.answers if answer.kind != "effect"}
    shared = [key for key in rival.answers if key in own]
    if shared:
        key = max(
            shared,
            key=lambda name: abs(rival.answers[name].median - own[name].estimate.median),
        )
        under = "Under it" if told else "under it"
        here = percent_range(own[key].estimate.low, own[key].estimate.high)
        sentences.append(
            f"{under} {question_name(own[key])} {predicate(rival.answers[key], scale)},"
            f" against {here} here."
        )
    if rival.rejected_by:
        sentences.append(f"It is rejected by {joined([clean(r) for r in rival.rejected_by])}.")
    elif rival.kind == "equilibrium":
        sentences.append("None of the refinements tried rejects it.")
    return tuple(sentences)
