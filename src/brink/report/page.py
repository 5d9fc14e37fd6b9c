"""What the report says, in order: sentences, tables and figures, before any markup.

HTML, Markdown and DOCX are three renderings of one :class:`Page`. A section without content is
not there; nothing here knows how anything is set.
"""

from __future__ import annotations

from dataclasses import dataclass

from brink.assess.result import Answer, Assessment, MoveForecast, TreeStep
from brink.report import tables as t
from brink.report.confidence import Confidence, confidence
from brink.report.diff import Comparison
from brink.report.figures.answers import Group, Row, dot_groups
from brink.report.figures.beliefs import BeliefLine, Mark, belief_panels
from brink.report.figures.score_strip import score_strip
from brink.report.figures.svg import Figure
from brink.report.figures.tornado import tornado
from brink.report.figures.tree import game_tree
from brink.report.sentences import (
    ANALYST,
    NO_POINTS,
    answer_sentences,
    bottom_line,
    drop_one_sentence,
    event_sentence,
    flip_rule_sentence,
    inverse_sentence,
    main_actor,
    move_sentence,
    nearest_tipping,
    question_name,
    ranked_options,
    rival_sentences,
    strongest,
    telling_drops,
    tipping_sentence,
    trap_sentence,
    uncertain_actors,
    warnings,
    watch_sentence,
)
from brink.report.wording import (
    ICD203,
    Scale,
    capital,
    clean,
    counted,
    day,
    joined,
    percent,
    quoted,
    unstopped,
)

TOP_TIPPING, TOP_WATCH, TOP_MOVES, TORNADOES = 3, 5, 3, 3

# A move that comes about less often is left to the annex.
COMES_ABOUT = 0.1

# A move of a median with rationality that is worth rows of its own.
MATTERS = 0.05

# A reason worth less of the span is not told on page one.
NEGLIGIBLE = 0.01

# A belief about a side actor gets a panel once its median has moved this far.
MOVED = 0.03

# Beliefs that differ by no more agree.
AGREES = 0.01


@dataclass(frozen=True, slots=True)
class Section:
    """One heading and what stands under it.

    Attributes:
        key: Fragment of the page.
        title: Heading.
        sentences: Paragraphs.
        bullets: A list of sentences.
        figures: Drawings, side by side where there is room.
        tables: Under the figures.
        wide: Whether its figures keep their size and scroll.
        beside: Whether its figures stand beside the sentences where there is room.
        half: Whether the section may share a row with a neighbour of the same kind.
        behind: Tables with the figures in full, for the annex: page one stays one to read.
    """

    key: str
    title: str
    sentences: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[t.Table, ...] = ()
    wide: bool = False
    beside: bool = False
    half: bool = False
    behind: tuple[t.Table, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.sentences or self.bullets or self.figures or self.tables)


@dataclass(frozen=True, slots=True)
class Page:
    """The whole report."""

    assessment: Assessment
    scale: Scale
    facts: tuple[tuple[str, str], ...]
    bottom_line: tuple[str, ...]
    confidence: Confidence
    warnings: tuple[str, ...]
    main: tuple[Section, ...]
    annex: tuple[Section, ...]


def page(
    assessment: Assessment,
    *,
    scale: Scale = ICD203,
    stated: Confidence | None = None,
    change: Comparison | None = None,
    dissent: str = "",
) -> Page:
    """Lay out the report of one assessment.

    Args:
        assessment: What to report.
        scale: Likelihood scale.
        stated: Confidence as the analyst left it; computed where not given.
        change: Comparison with the previous run, if there is one.
        dissent: A contrary opinion, printed as written.
    """
    ground = stated or confidence(assessment)
    main = (
        _outcomes(assessment, scale, change),
        _answers(assessment, scale),
        _beliefs(assessment),
        _next(assessment, scale),
        _tipping(assessment),
        _watch(assessment, scale),
    )
    annex = (
        _behind(main),
        _tree(assessment.tree),
        _rivals(assessment, scale, dissent),
        _carries(assessment),
        _tornadoes(assessment),
        _exits(assessment),
        _ground(ground),
        _assumptions(assessment),
        _sources(assessment),
        _scores(assessment),
        _changes(change),
        _method(assessment, scale),
        _reproduce(assessment),
    )
    return Page(
        assessment=assessment,
        scale=scale,
        facts=_facts(assessment, change),
        bottom_line=bottom_line(assessment, scale),
        confidence=ground,
        warnings=warnings(assessment),
        main=tuple(section for section in main if not section.is_empty),
        annex=tuple(section for section in annex if not section.is_empty),
    )


