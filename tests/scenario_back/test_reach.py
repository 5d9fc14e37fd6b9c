"""What can never happen is found without building the tree."""

import dataclasses
import subprocess
import sys

import pytest
from building import actor, number, options, scenario, scenarios, ukraine_like
from hypothesis import HealthCheck, assume, given, settings

from brink.errors import BrinkInputError
from brink.scenario.compile import compile_scenario
from brink.scenario.compiling.reach import check_reach
from brink.scenario.loader import list_crises, load_scenario
from brink.scenario.model import ALWAYS, Case, Is, Move, Not, OutcomeRule

CASE_NEVER = Case(ALWAYS, number(0.0))


def codes(one):
    return [problem.code for problem in check_reach(one)]


@pytest.mark.parametrize("name", list_crises())
def test_everything_in_the_shipped_crises_can_happen(name):
    one = load_scenario(name)
    for variant in ("", *one.variants):
        assert check_reach(load_scenario(name, variant=variant)) == []


def test_what_can_never_happen_is_told():
    first = Move("a", "A", options("x", "y"))
    never = Move("b", "A", options("x", "y"), when=Not(ALWAYS))
    shut = dataclasses.replace(options("z")[0], needs=Is("b", ("x",)))
    last = Move("c", "A", (*options("x", "y"), shut))
    outcomes = (OutcomeRule("first", Is("a", ("x", "y"))), OutcomeRule("second", ALWAYS))
    found = check_reach(scenario([actor("A")], [first, never, last], outcomes))
    assert [(p.code, p.message) for p in found] == [
        ("W254", "the move 'b' never takes place"),
        ("W255", "the option 'z' of 'c' is never open"),
        ("W253", "no way of play ends in 'second'"),
    ]


def test_chance_that_never_happens_is_told():
    weather = dataclasses.replace(
        Move("weather", "chance", options("storm", "calm")),
        options=(
            dataclasses.replace(options("storm")[0], probability=(CASE_NEVER,)),
            *options("calm"),
        ),
    )
    one = scenario([actor("A")], [weather, Move("a", "A", options("x", "y"))])
    assert codes(one) == ["W255"]


def test_a_way_without_outcome_is_told_before_building():
    one = dataclasses.replace(
        ukraine_like(), outcomes=(OutcomeRule("War", Is("posture", ("mass",))),)
    )
    with pytest.raises(BrinkInputError, match=r"E252 .* no outcome: posture is wait"):
        check_reach(one)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(scenarios())
def test_it_agrees_with_the_tree(one):
    try:
        compiled = compile_scenario(one)
    except BrinkInputError as error:
        assume(error.errors[0].code != "E320")
        raise
    expected = {
        ("W253", rule.name)
        for number_, rule in enumerate(one.outcomes)
        if not (compiled.leaf_outcome == number_).any()
    }
    for move in one.moves:
        taken = set(compiled.leaf_choice[move.name]) - {-1}
        if not taken:
            expected.add(("W254", move.name))
            continue
        expected |= {
            ("W255", option.name)
            for number_, option in enumerate(move.options)
            if number_ not in taken
        }
    found = {(problem.code, problem.message.split("'")[1]) for problem in check_reach(one)}
    assert found == expected


def test_checking_needs_no_numerical_library():
    code = (
        "import sys; from brink.scenario.compiling.reach import check_reach; "
        "from brink.scenario.loader import load_scenario; "
        "check_reach(load_scenario('ukraine-2022')); sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
