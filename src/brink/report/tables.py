"""Tables for people: the same rows for HTML, Markdown and DOCX.

Every figure in a table knows where it stands in the assessment's data (a JSON pointer), so that
a page can be checked against ``--json`` and nothing is printed that is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote

from brink.assess.result import Assessment, BeliefStep, Estimate, TreeStep
from brink.report.confidence import Confidence
from brink.report.diff import Comparison
from brink.report.figures.outcomes import Interval, scale_top, strip, strip_axis
from brink.report.figures.svg import Figure
from brink.report.sentences import (
    ANALYST,
    claim_name,
    is_effect,
    main_actor,
    main_shift,
    question_name,
    strongest,
    uncertain_actors,
)
from brink.report.wording import (
    ICD203,
    Scale,
    capital,
    decibans,
    figure,
    input_value,
    label,
    percent,
    percent_range,
    plus_points,
    points_range,
    share,
    table_day,
    unstopped,
)

# A rival's answer this far from this assessment's is set in bold.
FAR = 0.05

# Inputs shown for each answer.
STRONGEST = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a cell: text, and for a figure the pointers to what it shows.

    ``aside`` pieces (ranges behind a median) are set more quietly.
    """

    text: str
    paths: tuple[str, ...] = ()
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        parts: Its text in pieces.
        kind: ``text``, ``number``, ``range``, ``word``, ``head`` (row header) or ``mark``.
        link: Address, http(s) or a fragment of the page.
        drawing: A small figure that repeats what the neighbours say.
    """

    parts: tuple[Part, ...]
    kind: str = "text"
    link: str = ""
    drawing: Figure | None = None

    @property
    def text(self) -> str:
        """All of it as one string."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading and how its cells are set."""

    name: str
    kind: str = "text"
    drawing: Figure | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A captioned table; the first cell of each row heads it."""

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


# --- cells ------------------------------------------------------------------------------------


def words(content: str, kind: str = "text", link: str = "") -> Cell:
    """A cell of words."""
    return Cell((Part(content),), kind, link)


def head(content: str) -> Cell:
    """The cell that heads its row."""
    return Cell((Part(content),), "head")


BLANK = words("")


def median_cell(estimate: Estimate, path: str) -> Cell:
    """A probability's median."""
    return Cell((Part(percent(estimate.median), (f"{path}/median",)),), "number")


def range_cell(estimate: Estimate, path: str) -> Cell:
    """A probability's 80 % range."""
    content = percent_range(estimate.low, estimate.high)
    return Cell((Part(content, (f"{path}/low", f"{path}/high")),), "range")


def both_cell(estimate: Estimate, path: str) -> Cell:
    """Median and range in one cell."""
    middle, spread = median_cell(estimate, path), range_cell(estimate, path)
    if middle.text == spread.text:
        return middle
    return Cell((*middle.parts, *aside(spread.text, spread.parts[0].paths)), "number")


def aside(content: str, paths: tuple[str, ...]) -> tuple[Part, Part, Part]:
    """A range in brackets behind its median."""
    return Part(" (", aside=True), Part(content, paths, aside=True), Part(")", aside=True)


def effect_cell(estimate: Estimate, path: str) -> Cell:
    """A difference of probabilities in points, median and range."""
    spread = points_range(estimate.low, estimate.high)
    return Cell(
        (
            Part(plus_points(estimate.median), (f"{path}/median",)),
            *aside(spread, (f"{path}/low", f"{path}/high")),
        ),
        "number",
    )


def share_cell(value: float, path: str) -> Cell:
    """A share of members, draws or weight."""
    return Cell((Part(share(value), (path,)),), "number")


def input_cell(parameter: str, value: float, path: str) -> Cell:
    """A value of an uncertain input."""
    return Cell((Part(input_value(parameter, value), (path,)),), "number")


def figure_cell(value: float, path: str, digits: int = 2) -> Cell:
    """A plain number."""
    return Cell((Part(figure(value, digits), (path,)),), "number")


# --- page one ----------------------------------------------------------------------------------


def outcome_order(assessment: Assessment) -> list[int]:
    """Indices of the outcomes, the most probable first."""
    return sorted(
        range(len(assessment.outcomes)),
        key=lambda index: -assessment.outcomes[index].probability.median,
    )


