"""Everything a scenario assumes has a place in the file at which it can be grounded."""

from __future__ import annotations

from pathlib import Path

import pytest

from brink.assess.provenance import assumptions
from brink.belief.record import judgements_of
from brink.scenario.compile import compile_scenario
from brink.scenario.crisis_files import list_crises, scenario_path
from brink.scenario.loader import scenario_from_text
from brink.scenario.reading.compose import compose
from brink.scenario.reading.grounds import _places, _stated, find
from brink.scenario.reading.nodes import Table
from brink.scenario.reading.problems import Problems
from brink.scenario.reading.source import Limits, SourceText, read_text

EXAMPLES = Path(__file__).parents[2] / "examples" / "mechanisms"
PATHS = [*sorted(EXAMPLES.glob("*/scenario.yaml")), *map(scenario_path, list_crises())]


def _with(source: SourceText, places: list[str]) -> SourceText:
    text, _, rest = source.text.partition("grounds:\n")
    text += rest[rest.index("\n\n") :] if rest else ""
    lines = "".join(f'  "{place}": So it is held.\n' for place in places)
    return SourceText(source.file, f"{text}\ngrounds:\n{lines}" if places else text, source.digest)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.parent.name)
def test_every_line_of_the_register_can_be_grounded(path: Path) -> None:
    bare = _with(read_text(path, Limits()), [])
    root = compose(bare, Limits(), Problems())
    stated = set(_stated(scenario_from_text(bare, name="x")))
    places = _places(root, stated)
    assert all(find(root, place) is not None for place in places)
    broad = [place for place in places if "." not in place]
    for chosen in (broad, places):  # a place of nothing would be an error
        scenario = scenario_from_text(_with(bare, chosen), name="x")
        parameters = compile_scenario(scenario).parameters.parameters
        judged = judgements_of(scenario.record).values()
        lines = assumptions(scenario, (*parameters, *judged))
        assert lines
        assert [line.key for line in lines if line.position and not line.why] == []


@pytest.mark.parametrize(
    ("place", "content"), [("a.b", "x"), ("a.c", "z"), ("d.one", "p"), ("d.e2.f", "q")]
)
def test_the_longest_name_that_fits_is_taken(place: str, content: str) -> None:
    text = "a.b: x\na: {b: y, c: z}\nd: [{name: one, f: p}, {f: q}]\n"
    root = compose(SourceText("f", text, ""), Limits(), Problems())
    at = find(root, place)
    assert at is not None
    found = at[1]
    assert content in (found.values() if isinstance(found, Table) else [found])


def test_a_place_that_is_not_there_is_not_found() -> None:
    root = compose(SourceText("f", "a: {b: y}\nd: [x]\n", ""), Limits(), Problems())
    assert [find(root, place) for place in ("a.c", "a.b.c", "d.1", "", ".", "a.", "b")] == [
        None
    ] * 7
