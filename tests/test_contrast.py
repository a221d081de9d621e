"""Every pair of colours that stands together on a page, light and dark, reaches WCAG AA."""

import math
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parent.parent / "static/css/tokens.css"
TEXT, EDGE = 4.5, 3.0
PAIRS = [
    *[(text, ground, TEXT) for text in ("text", "text-quiet", "accent") for ground in ("page", "surface")],
    *[(text, ground, TEXT) for text in ("danger", "success", "warning") for ground in ("page", "surface")],
    ("on-button", "button", TEXT),
    ("on-button", "button-hover", TEXT),
    ("success", "success-surface", TEXT),
    ("warning", "warning-surface", TEXT),
    ("danger", "danger-surface", TEXT),
    ("on-stage", "stage", TEXT),
    ("on-stage", "stage-line", TEXT),
    ("on-stage-quiet", "stage", TEXT),
    *[(edge, ground, EDGE) for edge in ("border", "focus", "button") for ground in ("page", "surface")],
    ("on-stage", "stage", EDGE),
]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_a_pair_of_roles_can_be_told_apart(mode: str, front: str, ground: str, least: float) -> None:
    colors = roles(mode)

    reached = contrast(colors[front], colors[ground])

    assert reached >= least, f"{front} on {ground}, {mode}: {reached:.2f}"


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_role_is_a_named_colour(mode: str) -> None:
    assert {front for front, _, _ in PAIRS} | {ground for _, ground, _ in PAIRS} <= roles(mode).keys()


def roles(mode: str) -> dict[str, float]:
    """The relative luminance of each role."""
    sheet = TOKENS.read_text("utf-8")
    dark = re.search(r"prefers-color-scheme: dark\) \{(.*?)\n  \}", sheet, re.S)
    assert dark
    named = _lch(sheet.replace(dark[0], ""))
    if mode == "dark":
        named |= _lch(dark[1])
    return {
        role: luminance(*named[name])
        for role, name in re.findall(r"--color-([\w-]+): oklch\(var\(--lch-([\w-]+)\)\)", sheet)
    }


def _lch(css: str) -> dict[str, tuple[float, float, float]]:
    found = re.findall(r"--lch-([\w-]+): ([\d.]+)% ([\d.]+) ([\d.]+);", css)
    return {name: (float(light) / 100, float(chroma), float(hue)) for name, light, chroma, hue in found}


def luminance(light: float, chroma: float, hue: float) -> float:
    """Relative luminance of an OKLCH colour, clipped to sRGB. Source: https://bottosson.github.io/posts/oklab/"""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    red, green, blue = (min(1.0, max(0.0, part)) for part in linear)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    lighter, darker = max(one, other), min(one, other)
    return (lighter + 0.05) / (darker + 0.05)
