"""Random numbers by counter: the same future, purpose and count give the same draw anywhere.

A stream is a key; draw number k of it is a mixed word of key + k * golden ratio (splitmix64,
Steele, Lea and Flood 2014, OOPSLA). Streams are named by purpose ("failure", "repair" ...) and
by what they serve, so two policies on the same model meet the same luck.
"""

from __future__ import annotations

import hashlib
import math

import numpy as np
from numpy.typing import NDArray

from intendance.sustain.compiled import compiled, inner

Words = NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_S27 = np.uint64(27)
_S30 = np.uint64(30)
_S31 = np.uint64(31)
_S11 = np.uint64(11)
_UNIT = 1.0 / 9007199254740992.0


def stream_key(*names: str) -> int:
    """Give the 64-bit key of a purpose and what it serves; it does not depend on the model.

    >>> stream_key("repair", "L1", "depot") == stream_key("repair", "L1", "depot")
    True
    """
    return int.from_bytes(hashlib.sha256("\x1f".join(names).encode()).digest()[:8], "little")


@inner
def mix(word: np.uint64) -> np.uint64:
    """Scramble 64 bits (the finisher of splitmix64)."""
    word = (word ^ (word >> _S30)) * _FIRST
    word = (word ^ (word >> _S27)) * _SECOND
    return word ^ (word >> _S31)


@compiled
def open_streams(keys: Words, seed: np.uint64, future: np.uint64, states: Words) -> None:
    """Set every stream to its start for one future."""
    base = mix(mix(seed + _GOLDEN) + future * _GOLDEN)
    for at in range(keys.size):
        states[at] = mix(keys[at] ^ base)


@inner
def uniform(states: Words, stream: int) -> float:
    """Draw from the open interval (0, 1)."""
    states[stream] += _GOLDEN
    return (float(mix(states[stream]) >> _S11) + 0.5) * _UNIT


@inner
def exponential(states: Words, stream: int) -> float:
    """Draw from the exponential law with mean 1."""
    return -math.log(uniform(states, stream))


@compiled
def normal(states: Words, stream: int) -> float:
    """Draw from the standard normal law (Box and Muller; the second number is dropped)."""
    radius = math.sqrt(-2.0 * math.log(uniform(states, stream)))
    return radius * math.cos(2.0 * math.pi * uniform(states, stream))


@compiled
def gamma(states: Words, stream: int, shape: float) -> float:
    """Draw from the gamma law with mean 1 (Marsaglia and Tsang 2000, ACM TOMS 26:363)."""
    boost = 1.0
    used = shape
    if shape < 1.0:
        boost = uniform(states, stream) ** (1.0 / shape)
        used = shape + 1.0
    d = used - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        z = normal(states, stream)
        v = (1.0 + c * z) ** 3
        if v > 0.0 and math.log(uniform(states, stream)) < 0.5 * z * z + d - d * v + d * math.log(
            v
        ):
            return boost * d * v / shape


@compiled
def poisson(states: Words, stream: int, mean: float) -> float:
    """Draw a Poisson count: by inversion when small, by Hoermann's PTRS (1993) when large."""
    if mean <= 0.0:
        return 0.0
    if mean < 12.0:
        weight = math.exp(-mean)
        left = uniform(states, stream) - weight
        count = 0.0
        while left > 0.0 and count < 200.0:
            count += 1.0
            weight *= mean / count
            left -= weight
        return count
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    alpha = 1.1239 + 1.1328 / (b - 3.4)
    limit = 0.9277 - 3.6224 / (b - 2.0)
    while True:
        u = uniform(states, stream) - 0.5
        v = uniform(states, stream)
        us = 0.5 - abs(u)
        count = math.floor((2.0 * a / us + b) * u + mean + 0.43)
        if us >= 0.07 and v <= limit:
            return count
        if count < 0.0 or (us < 0.013 and v > us):
            continue
        accept = math.log(v) + math.log(alpha) - math.log(a / (us * us) + b)
        if accept <= count * math.log(mean) - mean - math.lgamma(count + 1.0):
            return count