def intervals(assessment: Assessment) -> list[Interval]:
    """The outcomes as rows of the interval figure, the most probable first."""
    return [
        Interval(line.outcome, line.probability, line.base_rate)
        for line in (assessment.outcomes[index] for index in outcome_order(assessment))
    ]


def outcomes(
    assessment: Assessment, scale: Scale = ICD203, change: Comparison | None = None
) -> Table | None:
    """Outcomes with marks on one scale, probability, range, word, base rate and change."""
    if not assessment.outcomes:
        return None
    has_base = any(line.base_rate for line in assessment.outcomes)
    marks = intervals(assessment)
    top = scale_top(marks)
    columns = [
        Column("Outcome"),
        Column("", "mark", strip_axis(top)),
        Column("Probability", "number"),
        Column("80 % range", "range"),
        Column("In words", "word"),
        Column("Before the record", "number"),
    ]
    if has_base:
        columns.append(Column("Base rate", "number"))
    if change is not None:
        columns.append(Column("Since last run", "number"))
    rows = []
    for place, index in enumerate(outcome_order(assessment)):
        line = assessment.outcomes[index]
        path = f"/outcomes/{index}"
        row = [
            head(line.outcome),
            Cell((), "mark", drawing=strip(marks[place], top, f"outcome-{index + 1}")),
            median_cell(line.probability, f"{path}/probability"),
            range_cell(line.probability, f"{path}/probability"),
            words(label(line.probability, scale), "word"),
            median_cell(line.prior, f"{path}/prior"),
        ]
        if has_base:
            row.append(both_cell(line.base_rate, f"{path}/base_rate") if line.base_rate else BLANK)
        if change is not None:
            moved = change.outcome_change(line.outcome)
            row.append(words("new" if moved is None else plus_points(moved), "number"))
        rows.append(tuple(row))
    note = "Dot: median; bar: 80 % range" + ("; tick: base rate." if has_base else ".")
    return Table("outcomes", "Outcomes, given the record", tuple(columns), tuple(rows), note)


def answers(assessment: Assessment, scale: Scale = ICD203) -> Table | None:
    """The scenario's questions, with the spread over rationality and variants."""
    if not assessment.answers:
        return None
    rows = []
    for index, answer in enumerate(assessment.answers):
        path = f"/answers/{index}"
        is_difference = answer.kind == "effect"
        cell = effect_cell if is_difference else both_cell
        by = [
            Part(f"{'; ' if place else ''}λ {name}: ") if part == 0 else piece
            for place, (name, estimate) in enumerate(answer.by_rationality.items())
            for part, piece in enumerate(
                (
                    Part(""),
                    _middle(estimate, f"{path}/by_rationality/{pointer(name)}", is_difference),
                )
            )
        ]
        rows.append(
            (
                head(answer.text),
                cell(answer.estimate, f"{path}/estimate"),
                words("points" if is_difference else label(answer.estimate, scale), "word"),
                share_cell(answer.support, f"{path}/support"),
                Cell(tuple(by)),
            )
        )
    columns = (
        Column("Question"),
        Column("Answer", "number"),
        Column("In words", "word"),
        Column("Holds in", "number"),
        Column("By rationality λ"),
    )
    note = (
        "“Holds in”: share of the draws in which an effect has this sign, or a probability lies on"
        " this side of one half."
    )
    return Table("answers", "Answers to the questions asked", columns, tuple(rows), note)


def _middle(estimate: Estimate, path: str, is_difference: bool) -> Part:
    content = plus_points(estimate.median) if is_difference else percent(estimate.median)
    return Part(content, (f"{path}/median",))


