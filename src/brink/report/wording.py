"""Likelihood words with their numbers, and numbers as people read them.

A likelihood word never stands without its number, and the number stands in the sentence: in an
experiment with 924 readers bracketed numbers raised correct reading from 32 % to 66 % (Wintle
et al. 2019, PLoS ONE 14(4) e0213522). A range that spans bands names both ends, never the middle.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from brink.assess.printed import MINUS as MINUS
from brink.assess.printed import bare_points as bare_points
from brink.assess.printed import estimate_percent as estimate_percent
from brink.assess.printed import figure as figure
from brink.assess.printed import half_up as half_up
from brink.assess.printed import input_value as input_value
from brink.assess.printed import percent as percent
from brink.assess.printed import percent_range as percent_range
from brink.assess.printed import plus_points as plus_points
from brink.assess.printed import points as points
from brink.assess.printed import points_range as points_range
from brink.assess.printed import share as share
from brink.assess.printed import signed as signed
from brink.assess.printed import whole_percent as whole_percent
from brink.assess.result import Estimate
from brink.errors import printable

# --- scales ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Band:
    """One step of a likelihood scale.

    Attributes:
        term: The official words.
        low: Lower bound in percent, inclusive.
        high: Upper bound in percent; belongs to the next band where the two touch.
        predicate: What follows a subject: "is unlikely", "has almost no chance".
        noun: What follows "from" and "to": "unlikely", "a roughly even chance".
    """

    term: str
    low: float
    high: float
    predicate: str
    noun: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A likelihood scale: bands from the lowest to the highest, perhaps with gaps between."""

    key: str
    name: str
    bands: tuple[Band, ...]

    def band(self, probability: float) -> Band:
        """The band of a probability in [0, 1].

        The band belongs to the figure as printed, so that word and number never disagree. A
        figure in a gap takes the nearest band, a tie the more uncertain one (nearer one half).
        """
        percent = whole_percent(probability)
        for band in self.bands:
            if band.low <= percent < band.high:
                return band
        return min(
            self.bands,
            key=lambda band: (
                max(band.low - percent, percent - band.high, 0),
                abs((band.low + band.high) / 2 - 50),
            ),
        )

    @property
    def terms(self) -> tuple[str, ...]:
        """All words of the scale, lowest first."""
        return tuple(band.term for band in self.bands)


def _plain(term: str, low: float, high: float) -> Band:
    return Band(term, low, high, f"is {term}", term)


ICD203 = Scale(
    "icd203",
    "ICD 203 (US Intelligence Community Directive, 2015)",
    (
        Band("almost no chance", 1, 5, "has almost no chance", "almost no chance"),
        _plain("very unlikely", 5, 20),
        _plain("unlikely", 20, 45),
        Band("roughly even chance", 45, 55, "has a roughly even chance", "a roughly even chance"),
        _plain("likely", 55, 80),
        _plain("very likely", 80, 95),
        _plain("almost certain", 95, 99),
    ),
)

PHIA = Scale(
    "phia",
    "PHIA probability yardstick (United Kingdom)",
    (
        Band("remote chance", 0, 5, "has a remote chance", "a remote chance"),
        _plain("highly unlikely", 10, 20),
        _plain("unlikely", 25, 35),
        Band(
            "realistic possibility", 40, 50, "is a realistic possibility", "a realistic possibility"
        ),
        _plain("likely", 55, 75),
        _plain("highly likely", 80, 90),
        _plain("almost certain", 95, 100),
    ),
)

NATO = Scale(
    "nato",
    "NATO likelihood terms (AJP-2.1)",
    (
        _plain("highly unlikely", 0, 10),
        _plain("unlikely", 10, 40),
        Band("even chance", 40, 60, "has an even chance", "an even chance"),
        _plain("likely", 60, 90),
        _plain("highly likely", 90, 100),
    ),
)

SCALES: dict[str, Scale] = {scale.key: scale for scale in (ICD203, PHIA, NATO)}


_COST = re.compile(
    r"(?P<word>cost|gain) to (?P<who>.+?): (?P<what>.+?)"
    r"(?P<limit> (?:above|below|between|at least|at most) .*)?",
    re.DOTALL,
)
_OPTION = re.compile(r"(?!.* is )(.+) \((.+)\)", re.DOTALL)
_TIED = re.compile(r"(?P<head>worth of )(?P<names>.+ = .+)(?P<tail> to .+)", re.DOTALL)


