"""The normal draws that the authors' R package takes, number for number.

A critical value of the conditional test is a quantile of 1,000 draws, so its noise can move an
interval by more than the grid on which the interval is searched. R's package fixes the seed; with
its draws, intervals agree to rounding. R fills a Mersenne Twister by a linear congruential
generator and inverts the normal distribution at uniform numbers of 59 bits, made of two draws.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["normal_draws"]

FloatArray = NDArray[np.float64]

SEED = 0
WORDS = 624
WARM_UP = 50
MODULUS = 2**32
# R's uniform numbers are multiples of about 2^-32, kept half a step away from 0 and 1.
STEP = 2.328306437080797e-10
TO_UNIT = 2.3283064365386963e-10
HIGH = 2**27


@functools.lru_cache(maxsize=8)
def normal_draws(rows: int, columns: int) -> FloatArray:
    """Draw standard normal numbers as R does after ``set.seed(0)``, filled in row by row.

    Examples
    --------
    >>> normal_draws(1, 3).round(6).tolist()
    [[1.262954, -0.326233, 1.329799]]
    """
    uniform = np.clip(_twister().random_raw(2 * rows * columns) * TO_UNIT, STEP / 2, 1 - STEP / 2)
    fine = (np.floor(HIGH * uniform[0::2]) + uniform[1::2]) / HIGH
    draws = np.asarray(special.ndtri(fine)).reshape(rows, columns)
    draws.flags.writeable = False
    return draws


def _twister() -> np.random.MT19937:
    word, words = SEED, []
    for _ in range(WARM_UP):
        word = (69069 * word + 1) % MODULUS
    for _ in range(WORDS + 1):
        word = (69069 * word + 1) % MODULUS
        words.append(word)
    # no seed: its whole state is set below
    generator = np.random.MT19937()
    # The first word would be the position, which R overwrites so that all words are made anew.
    key = np.array(words[1:], dtype=np.uint32)
    generator.state = {"bit_generator": "MT19937", "state": {"key": key, "pos": WORDS}}
    return generator
