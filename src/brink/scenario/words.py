"""Words of estimative probability and their bands, shared by reading and reporting.

Sources: ICD 203 is US Intelligence Community Directive 203, Analytic Standards (2015); PHIA is
the probability yardstick of the UK Professional Head of Intelligence Assessment (2018/19 form,
with deliberate gaps between its bands); NATO is Allied Joint Publication AJP-2.1.
"""

from __future__ import annotations

from dataclasses import dataclass

NOT_USABLE = {
    "possible": "it says only that the probability is not zero",
    "possibly": "it says only that the probability is not zero",
    "could": "it says only that the probability is not zero",
    "may": "it says only that the probability is not zero",
    "might": "it says only that the probability is not zero",
    "plausible": "it says that something can be believed, not how probable it is",
    "conceivable": "it says only that the probability is not zero",
}


@dataclass(frozen=True, slots=True)
class Band:
    """One step of a scale.

    Attributes:
        term: The word to use in writing.
        synonyms: Other words understood as the same step.
        low: Smallest probability, inclusive.
        high: Largest probability.
    """

    term: str
    low: float
    high: float
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """A likelihood scale: bands from the least to the most probable."""

    key: str
    name: str
    bands: tuple[Band, ...]

    def band(self, word: str) -> Band | None:
        """The band a word stands for, or None if the word is not on the scale."""
        wanted = " ".join(word.casefold().split())
        for band in self.bands:
            if wanted == band.term or wanted in band.synonyms:
                return band
        return None

    @property
    def terms(self) -> tuple[str, ...]:
        """The words of the scale, least probable first."""
        return tuple(band.term for band in self.bands)


ICD203 = Scale(
    "icd203",
    "ICD 203",
    (
        Band("almost no chance", 0.01, 0.05, ("remote",)),
        Band("very unlikely", 0.05, 0.20, ("highly improbable",)),
        Band("unlikely", 0.20, 0.45, ("improbable", "improbably")),
        Band("roughly even chance", 0.45, 0.55, ("roughly even odds", "roughly even")),
        Band("likely", 0.55, 0.80, ("probable", "probably")),
        Band("very likely", 0.80, 0.95, ("highly probable",)),
        Band("almost certain", 0.95, 0.99, ("almost certainly", "nearly certain")),
    ),
)

PHIA = Scale(
    "phia",
    "the PHIA yardstick",
    (
        Band("remote chance", 0.0, 0.05),
        Band("highly unlikely", 0.10, 0.20),
        Band("unlikely", 0.25, 0.35),
        Band("realistic possibility", 0.40, 0.50),
        Band("likely", 0.55, 0.75, ("probable", "probably")),
        Band("highly likely", 0.80, 0.90),
        Band("almost certain", 0.95, 1.0),
    ),
)

NATO = Scale(
    "nato",
    "NATO AJP-2.1",
    (
        Band("highly unlikely", 0.0, 0.10),
        Band("unlikely", 0.10, 0.40),
        Band("even chance", 0.40, 0.60),
        Band("likely", 0.60, 0.90),
        Band("highly likely", 0.90, 1.0),
    ),
)

SCALES = {scale.key: scale for scale in (ICD203, PHIA, NATO)}