def events(assessment: Assessment) -> Table | None:
    """The record: what each entry says, and belief about the main actor after it."""
    steps = assessment.steps
    if len(steps) < 2:
        return None
    actor = main_actor(assessment)
    types = assessment.actors.get(actor, ())[:4] if actor else ()
    numbers = {source.key: place for place, source in enumerate(assessment.sources, start=1)}
    columns = [
        Column("No.", "number"),
        Column("Date"),
        Column("Event"),
        Column("Source"),
        Column("Weight of evidence, dB"),
        *(Column(f"{actor} is {name}", "number") for name in types),
    ]
    rows = []
    for place, step in enumerate(steps):
        rows.append(
            (
                Cell((Part(str(step.index) if step.index else ORIGINS["judged"][0]),), "head"),
                words(table_day(step.date) if step.date else "", "date"),
                words(step.what),
                words(
                    ", ".join(
                        f"[{numbers[key]}]" if key in numbers else key for key in step.sources
                    )
                ),
                _weight(step, place),
                *(_belief(step, place, ANALYST, actor or "", name) for name in types),
            )
        )
    note = (
        "Weight of evidence: 10 log10 of how much more probable the event was from this type than"
        " from the actor's others; +3 dB is twice as probable, +10 dB ten times."
        f" {ORIGINS['judged'][0]} judged by the analyst; numbered: observed; beliefs: derived."
    )
    return Table("events", "The record and what it says", tuple(columns), tuple(rows), note)


def _weight(step: BeliefStep, place: int) -> Cell:
    if step.index == 0:
        return BLANK
    weight = strongest(step)
    if weight is None:
        return words("says nothing", "quiet")
    index = step.weights.index(weight)
    path = f"/steps/{place}/weights/{index}/decibans"
    estimate = weight.decibans
    return Cell(
        (
            Part(decibans(estimate.median, sign=True), (f"{path}/median",)),
            *aside(
                f"{decibans(estimate.low)} to {decibans(estimate.high)}",
                (f"{path}/low", f"{path}/high"),
            ),
            Part(f" {weight.type}"),
        )
    )


def _belief(step: BeliefStep, place: int, holder: str, actor: str, name: str) -> Cell:
    for index, belief in enumerate(step.beliefs):
        if (belief.holder, belief.actor, belief.type) == (holder, actor, name):
            path = f"/steps/{place}/beliefs/{index}/probability"
            return both_cell(belief.probability, path)
    return BLANK


def actor_beliefs(assessment: Assessment) -> Table | None:
    """Belief after the record: the analyst's and each actor's own, side by side."""
    if not assessment.steps:
        return None
    last = assessment.steps[-1]
    place = len(assessment.steps) - 1
    holders = list(dict.fromkeys(belief.holder for belief in last.beliefs))
    actors = uncertain_actors(assessment)
    rows = []
    for actor in actors:
        for name in assessment.actors[actor]:
            cells = [_belief(last, place, holder, actor, name) for holder in holders]
            if any(cell.parts and cell.text for cell in cells):
                rows.append((head(f"{actor} is {name}"), *cells))
    if not rows:
        return None
    columns = (
        Column("Hidden type"),
        *(Column("Analyst" if h == ANALYST else f"{h} believes", "number") for h in holders),
    )
    return Table("beliefs", "What each side believes after the record", columns, tuple(rows))


def next_moves(assessment: Assessment) -> Table | None:
    """Each move still to come: options overall and by type of the mover."""
    rows = []
    for index, move in enumerate(assessment.next_moves):
        for place, option in sorted(
            enumerate(move.options), key=lambda item: -item[1].probability.median
        ):
            path = f"/next_moves/{index}/options/{place}"
            by_type: list[Part] = []
            several = option.by_type if len(option.by_type) > 1 else {}
            for name, estimate in several.items():
                by_type.append(Part(f"{'; ' if by_type else ''}{name} "))
                by_type.append(_middle(estimate, f"{path}/by_type/{pointer(name)}", False))
            rows.append(
                (
                    head(f"{move.actor}: {move.move}"),
                    words(option.option),
                    both_cell(option.probability, f"{path}/probability"),
                    Cell(tuple(by_type)),
                    share_or_percent(move.reached, f"/next_moves/{index}/reached"),
                )
            )
    if not rows:
        return None
    columns = (
        Column("Move"),
        Column("Option"),
        Column("Probability", "number"),
        Column("By type of the mover"),
        Column("Move takes place", "number"),
    )
    return Table("next", "What each side would do next", columns, tuple(rows))


