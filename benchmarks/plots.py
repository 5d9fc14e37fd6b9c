"""Line charts for the page, drawn with the figures' own SVG helpers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from brink.report.figures import svg
from brink.report.figures.style import series_class

WIDTH, HEIGHT = 640.0, 380.0
LEFT, RIGHT, TOP, BOTTOM = 76.0, 150.0, 44.0, 52.0


@dataclass(frozen=True)
class Series:
    """One line.

    Attributes:
        name: Written at its end.
        points: (x, y), in order of x.
    """

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Axis:
    """One axis.

    Attributes:
        title: What is measured, and in which unit.
        low: First value.
        high: Last value.
        ticks: Values that are written out.
        words: How they are written.
        logarithmic: Whether equal distances are equal ratios.
    """

    title: str
    low: float
    high: float
    ticks: Sequence[float]
    words: Callable[[float], str]
    logarithmic: bool

    def share(self, value: float) -> float:
        """Where a value lies between low (0) and high (1)."""
        if self.logarithmic:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def decades(title: str, values: Sequence[float], words: Callable[[float], str]) -> Axis:
    """A logarithmic axis of whole decades around the values."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    ticks = [10.0**power for power in range(low, max(high, low + 1) + 1)]
    return Axis(title, ticks[0], ticks[-1], ticks, words, True)


def steps(title: str, low: float, high: float) -> Axis:
    """An even axis with whole numbers on it."""
    first = math.ceil(low)
    stride = max((math.floor(high) - first) // 8, 1)
    ticks = [float(tick) for tick in range(first, math.floor(high) + 1, stride)]
    return Axis(title, low, high, ticks, lambda value: f"{value:g}", False)


def chart(
    key: str,
    title: str,
    summary: str,
    across: Axis,
    up: Axis,
    series: Sequence[Series],
    guide: Series | None = None,
) -> svg.Figure:
    """Lines with markers, each named at its end; the guide is dotted and has no markers."""
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM

    def at(point: tuple[float, float]) -> tuple[float, float]:
        x, y = point
        return (
            LEFT + across.share(x) * (right - LEFT),
            bottom - up.share(y) * (bottom - TOP),
        )

    body = [svg.text(0, 14, title, "strong big"), svg.text(0, 32, up.title, "muted")]
    for tick in up.ticks:
        _, y = at((across.low, tick))
        body.append(svg.line(LEFT, y, right, y, "rule"))
        body.append(svg.text(LEFT - 8, y + 4, up.words(tick), "muted", "end"))
    for tick in across.ticks:
        x, _ = at((tick, up.low))
        body.append(svg.line(x, bottom, x, bottom + 5, "axis"))
        body.append(svg.text(x, bottom + 19, across.words(tick), "muted", "middle"))
    body.append(svg.line(LEFT, bottom, right, bottom, "axis"))
    body.append(svg.text((LEFT + right) / 2, bottom + 42, across.title, "muted", "middle"))
    late: list[tuple[float, str, str]] = []
    if guide is not None:
        places = [at(point) for point in guide.points]
        body.append(svg.path(places, "ghost"))
        late.append((places[-1][1], guide.name, "muted"))
    for index, entry in enumerate(series):
        places = [at(point) for point in entry.points]
        x, y = places[-1]
        body.append(svg.path(places, f"line {series_class(index)}"))
        body += [svg.circle(*place, 3, f"mark {series_class(index)}") for place in places]
        if x < right - 60:
            body.append(svg.text(x, y - 10, entry.name, series_class(index), "middle"))
        else:
            late.append((y, entry.name, series_class(index)))
    late.sort()
    for (_, name, class_), y in zip(
        late, svg.spread([y for y, _, _ in late], 16, TOP, bottom), strict=True
    ):
        body.append(svg.text(right + 10, y + 4, name, class_))
    return svg.Figure(key, title, summary, WIDTH, HEIGHT, "".join(body))


def pairs(xs: Sequence[float], ys: Sequence[float | None]) -> list[tuple[float, float]]:
    """Points, without those that were not measured."""
    return [(x, y) for x, y in zip(xs, ys, strict=True) if y is not None]
