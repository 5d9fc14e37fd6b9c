from __future__ import annotations

import dataclasses

import pytest
import sample

from brink.errors import BrinkInputError
from brink.report.confidence import confidence
from brink.report.wording import SCALES


def test_the_checklist_gives_the_level() -> None:
    ground = confidence(sample.assessment())
    assert [check.grade for check in ground.checks] == [
        "good",
        "fair",
        "good",
        "poor",
        "fair",
        "good",
    ]
    assert ground.level == ground.computed == "moderate"
    assert ground.sentence == (
        "Confidence in this assessment is moderate:"
        " the nearest tipping point lies inside the stated ranges."
    )


def test_two_poor_lines_make_it_low_and_all_good_high() -> None:
    assessment = sample.assessment()
    one_source = dataclasses.replace(
        assessment, sources=(dataclasses.replace(assessment.sources[0], share=1.0),)
    )
    assert confidence(one_source).level == "low"
    sources = tuple(dataclasses.replace(line, share=0.2) for line in assessment.sources)
    points = tuple(dataclasses.replace(p, distance=2.0) for p in assessment.tipping_points)
    assumptions = tuple(dataclasses.replace(a, origin="judged") for a in assessment.assumptions)
    good = dataclasses.replace(
        assessment, sources=sources, tipping_points=points, assumptions=assumptions
    )
    assert confidence(good).level == "high"


def test_what_was_not_examined_is_said_and_does_not_count_as_good() -> None:
    ground = confidence(dataclasses.replace(sample.assessment(), tipping_points=(), rivals=()))
    grades = {check.what: check.grade for check in ground.checks}
    assert grades["Distance to the nearest tipping point"] == "not examined"
    assert ground.level != "high"


def test_lowering_is_free_and_raising_needs_a_reason() -> None:
    assessment = sample.assessment()
    lowered = confidence(assessment, "low")
    assert lowered.sentence.endswith("The analyst lowered it to low.")
    with pytest.raises(BrinkInputError, match="E271 confidence was raised from moderate to high"):
        confidence(assessment, "high", "  ")
    raised = confidence(assessment, "high", "two further sources, not citable.")
    assert raised.sentence.endswith(
        "The analyst raised it to high: two further sources, not citable."
    )


def test_no_likelihood_word_stands_beside_confidence() -> None:
    terms = {term for scale in SCALES.values() for term in scale.terms}
    for assessment in (sample.assessment(), sample.bare()):
        sentence = confidence(assessment).sentence
        assert not [term for term in terms if term in sentence]