def share_or_percent(estimate: Estimate, path: str) -> Cell:
    """Whether a move takes place at all: median only."""
    return median_cell(estimate, path)


def pointer(name: str) -> str:
    """A key as one step of a JSON pointer in a URI (RFC 6901, section 6): no space in it."""
    return quote(name.replace("~", "~0").replace("/", "~1"), safe="~")


def tipping_points(assessment: Assessment, most: int = 0) -> Table | None:
    """Where single inputs turn answers over, the nearest first; all of them where most is 0."""
    order = sorted(
        range(len(assessment.tipping_points)),
        key=lambda index: assessment.tipping_points[index].distance,
    )
    rows = []
    for index in order[: most or None]:
        point = assessment.tipping_points[index]
        path = f"/tipping_points/{index}"
        rows.append(
            (
                head(point.label),
                input_cell(point.parameter, point.central, f"{path}/central"),
                input_cell(point.parameter, point.flips_at, f"{path}/flips_at"),
                words(capital(claim_name(assessment, point.answer))),
                words(point.becomes),
                figure_cell(point.distance, f"{path}/distance"),
                share_cell(point.support, f"{path}/support"),
            )
        )
    if not rows:
        return None
    columns = (
        Column("Input"),
        Column("Now", "number"),
        Column("Turns at", "number"),
        Column("What turns"),
        Column("Becomes"),
        Column("Distance", "number"),
        Column("In draws", "number"),
    )
    note = "Distance in widths of the stated range: up to 0.5 the analyst's own range reaches it."
    return Table("tipping", "Tipping points, the nearest first", columns, tuple(rows), note)


def watch_order(assessment: Assessment) -> list[int]:
    """Indices of the watch list, the most informative first.

    Of a move with two options only one is kept: seeing the other is not seeing this one.
    """
    kept: list[int] = []
    for index in sorted(
        range(len(assessment.watch)), key=lambda index: -assessment.watch[index].information
    ):
        item = assessment.watch[index]
        mirrored = any(
            assessment.watch[other].move == item.move
            and assessment.watch[other].belief_if_absent == item.belief_if_seen
            for other in kept
        )
        if not mirrored:
            kept.append(index)
    return kept


def watch(assessment: Assessment, most: int = 0) -> Table | None:
    """If-then table: moves not yet seen and what they, or their absence, would do to belief."""
    rows = []
    dated = any(item.by for item in assessment.watch)
    for index in watch_order(assessment)[: most or None]:
        item = assessment.watch[index]
        path = f"/watch/{index}"
        name = main_shift(item)
        seen = absent = BLANK
        if name is not None:
            seen = both_cell(item.belief_if_seen[name], f"{path}/belief_if_seen/{pointer(name)}")
            absent = both_cell(
                item.belief_if_absent[name], f"{path}/belief_if_absent/{pointer(name)}"
            )
        rows.append(
            (
                head(f"{item.actor}: {item.option} ({item.move})"),
                both_cell(item.probability, f"{path}/probability"),
                words(name or ""),
                seen,
                absent,
                *((words(table_day(item.by) if item.by else "", "date"),) if dated else ()),
                figure_cell(item.information, f"{path}/information"),
            )
        )
    if not rows:
        return None
    columns = (
        Column("If we see"),
        Column("Probability", "number"),
        Column("then belief in"),
        Column("becomes", "number"),
        Column("if not seen", "number"),
        *((Column("by"),) if dated else ()),
        Column("Bits", "number"),
    )
    return Table("watch", "Watch list, the most telling first", columns, tuple(rows))


# --- page two and after ----------------------------------------------------------------------


