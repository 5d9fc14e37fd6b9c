"""The bottom line, at most three sentences, and what a reader must mind beside it."""

from __future__ import annotations

from brink.assess.result import (
    Assessment,
    TippingPoint,
)
from brink.report.sentences import (
    _turned,
    belief_sentence,
    main_shift,
    nearest_tipping,
    ranked_options,
    supported,
)
from brink.report.subjects import (
    main_actor,
    strongest,
)
from brink.report.wording import (
    ICD203,
    Scale,
    clean,
    estimate_percent,
    input_value,
    joined,
    predicate,
    quoted,
    unstopped,
    with_article,
)


def warnings(assessment: Assessment) -> tuple[str, ...]:
    """What a reader must see beside the bottom line, failed solutions included."""
    quality = assessment.quality
    found = [clean(line) for line in quality.warnings]
    failed = quality.members - quality.certified
    if failed:
        told = quality.failures.items()
        reasons = joined(
            f"{count:,} {unstopped(reason)}" if len(told) > 1 else unstopped(reason)
            for reason, count in told
        )
        tail = f": {reasons}" if reasons else ""
        found.append(f"{failed:,} of {quality.members:,} solutions failed and were not used{tail}.")
    changed = [f"{clean(key)} = {clean(value)}" for key, value in settings(assessment)]
    if changed:
        found.append(f"This is a what-if: {joined(changed)}.")
    return tuple(dict.fromkeys(found))


def settings(assessment: Assessment) -> tuple[tuple[str, str], ...]:
    """What was set or edited for this run, apart from its variant."""
    return tuple(sorted(assessment.manifest.overrides.items()))


def bottom_line(assessment: Assessment, scale: Scale = ICD203) -> tuple[str, ...]:
    """At most three sentences: who they are, what is most probable next, what would change it."""
    sentences = []
    actor = main_actor(assessment)
    if actor is not None:
        sentences.append(belief_sentence(assessment, actor, scale))
    sentences.append(_next(assessment, scale))
    sentences.append(_change(assessment))
    return tuple(sentence for sentence in sentences if sentence)


def _next(assessment: Assessment, scale: Scale) -> str:
    outcome = max(assessment.outcomes, key=lambda line: line.probability.median, default=None)
    move = next((line for line in assessment.next_moves if line.options), None)
    parts = []
    if move is not None:
        option = ranked_options(move)[0]
        parts.append(
            f"Next, {quoted(option.option)} by {clean(move.actor)}"
            f" {predicate(option.probability, scale)}"
        )
    if outcome is not None:
        lead = "In the end" if not parts else "in the end"
        parts.append(
            f"{lead} no outcome has a higher median than {quoted(outcome.outcome)}, which"
            f" {predicate(outcome.probability, scale)}"
        )
    return f"{'; '.join(parts)}." if parts else ""


def _headline_tipping(assessment: Assessment) -> TippingPoint | None:
    """The nearest tipping point of the first thing asked that has one; else the nearest of all."""
    nearest = nearest_tipping(assessment, len(assessment.tipping_points))
    by_answer = {point.answer: point for point in nearest if supported(point)}
    for answer in assessment.answers:
        if answer.key in by_answer:
            return by_answer[answer.key]
    return nearest[0] if nearest else None


def _change(assessment: Assessment) -> str:
    point = _headline_tipping(assessment)
    if point is not None:
        side = "above" if point.flips_at > point.central else "below"
        where = "inside" if point.distance <= 0.5 else "outside"
        flips = input_value(point.parameter, point.flips_at)
        now = input_value(point.parameter, point.central)
        return (
            f"What would change this: with {with_article(point.label)} {side} {flips} (now {now},"
            f" {where} its stated range), {_turned(assessment, point)}."
        )
    item = max(assessment.watch, key=lambda line: line.information, default=None)
    if item is not None and (name := main_shift(item)) is not None:
        return (
            f"What would change this: {quoted(item.option)} by {clean(item.actor)} would put"
            f" {quoted(name)} at {estimate_percent(item.belief_if_seen[name])}, its absence at"
            f" {estimate_percent(item.belief_if_absent[name])}."
        )
    told = [(step, weight) for step in assessment.steps if (weight := strongest(step))]
    if not told:
        return (
            "Nothing in the record moves belief so far:"
            " this is the analyst's prior, carried forward."
        )
    step, weight = max(told, key=lambda pair: abs(pair[1].decibans.median))
    return (
        f"What carries most is event {step.index} ({quoted(step.what)}): without it, belief about"
        f" {clean(weight.actor)} would lie nearer to the prior."
    )