def with_article(label: str) -> str:
    """An input's label inside a sentence: ``the prior that ...``; others as they are.

    What costs is quoted, and outcomes that a ranking ties are told as tied.
    """
    text = unstopped(label)
    if cost := _COST.fullmatch(text):
        option = _OPTION.fullmatch(cost["what"])
        what = f"{quoted(option[1])} at {quoted(option[2])}" if option else quoted(cost["what"])
        text = f"{cost['word']} to {cost['who']} of {what}{cost['limit'] or ''}"
    elif tied := _TIED.fullmatch(text):
        names = joined(tied["names"].split(" = "))
        text = f"{tied['head']}{names} (tied){tied['tail']}"
    return f"the {text}" if text.split(" ")[0] in ARTICLED else text


ARTICLED = frozenset(
    ("prior", "worth", "cost", "gain", "probability", "chance", "weight", "certainty", "likelihood")
)


def span(value: float) -> str:
    """A share of a span with two decimals: ``0.46``, ``−0.18``, ``0``; costs take it below 0."""
    hundredths = half_up(100 * value)
    if hundredths == 0:
        return "0"
    whole, part = divmod(abs(hundredths), 100)
    sign = MINUS if hundredths < 0 else ""
    return f"{sign}{whole}.{part:02d}" if part else f"{sign}{whole}"


def span_range(estimate: Estimate) -> str:
    """``0.21 to 0.45``; one figure where both ends print alike."""
    low, high = span(estimate.low), span(estimate.high)
    return low if low == high else f"{low} to {high}"


def decibans(value: float, sign: bool = False) -> str:
    """A weight of evidence with one decimal: ``−0.7``; with its sign on request."""
    tenths = half_up(10 * value)
    if tenths == 0:
        return "0"
    size = f"{abs(tenths) // 10}.{abs(tenths) % 10}"
    return f"{MINUS}{size}" if tenths < 0 else f"+{size}" if sign else size


def day(date: dt.date) -> str:
    """``27 January 2022``, whatever the locale."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def table_day(date: dt.date) -> str:
    """``27 Jan 2022`` for tables."""
    return f"{short_day(date)} {date.year}"


def short_day(date: dt.date) -> str:
    """``27 Jan`` for axes."""
    return f"{date.day} {MONTHS[date.month - 1][:3]}"


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


# --- words with numbers -------------------------------------------------------------------------


def predicate(estimate: Estimate, scale: Scale = ICD203) -> str:
    """What follows a singular subject: ``is unlikely (22–41 %)``.

    A range across bands: ``ranges from unlikely to a roughly even chance (31–52 %)``.
    """
    low, high = scale.band(estimate.low), scale.band(estimate.high)
    numbers = percent_range(estimate.low, estimate.high)
    if low is high:
        return f"{low.predicate} ({numbers})"
    return f"ranges from {low.noun} to {high.noun} ({numbers})"


def label(estimate: Estimate, scale: Scale = ICD203) -> str:
    """The word or words alone, for a table column whose neighbour holds the number."""
    low, high = scale.band(estimate.low), scale.band(estimate.high)
    return low.term if low is high else f"{low.term} to {high.term}"


def phrase(estimate: Estimate, scale: Scale = ICD203) -> str:
    """``unlikely (22–41 %)`` or ``unlikely to roughly even chance (31–52 %)``, in apposition."""
    return f"{label(estimate, scale)} ({percent_range(estimate.low, estimate.high)})"


def inside(estimate: Estimate, scale: Scale = ICD203) -> str:
    """``unlikely, 22–41 %``: word and number where brackets stand around them already."""
    return f"{label(estimate, scale)}, {percent_range(estimate.low, estimate.high)}"


# --- text ---------------------------------------------------------------------------------------


def clean(text: str) -> str:
    """Text of unknown origin on one line, control and direction characters made visible."""
    return printable(" ".join(text.split()))


def quoted(text: str) -> str:
    """A name out of the scenario, so marked that any grammar around it holds.

    A full stop at its end is dropped: the sentence around it has its own.
    """
    return f"“{unstopped(text)}”"


def unstopped(text: str) -> str:
    """Clean text without the full stop at its end, to stand inside another sentence."""
    return re.sub(r"(?<!\.)\.$", "", clean(text))


def capital(sentence: str) -> str:
    """The sentence with its first letter as a capital, whatever the locale."""
    return sentence[:1].upper() + sentence[1:]


def joined(parts: Sequence[str] | Iterable[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    items = [part for part in parts if part]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def counted(number: int, singular: str, plural: str = "") -> str:
    """``1 event``, ``3 events``, ``no event``."""
    if number == 0:
        return f"no {singular}"
    return f"1 {singular}" if number == 1 else f"{number:,} {plural or singular + 's'}"


def in_words(number: int) -> str:
    """Small counts as words: ``no``, ``one``, ... ``ten``, ``11``."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[number] if number < len(words) else f"{number:,}"