def rivals(assessment: Assessment) -> Table | None:
    """What rival readings answer, beside this one: a row per question, a column per reading."""
    rows = []
    for index, answer in enumerate(assessment.answers):
        if not any(answer.key in rival.answers for rival in assessment.rivals):
            continue
        difference = answer.kind == "effect"
        cells = [
            Cell((_middle(answer.estimate, f"/answers/{index}/estimate", difference),), "number")
        ]
        for place, rival in enumerate(assessment.rivals):
            path = f"/rivals/{place}/answers/{pointer(answer.key)}"
            estimate = rival.answers.get(answer.key)
            far = estimate is not None and abs(estimate.median - answer.estimate.median) >= FAR
            cells.append(
                Cell((_middle(estimate, path, difference),), "number" if far else "range")
                if estimate is not None
                else BLANK
            )
        rows.append((head(question_name(answer)), *cells))
    if not rows:
        return None
    columns = (
        Column("Question"),
        Column("This assessment", "wrapped"),
        *(Column(rival.name, "wrapped") for rival in assessment.rivals),
    )
    note = "Medians; effects in points. Bold where a reading differs by five points or more."
    return Table("rivals", "What rival readings answer", columns, tuple(rows), note)


def drop_one(assessment: Assessment) -> Table | None:
    """What is left of each claim under each change: a row per claim, a column per change."""
    changes = list(dict.fromkeys(line.change for line in assessment.drop_one))
    claims = list(dict.fromkeys(line.claim for line in assessment.drop_one))
    if not claims:
        return None
    lines = {
        (line.claim, line.change): (index, line) for index, line in enumerate(assessment.drop_one)
    }
    letters = [_letter(place) for place in range(len(changes))]
    rows = []
    for claim in claims:
        difference = is_effect(assessment, claim)
        first, line = next(entry for (name, _), entry in lines.items() if name == claim)
        own = _middle(line.before, f"/drop_one/{first}/before", difference)
        cells = [Cell((own,), "number")]
        for change in changes:
            entry = lines.get((claim, change))
            if entry is None:
                cells.append(BLANK)
                continue
            index, line = entry
            part = _middle(line.after, f"/drop_one/{index}/after", difference)
            gap = abs(line.after.median - line.before.median)
            far = gap > abs(line.before.median) / 2 + 5e-4 if difference else gap >= FAR
            cells.append(Cell((part,), "number" if far else "range"))
        rows.append((head(capital(claim_name(assessment, claim))), *cells))
    columns = (
        Column("Claim"),
        Column("As it stands", "wrapped"),
        *(Column(letter, "number") for letter in letters),
    )
    key = "; ".join(
        f"{letter}: {unstopped(change)}" for letter, change in zip(letters, changes, strict=True)
    )
    note = (
        f"Medians with {key}. Effects in points. Bold where a probability moves by five points or"
        " more, or half of an effect is gone."
    )
    return Table("drop", "What is left of each claim", columns, tuple(rows), note)


