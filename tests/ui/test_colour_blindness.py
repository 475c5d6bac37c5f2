"""States are told apart by their colours too, by people who see fewer of them."""

import itertools
import math

import pytest
from rich.color import Color

from qemutui.ui import themes

# Machado, Oliveira, Fernandes (2009), severity 1.0, on linear light.
SIGHTS = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
LEAST = {"basalt": 22, "chalk": 19}
STATES = ("error", "warning", "ok", "accent")


def linear(part: int) -> float:
    """One part of a colour as light, sRGB."""
    share = part / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def lab(light: list[float]) -> tuple[float, float, float]:
    """Light as CIE L*a*b*, under D65."""
    red, green, blue = (min(1.0, max(0.0, part)) for part in light)
    white = (0.95047, 1.0, 1.08883)
    tristimulus = (
        0.4124 * red + 0.3576 * green + 0.1805 * blue,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        0.0193 * red + 0.1192 * green + 0.9505 * blue,
    )
    x, y, z = (
        t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
        for t in (part / full for part, full in zip(tristimulus, white, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("name", LEAST)
def test_states_stay_apart(name: str, sight: str) -> None:
    colours = themes.load(name).colours
    seen = {}
    for state in STATES:
        light = [linear(part) for part in Color.parse(colours[state].truecolour).get_truecolor()]
        rows = SIGHTS[sight]
        seen[state] = lab([sum(a * b for a, b in zip(row, light, strict=True)) for row in rows])
    apart = {
        (one, other): math.dist(seen[one], seen[other])
        for one, other in itertools.combinations(STATES, 2)
    }
    assert round(min(apart.values())) >= LEAST[name], apart
