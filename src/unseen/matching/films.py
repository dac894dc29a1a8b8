"""Films against films: the hits of single frames become stretches of time, or nothing."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from unseen.matching.alignment import FrameHits, QueryFrames, Segment, align

_LOOK_BITS = 24  # frames this near show the same scene


class Timed(Protocol):
    """A form of one frame of a film."""

    @property
    def pdq(self) -> str: ...
    @property
    def at_s(self) -> float | None: ...
    @property
    def until_s(self) -> float | None: ...


class FilmQuery:
    """The frames behind a query's forms. `frame_of[i]` is the frame of form i."""

    def __init__(self, forms: Sequence[Timed]) -> None:
        times_s = np.array([form.at_s or 0.0 for form in forms], np.float64)
        from_s, first, self.frame_of = np.unique(times_s, return_index=True, return_inverse=True)
        chosen = [forms[place] for place in first.tolist()]
        until_s = [form.until_s if form.until_s is not None else form.at_s or 0.0 for form in chosen]
        self.frames = QueryFrames(
            from_s, np.array(until_s, np.float64), _looks([form.pdq for form in chosen])
        )

    def segments(
        self,
        form: NDArray[np.int64],
        bank_s: NDArray[np.float64],
        distance_bits: NDArray[np.uint16],
        film_s: float,
    ) -> tuple[Segment, ...]:
        """Hits of one film as equally long arrays: number of the query's form, second of the film, distance in bits.

        `film_s`: from the film's first kept frame to its last.
        """
        hits = FrameHits(self.frame_of[form], bank_s, distance_bits.astype(np.int64))
        return align(self.frames, hits, film_s)


def is_film(forms: Sequence[Timed]) -> bool:
    return bool(forms) and forms[0].at_s is not None


def _looks(pdqs: Sequence[str]) -> NDArray[np.intp]:
    """A number for each frame, one higher where the scene no longer resembles the frame that began it."""
    numbers, look, began = [], 0, None
    for pdq in pdqs:
        value = int(pdq, 16)
        if began is None or (value ^ began).bit_count() > _LOOK_BITS:
            look, began = look + 1, value
        numbers.append(look)
    return np.array(numbers, np.intp)