def _letter(place: int) -> str:
    """a, b, ... z, aa, ab, ..."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def influences(assessment: Assessment, answers: Sequence[str]) -> Table | None:
    """The inputs that go with the spread of some answers, the strongest five of each."""
    rows = []
    for answer in answers:
        effect = is_effect(assessment, answer)
        lines = [
            (index, line)
            for index, line in enumerate(assessment.influences)
            if line.answer == answer
        ]
        lines.sort(key=lambda entry: -abs(entry[1].high_end - entry[1].low_end))
        for index, line in lines[:STRONGEST]:
            path = f"/influences/{index}"
            rows.append(
                (
                    head(capital(claim_name(assessment, answer))),
                    words(line.label),
                    share_cell(line.share, f"{path}/share")
                    if line.share > line.noise_floor
                    else words("within noise", "range"),
                    Cell((_end(line.low_end, f"{path}/low_end", effect),), "number"),
                    Cell((_end(line.high_end, f"{path}/high_end", effect),), "number"),
                )
            )
    if not rows:
        return None
    columns = (
        Column("Answer"),
        Column("Input"),
        Column("Share of the spread", "number"),
        Column("With input low", "number"),
        Column("With input high", "number"),
    )
    note = "Low and high: the answer's mean in the lowest and the highest fifth of the input."
    return Table("influences", "What the spread goes with", columns, tuple(rows), note)


def _end(value: float, path: str, effect: bool) -> Part:
    return Part(plus_points(value) if effect else percent(value), (path,))


ORIGINS = {"observed": "● observed", "judged": "◐ judged", "default": "○ default"}


def trap(assessment: Assessment) -> Table | None:
    """The most each type can secure by one own move, against the status quo."""
    rows = []
    for index, line in enumerate(assessment.trap):
        path = f"/trap/{index}"
        rows.append(
            (
                head(f"{line.actor} as {line.type}"),
                words(f"{line.option} ({line.move})"),
                _span(line.secured, f"{path}/secured"),
                _span(line.status_quo, f"{path}/status_quo"),
                share_cell(line.improves, f"{path}/improves"),
            )
        )
    if not rows:
        return None
    columns = (
        Column("Side"),
        Column("Best own move"),
        Column("Secures", "number"),
        Column("Status quo", "number"),
        Column("Better in", "number"),
    )
    note = "Shares of the span between a type's best and worst outcome."
    return Table("exits", "The best own move against the status quo", columns, tuple(rows), note)


def _span(estimate: Estimate, path: str) -> Cell:
    return Cell(
        (
            Part(figure(estimate.median), (f"{path}/median",)),
            *aside(
                f"{figure(estimate.low)} to {figure(estimate.high)}",
                (f"{path}/low", f"{path}/high"),
            ),
        ),
        "number",
    )


def tree(root: TreeStep) -> Table:
    """The game tree as rows: who chose or may choose what."""
    rows: list[tuple[Cell, ...]] = []
    _tree_rows(root, "", "/tree", rows)
    columns = (
        Column("Path"),
        Column("Option"),
        Column("Probability at the move", "number"),
        Column("Reached", "number"),
        Column("Outcome"),
    )
    note = "Means over the draws; branches that are hardly reached are not followed."
    return Table("tree", "The game tree", columns, tuple(rows), note)


def _tree_rows(step: TreeStep, before: str, path: str, rows: list[tuple[Cell, ...]]) -> None:
    taken = any(branch.seen for branch in step.branches)
    for index, branch in enumerate(step.branches):
        here = f"{path}/branches/{index}"
        cells: tuple[Cell, ...]
        if taken:
            known = "seen" if branch.seen else "not taken"
            cells = (words(known, "range"), words(known, "range"))
        else:
            cells = tuple(
                Cell((Part(percent(value), (f"{here}/{name}",)),), "number")
                for name, value in (
                    ("probability", branch.probability),
                    ("reached", branch.reached),
                )
            )
        rows.append(
            (
                head(f"{before}{step.actor or 'chance'}: {step.move}"),
                words(branch.option),
                *cells,
                words(branch.outcome),
            )
        )
        if branch.then is not None:
            _tree_rows(branch.then, f"{before}{branch.option} › ", f"{here}/then", rows)


def assumptions(assessment: Assessment) -> Table | None:
    """The register of assumptions, the most influential first."""
    ranked = any(line.rank is not None for line in assessment.assumptions)
    order = sorted(
        range(len(assessment.assumptions)),
        key=lambda index: (
            assessment.assumptions[index].rank is None,
            assessment.assumptions[index].rank or 0,
        ),
    )
    rows = []
    for index in order:
        line = assessment.assumptions[index]
        rank = (
            BLANK
            if line.rank is None
            else Cell((Part(str(line.rank), (f"/assumptions/{index}/rank",)),), "number")
        )
        rows.append(
            (
                head(line.label),
                words(line.value),
                words(ORIGINS[line.origin], "date"),
                *((rank,) if ranked else ()),
                words(PurePath(line.position).name, "quiet"),
            )
        )
    if not rows:
        return None
    columns = (
        Column("Assumption"),
        Column("Value"),
        Column("Origin"),
        *((Column("Rank by influence", "number"),) if ranked else ()),
        Column("Written at"),
    )
    note = "● seen in the record; ◐ the analyst's judgment; ○ a default nobody chose."
    return Table("assumptions", "Assumptions", columns, tuple(rows), note)


def sources(assessment: Assessment) -> Table | None:
    """Sources with both gradings and their share of the shift in belief."""
    rows = []
    for index, source in enumerate(assessment.sources):
        link = source.link if source.link.startswith(("https://", "http://")) else ""
        rows.append(
            (
                Cell((Part(f"[{index + 1}]"),), "head"),
                words(source.title, link=link),
                words(source.publisher),
                words(table_day(source.published), "date"),
                words(source.reliability),
                words(str(source.credibility)),
                share_cell(source.share, f"/sources/{index}/share"),
            )
        )
    if not rows:
        return None
    columns = (
        Column("No."),
        Column("Title"),
        Column("Publisher"),
        Column("Published"),
        Column("Reliability A–F"),
        Column("Credibility 1–6"),
        Column("Share of the shift", "number"),
    )
    return Table("sources", "Sources", columns, tuple(rows))


def scores(assessment: Assessment) -> Table | None:
    """Scored forecasts, misses first."""
    rows = []
    for index, line in enumerate(assessment.scores):
        path = f"/scores/{index}"
        given = line.forecast.get(line.happened, 0.0)
        against: list[Part] = []
        for name, value in line.against.items():
            against.append(Part(f"{'; ' if against else ''}{name} "))
            against.append(Part(figure(value), (f"{path}/against/{pointer(name)}",)))
        rows.append(
            (
                head(line.question),
                words(line.happened),
                Cell(
                    (
                        Part(
                            percent(given),
                            (f"{path}/forecast/{pointer(line.happened)}",)
                            if line.happened in line.forecast
                            else (),
                        ),
                    ),
                    "number",
                ),
                figure_cell(line.brier, f"{path}/brier"),
                figure_cell(line.log_score, f"{path}/log_score"),
                figure_cell(line.skill_over_uniform, f"{path}/skill_over_uniform"),
                Cell(tuple(against)),
            )
        )
    if not rows:
        return None
    columns = (
        Column("Question"),
        Column("What happened"),
        Column("Given to it", "number"),
        Column("Brier", "number"),
        Column("Log score", "number"),
        Column("Skill over uniform", "number"),
        Column("Others"),
    )
    note = "Brier and log score: lower is better. Skill: 1 is perfect, 0 no better than uniform."
    return Table("scores", "Scored against what happened, misses first", columns, tuple(rows), note)


def excluded(assessment: Assessment) -> Table | None:
    """Entries of the record that were not used."""
    rows = tuple((head(line.what), words(line.reason)) for line in assessment.excluded)
    if not rows:
        return None
    return Table("excluded", "Left out of the record", (Column("Entry"), Column("Why")), rows)


def checklist(confidence: Confidence) -> Table:
    """The checklist behind the confidence."""
    rows = tuple(
        (head(check.what), words(check.finding), words(check.rule, "quiet"), words(check.grade))
        for check in confidence.checks
    )
    columns = (Column("Looked at"), Column("Found"), Column("Rule"), Column("Grade"))
    return Table("checklist", "The checklist behind the confidence", columns, rows)


def failures(assessment: Assessment) -> Table | None:
    """Members without a certified solution, by reason."""
    rows = tuple(
        (
            head(reason),
            Cell((Part(f"{count:,}", (f"/quality/failures/{pointer(reason)}",)),), "number"),
        )
        for reason, count in assessment.quality.failures.items()
    )
    if not rows:
        return None
    columns = (Column("Reason"), Column("Solutions", "number"))
    return Table("failures", "Solutions that failed and were not used", columns, rows)


def reproduce(assessment: Assessment) -> Table:
    """What is needed to get the same bytes again."""
    manifest = assessment.manifest
    lines: Iterable[tuple[str, str]] = (
        ("Command", manifest.command),
        ("Run", manifest.run_id),
        ("Scenario hash", manifest.scenario_hash),
        ("Seed", str(manifest.seed)),
        ("Draws", f"{manifest.draws:,}"),
        ("Rationality", ", ".join(f"{value:g}" for value in manifest.rationality)),
        ("Variant", manifest.variant or "base"),
        *((f"Set: {key}", value) for key, value in manifest.overrides.items()),
        ("Brink", manifest.brink_version),
        ("Solver", manifest.backend),
        ("Python", manifest.python_version),
        ("NumPy", manifest.numpy_version),
    )
    rows = tuple((head(name), words(value, "code")) for name, value in lines)
    return Table("reproduce", "Reproduce", (Column("What"), Column("Value")), rows)


def present(tables: Sequence[Table | None]) -> tuple[Table, ...]:
    """Those tables that have something to say."""
    return tuple(table for table in tables if table is not None)