def _facts(assessment: Assessment, change: Comparison | None) -> tuple[tuple[str, str], ...]:
    used = [step.date for step in assessment.steps if step.date is not None]
    facts = [
        ("As of", day(assessment.as_of)),
        ("Record ends", day(max(used)) if used else "no dated entry"),
        ("Variant", clean(assessment.manifest.variant)),
        ("Author", clean(assessment.author)),
        ("Draws", f"{assessment.manifest.draws:,}"),
        ("Run", assessment.manifest.run_id[:12]),
        ("Scenario", assessment.manifest.scenario_hash[:12]),
        ("Compared with run", change.previous_run[:12] if change else ""),
    ]
    return tuple((name, value) for name, value in facts if value)


# --- page one ----------------------------------------------------------------------------------


def _outcomes(assessment: Assessment, scale: Scale, change: Comparison | None) -> Section:
    return Section(
        "outcomes",
        "How it may end",
        tables=t.present([t.outcomes(assessment, scale, change)]),
    )


def _answers(assessment: Assessment, scale: Scale) -> Section:
    groups = [
        Group(
            capital(question_name(answer)),
            (
                Row("all", answer.estimate, True),
                *(
                    Row(f"rationality {name}", estimate)
                    for name, estimate in answer.by_rationality.items()
                ),
            ),
            answer.kind == "effect",
        )
        for answer in assessment.answers
        if depends_on_rationality(answer)
    ]
    title = "Where the answer depends on how rational the sides are"
    figures = (dot_groups(groups, "answers-figure", title),) if groups else ()
    return Section(
        "answers",
        "Answers to the questions asked",
        bullets=tuple(" ".join(answer_sentences(line, scale)) for line in assessment.answers),
        figures=figures,
        beside=True,
        behind=t.present([t.answers(assessment, scale)]),
    )


def depends_on_rationality(answer: Answer) -> bool:
    """Whether an answer's median moves with rationality, or an effect turns its sign."""
    medians = [estimate.median for estimate in answer.by_rationality.values()]
    if len(medians) < 2:
        return False
    turns = answer.kind == "effect" and min(medians) < -NO_POINTS and max(medians) > NO_POINTS
    return turns or max(medians) - min(medians) >= MATTERS


def belief_lines(assessment: Assessment, actor: str) -> tuple[BeliefLine, ...]:
    """The analyst's belief about one actor, a line per type, for the figure."""
    lines = []
    for name in assessment.actors[actor]:
        values = [
            belief.probability
            for step in assessment.steps
            for belief in step.beliefs
            if (belief.holder, belief.actor, belief.type) == (ANALYST, actor, name)
        ]
        if len(values) == len(assessment.steps):
            lines.append(BeliefLine(name, tuple(values)))
    return tuple(lines)


def marks(assessment: Assessment) -> tuple[Mark, ...]:
    """The record's entries as marks of the belief figure."""
    return tuple(
        Mark(step.index, step.date, strongest(step) is not None) for step in assessment.steps[1:]
    )


def _moved(lines: tuple[BeliefLine, ...]) -> bool:
    return any(
        max(value.median for value in line.values) - min(value.median for value in line.values)
        >= MOVED
        for line in lines
    )


def _beliefs(assessment: Assessment) -> Section:
    if not assessment.steps:
        return Section("beliefs", "")
    first = main_actor(assessment)
    actors = sorted(uncertain_actors(assessment), key=lambda actor: actor != first)
    panels: list[Figure] = []
    still = []
    for number, actor in enumerate(actors):
        lines = belief_lines(assessment, actor)
        if not lines:
            continue
        if len(assessment.steps) > 1 and (actor == first or _moved(lines)):
            # of two types the second panel would be the first upside down
            shown = lines[1:] if len(lines) == 2 and actor != first else lines
            panels += belief_panels(
                actor, shown, marks(assessment), assessment.as_of, f"beliefs-{number + 1}"
            )
        else:
            still.append(clean(actor))
    sentences = []
    if len(assessment.steps) < 2:
        sentences.append("There is no record yet: belief is the prior.")
    elif still:
        sentences.append(f"Belief about {joined(still, 'or')} has hardly moved.")
    if sentence := _telling(assessment):
        sentences.insert(0, sentence)
    others = t.actor_beliefs(assessment)
    differ = _actors_differ(assessment)
    if others is not None and len(others.columns) > 2 and not differ:
        sentences.append("What each actor believes about the others agrees with this to a point.")
    return Section(
        "beliefs",
        "Belief through time",
        sentences=(" ".join(sentences),) if sentences else (),
        figures=tuple(panels),
        tables=t.present([t.events(assessment), others if differ else None]),
        behind=t.present([None if differ else others]),
    )


