"""Contradictions in rankings and values are found exactly where they are."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from writing import BASE, problems_of, with_changes

from brink.scenario.model import Chain, Preference, Quantity
from brink.scenario.ranking_checks import check_rankings
from brink.scenario.reading.problems import Problems

NAMES = ("a", "b", "c", "d")


def chains(names: tuple[str, ...]) -> st.SearchStrategy[Chain]:
    """Part of the names in any order, neighbours tied or ranked."""
    shuffled = st.lists(st.sampled_from(names), min_size=2, unique=True)
    return st.builds(
        _chain, shuffled, st.lists(st.booleans(), min_size=len(names), max_size=len(names))
    )


def _chain(names: list[str], tied: list[bool]) -> Chain:
    groups = [[names[0]]]
    for name, tie in zip(names[1:], tied, strict=False):
        if tie:
            groups[-1].append(name)
        else:
            groups.append([name])
    return Chain(tuple(map(tuple, groups)), (1,) * (len(groups) - 1))


def agrees(chain: Chain, value: dict[str, float]) -> bool:
    """Whether values respect a ranking."""
    levels = [[value[name] for name in group] for group in chain.groups]
    tied = all(len(set(level)) == 1 for level in levels)
    return tied and all(one[0] > two[0] for one, two in itertools.pairwise(levels))


def codes(preference: Preference, names: tuple[str, ...]) -> set[str]:
    problems = Problems()
    check_rankings(preference, names, problems)
    return {problem.code for problem in problems._found}


@given(st.lists(chains(NAMES), min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_a_circle_is_reported_where_no_values_fit(given_chains: list[Chain]) -> None:
    possible = any(
        all(agrees(chain, dict(zip(NAMES, values, strict=True))) for chain in given_chains)
        for values in itertools.product(range(len(NAMES)), repeat=len(NAMES))
    )
    found = codes(Preference("X", "t", tuple(given_chains)), NAMES)
    assert ("E240" in found) is not possible


GRID = [number / 4 for number in range(13)]
THREE = NAMES[:3]


@given(
    st.lists(chains(THREE), min_size=1, max_size=2),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=3, max_size=3),
)
@settings(max_examples=100, deadline=None)
def test_values_conflict_with_a_ranking_where_none_fit(
    given_chains: list[Chain], ranges: list[tuple[int, int]]
) -> None:
    # With whole numbers as ends, a grid of quarters holds a solution if there is any.
    ends = [sorted(pair) for pair in ranges]
    values = {
        name: Quantity(float(low), float(high))
        for name, (low, high) in zip(THREE, ends, strict=True)
    }
    possible = any(
        all(agrees(chain, dict(zip(THREE, point, strict=True))) for chain in given_chains)
        for point in itertools.product(
            *([x for x in GRID if low <= x <= high] for low, high in ends)
        )
    )
    found = codes(Preference("X", "t", tuple(given_chains), values), THREE)
    assert bool({"E240", "E243"} & found) is not possible


def test_a_circle_is_printed() -> None:
    text = with_changes(("firm: Gain > War > Status quo", "firm: [Gain > War, War > Gain]"))
    (problem,) = problems_of(text)
    assert problem.message.endswith(("Gain > War > Gain", "War > Gain > War"))


def test_the_small_crisis_has_no_problem() -> None:
    assert problems_of(BASE) == ()