def _actors_differ(assessment: Assessment) -> bool:
    """Whether any actor's belief differs from the analyst's by more than a point."""
    last = assessment.steps[-1].beliefs
    own = {(b.actor, b.type): b.probability.median for b in last if b.holder == ANALYST}
    return any(
        abs(belief.probability.median - own.get((belief.actor, belief.type), 0.0)) > AGREES
        for belief in last
        if belief.holder != ANALYST
    )


def _telling(assessment: Assessment) -> str:
    """How much of the record speaks, and which entry most."""
    speaking = [(step, weight) for step in assessment.steps if (weight := strongest(step))]
    if not speaking:
        return ""
    entries = len(assessment.steps) - 1
    silent = entries - len(speaking)
    step, _ = max(speaking, key=lambda pair: abs(pair[1].decibans.median))
    head = f"The record has {counted(entries, 'entry', 'entries')}"
    if silent:
        head += (
            f", of which {silent} {'says' if silent == 1 else 'say'} nothing about who anyone is"
        )
    return f"{head}. The most telling: {event_sentence(step)}"


def reasons(move: MoveForecast) -> str:
    """The two largest reasons for a move, if they are worth anything."""
    told = [
        f"{unstopped(reason.text)} (worth {percent(abs(reason.share_of_span.median))} of the span)"
        for reason in move.reasons[:2]
        if abs(reason.share_of_span.median) >= NEGLIGIBLE
    ]
    return f"Why: {'; '.join(told)}." if told else ""


def main_moves(assessment: Assessment) -> tuple[MoveForecast, ...]:
    """The next moves that page one tells of: in order, those that may well come about."""
    moves = [move for move in assessment.next_moves if move.options]
    near = [move for move in moves if move.reached.median >= COMES_ABOUT]
    return tuple((near or moves)[:TOP_MOVES])


def _next(assessment: Assessment, scale: Scale) -> Section:
    bullets = []
    shown = main_moves(assessment)
    for move in shown:
        text = " ".join(filter(None, (move_sentence(move, scale), reasons(move))))
        if text:
            bullets.append(text)
    groups = [
        Group(
            f"{move.actor}: {move.move}",
            tuple(
                Row(option.option, option.probability, place == 0)
                for place, option in enumerate(ranked_options(move))
            ),
        )
        for move in shown
    ]
    figures = (dot_groups(groups, "next-figure", "What each side would do next"),) if groups else ()
    return Section(
        "next",
        "What each side would do next, and why",
        bullets=tuple(bullets),
        figures=figures,
        beside=True,
        behind=t.present([t.next_moves(assessment)]),
    )


def _tipping(assessment: Assessment) -> Section:
    nearest = nearest_tipping(assessment, TOP_TIPPING)
    return Section(
        "tipping",
        "What would turn the answers over",
        bullets=tuple(tipping_sentence(assessment, point) for point in nearest),
        behind=t.present([t.tipping_points(assessment)]),
        half=True,
    )


def _watch(assessment: Assessment, scale: Scale) -> Section:
    order = t.watch_order(assessment)[:TOP_WATCH]
    return Section(
        "watch",
        "What to watch for",
        bullets=tuple(watch_sentence(assessment.watch[index], scale) for index in order),
        behind=t.present([t.watch(assessment)]),
        half=True,
    )


# --- page two and after ----------------------------------------------------------------------


def _behind(main: tuple[Section, ...]) -> Section:
    tables = tuple(table for section in main for table in section.behind)
    return Section("behind", "The figures behind page one", tables=tables)


def _tree(root: TreeStep | None) -> Section:
    if root is None or not root.branches:
        return Section("tree", "")
    drawing = game_tree(root)
    return Section(
        "tree",
        "The play so far and how it may go on",
        sentences=(drawing.summary,),
        figures=(drawing,),
        tables=(t.tree(root),),
        wide=True,
    )


def _rivals(assessment: Assessment, scale: Scale, dissent: str) -> Section:
    bullets = [
        " ".join(
            (f"{quoted(rival.name)} ({rival.kind}):", *rival_sentences(assessment, rival, scale))
        )
        for rival in assessment.rivals
    ]
    if dissent.strip():
        bullets.append(f"Dissent: {clean(dissent)}")
    bullets += [inverse_sentence(line) for line in assessment.inverse]
    return Section(
        "rivals", "Rival readings", bullets=tuple(bullets), tables=t.present([t.rivals(assessment)])
    )


def _carries(assessment: Assessment) -> Section:
    told = telling_drops(assessment)
    bullets = [drop_one_sentence(assessment, line) for line in told]
    tried = {line.claim for line in assessment.drop_one}
    untouched = [
        question_name(answer)
        for answer in assessment.answers
        if answer.key in tried - {line.claim for line in told}
    ]
    if untouched:
        bullets.append(f"No single change that was tried takes much from {joined(untouched)}.")
    return Section(
        "carries",
        "What carries each claim",
        bullets=tuple(bullets),
        tables=t.present([t.drop_one(assessment)]),
    )


def _tornadoes(assessment: Assessment) -> Section:
    figures = []
    shown = main_answers(assessment)
    for number, answer in enumerate(shown, start=1):
        rows = [line for line in assessment.influences if line.answer == answer.key]
        title = capital(question_name(answer))
        effect = answer.kind == "effect"
        figures.append(tornado(rows, answer.estimate.median, effect, f"tornado-{number}", title))
    return Section(
        "influence",
        "Which inputs the answers depend on",
        bullets=tuple(flip_rule_sentence(assessment, rule) for rule in assessment.flip_rules),
        figures=tuple(figures),
        tables=t.present([t.influences(assessment, [answer.key for answer in shown])]),
    )


def main_answers(assessment: Assessment) -> tuple[Answer, ...]:
    """Answers whose inputs are drawn: the first few probabilities and the first few effects."""
    known = {line.answer for line in assessment.influences}
    mine = [answer for answer in assessment.answers if answer.key in known]
    effects = [answer for answer in mine if answer.kind == "effect"][:TORNADOES]
    others = [answer for answer in mine if answer.kind != "effect"][:TORNADOES]
    return tuple(answer for answer in mine if answer in effects or answer in others)


def _exits(assessment: Assessment) -> Section:
    return Section(
        "exits",
        "Which exits are open",
        bullets=tuple(trap_sentence(line) for line in assessment.trap),
        tables=t.present([t.trap(assessment)]),
    )


def _ground(ground: Confidence) -> Section:
    return Section(
        "confidence",
        "How good the ground is",
        sentences=(ground.sentence,),
        tables=(t.checklist(ground),),
    )


def _assumptions(assessment: Assessment) -> Section:
    table = t.assumptions(assessment)
    return Section("assumptions", "Assumptions", tables=t.present([table]))


def _sources(assessment: Assessment) -> Section:
    tables = t.present([t.sources(assessment), t.excluded(assessment)])
    return Section("sources", "Sources", tables=tables)


def _scores(assessment: Assessment) -> Section:
    if not assessment.scores:
        return Section("scores", "")
    return Section(
        "scores",
        "Scored against what happened",
        figures=(score_strip(assessment.scores),),
        tables=t.present([t.scores(assessment)]),
    )


def _changes(change: Comparison | None) -> Section:
    return Section(
        "changes",
        "Changes since the previous run",
        bullets=change.sentences if change is not None else (),
    )


def _method(assessment: Assessment, scale: Scale) -> Section:
    quality = assessment.quality
    band = joined([f"{value:g}" for value in assessment.manifest.rationality])
    sentences = [
        "The scenario was turned into a game in which each side knows its own type and guesses at"
        " the others'. The analyst's rankings and ranges do not fix the payoffs, so many payoff"
        f" sets that agree with them were drawn ({assessment.manifest.draws:,}), and each was"
        " solved for the play of sides that choose better moves more often, though not always"
        f" (rationality {band}; agent quantal response equilibrium, principal branch).",
        f"{quality.certified:,} of {quality.members:,} solutions carry a certificate and only"
        f" these are used; {counted(quality.not_unique, 'of them passed', 'of them passed')} a"
        " point where other solutions branch off. After weighting by the record the ensemble is"
        f" worth {quality.effective_sample_size:,.0f} equal draws. Largest residual"
        f" {quality.largest_residual:.1e}, largest gain from deviating"
        f" {quality.largest_regret:.1e} of a span.",
        f"Likelihood words follow {scale.name}. Ranges hold the middle 80 % of the draws: they"
        " show what the stated inputs leave open, not whether the model is right.",
        "These are statements about the model, not about the world.",
    ]
    leaves_out = [f"Left out: {clean(line).rstrip('.')}." for line in assessment.leaves_out]
    notes = [clean(line) for line in dict.fromkeys(assessment.notes)]
    return Section(
        "method",
        "Method, and what the model leaves out",
        sentences=tuple(sentences),
        bullets=(*leaves_out, *notes),
        tables=t.present([t.failures(assessment)]),
    )


def _reproduce(assessment: Assessment) -> Section:
    return Section("reproduce", "Reproduce", tables=(t.reproduce(assessment),))
