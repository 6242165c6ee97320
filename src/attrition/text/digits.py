# ruff: noqa: PLR2004  # groups of two and three digits are what this grammar is about
# groups of two and three digits are what this grammar is about
"""Numbers in digits: grouped, decimal, scaled, or a fraction of two signs."""

from __future__ import annotations

import re
from typing import Final

from attrition.core.errors import InputError, clip, refusal
from attrition.text.elements import Number
from attrition.text.text import Tokens, listed
from attrition.text.vocabulary import numbers_for

_HUNDREDS: Final = re.compile("[1-9][0-9]{2}")
DIGITS: Final = 15
"""Most digits a number may have, so that it is exact as a float."""

KILO, MILLION = 10**3, 10**6

SCALE: Final[dict[str, int]] = numbers_for("scale")

_ATTACHED: Final[dict[str, int]] = numbers_for("attached")

SIGN_PART: Final[dict[str, tuple[int, int]]] = numbers_for("signs")

_PLURALS: Final = frozenset(numbers_for("plurals"))

_UNITS: Final = frozenset(listed("percent km km² m² pc ha mi kms ft yd sqkm"))
"""Letters that touch a number and measure it."""


_PLACE: Final = "number in the phrase"


def literal(token: str, *, dotted: bool = False) -> tuple[int, int, bool, tuple[str, ...]]:
    """Return mantissa, decimals, whether a comma is decimal, and the candidates if unclear.

    Examples
    --------
    >>> literal("1.000.000"), literal("1.2")
    ((1000000, 0, False, ()), (12, 1, False, ()))
    >>> literal("1.000")[3]
    ('1000 (the dot groups thousands)', '1 (the dot is the decimal mark)')
    """
    if len(token) > 1 and token.isdigit() and token[0] == "0":
        raise refusal("number without zeros", clip(token), _PLACE)
    if token.isdigit():
        return int(_few_enough(token)), 0, False, ()
    if "e" in token or "E" in token:
        return _scientific(token)
    spaced = token.replace(" ", "")
    if "'" in spaced:
        spaced = _ungroup(spaced, "'", token)
    commas, dots = spaced.count(","), spaced.count(".")
    if commas and dots:
        last, other = (",", ".") if spaced.rfind(",") > spaced.rfind(".") else (".", ",")
        if spaced.count(last) > 1:
            raise refusal("written number", clip(token), _PLACE)
        whole, _, fraction = spaced.rpartition(last)
        whole = _ungroup(whole, other, token)
        return int(_few_enough(whole + fraction)), len(fraction), False, ()
    mark = "," if commas else "."
    if commas > 1 or dots > 1:
        return int(_few_enough(_ungroup(spaced, mark, token))), 0, False, ()
    return _one_mark(spaced, mark, dotted=dotted)


def _one_mark(token: str, mark: str, *, dotted: bool) -> tuple[int, int, bool, tuple[str, ...]]:
    whole, _, fraction = token.partition(mark)
    joined = int(_few_enough(whole + fraction))
    groups = len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")  # thousands
    if not groups:
        if mark == "," and len(fraction) > 2:  # 1,2345 is neither
            raise refusal("written number", clip(token), _PLACE)
        return joined, len(fraction), mark == ",", ()
    if mark == "," or dotted:
        return joined, 0, False, ()
    plain = f"{joined / 1000:g}"
    choices = (f"{joined} (the dot groups thousands)", f"{plain} (the dot is the decimal mark)")
    return joined, 3, False, choices


def _scientific(token: str) -> tuple[int, int, bool, tuple[str, ...]]:
    mantissa, _, power = token.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    exponent = int(power[-4:]) - len(fraction)
    if len(power) > 4 or exponent + len(whole + fraction) > DIGITS:  # far beyond
        raise too_long("more")
    value = int(_few_enough(whole + fraction))
    return (value * 10**exponent, 0, False, ()) if exponent >= 0 else (value, -exponent, False, ())


def _ungroup(token: str, mark: str, text: str) -> str:
    parts = token.split(mark)
    threes = all(len(part) == 3 for part in parts[1:])  # thousands
    indian = mark == "," and len(parts[-1]) == 3 and all(len(part) == 2 for part in parts[1:-1])
    if not 1 <= len(parts[0]) <= 3 or not (threes or (indian and len(parts[0]) <= 2)):
        raise refusal("groups of digits", clip(text), _PLACE)
    return "".join(parts)


def _few_enough(digits: str) -> str:
    if len(digits) > DIGITS:
        raise too_long(f"{len(digits)} digits" if len(digits) > 20 else digits)
    return digits


def too_long(got: str) -> InputError:
    """Return the refusal of a number that a float would not hold exactly."""
    return refusal("most digits", clip(got), _PLACE, most=DIGITS)


def digits_at(tokens: Tokens, i: int, *, dotted: bool) -> Number | None:
    """Return the number in digits at a token, or nothing for "47th" and "155mm"."""
    text, suffix = tokens.low[i], tokens.suffix[i]
    mantissa, decimals, comma, choices = literal(text, dotted=dotted)
    number = Number(i, i, 0.0, digits=True, decimal_comma=comma, choices=choices)
    if suffix:
        return _with_letters(tokens, number, mantissa, decimals)
    if tokens.at(i + 1) == "/" and tokens.is_number(i + 2):
        return _slashed(tokens, i, mantissa)
    return (None if decimals else _mixed_at(tokens, number, mantissa)) or _with_scale(
        tokens, number, mantissa, decimals
    )


def _with_letters(tokens: Tokens, number: Number, mantissa: int, decimals: int) -> Number | None:
    """Read "24k", "3½", "100s", "18km"; nothing for letters that make it a name."""
    suffix = tokens.suffix[number.first]
    if suffix in SIGN_PART and not decimals:
        return mixed(tokens, number, mantissa, SIGN_PART[suffix])
    if suffix == "s" and not decimals and mantissa in {100, 1000}:
        return _plural(number, mantissa)
    lower = suffix.lower()
    if lower in _ATTACHED:
        number.metres = suffix == "m"
        return _scaled(number, mantissa, decimals, _ATTACHED[lower])
    return _scaled(number, mantissa, decimals, 1) if lower in _UNITS else None


def _mixed_at(tokens: Tokens, number: Number, mantissa: int) -> Number | None:
    """Read "5 and a half thousand", "2 1/2 million", "2 ½ million"."""
    i = number.first
    if _and_a_half(tokens, i):
        number.last = i + 4
        return mixed(tokens, number, mantissa, (1, 2), at=i + 4)
    if _halves(tokens, i + 1):
        number.last = i + 3
        return mixed(tokens, number, mantissa, (1, int(tokens.low[i + 3])))
    if tokens.at(i + 1) in SIGN_PART:
        number.last = i + 1
        return mixed(tokens, number, mantissa, SIGN_PART[tokens.low[i + 1]])
    return None


def _with_scale(tokens: Tokens, number: Number, mantissa: int, decimals: int) -> Number:
    """Read the scale words after a number: "3 lakh crore", "14 thousand 500"."""
    i = number.first
    j = i + 2 if tokens.at(i + 1) == "-" and tokens.at(i + 2) in SCALE else i + 1
    word = tokens.at(j)
    if word == "m" and j == i + 1:
        number.metres, number.last = True, j
        return _scaled(number, mantissa, decimals, MILLION)
    ordinal = tokens.suffix[i] in {"st", "nd", "rd", "th"}  # "(3rd Bn)"
    if ordinal or word not in SCALE or (word in _PLURALS and tokens.at(j + 1) == "of"):
        return _scaled(number, mantissa, decimals, 1)
    scale, number.last = SCALE[word], j
    if tokens.at(j + 1) in {"thousand", "million", "billion", "trillion", "crore"}:
        scale, number.last = scale * SCALE[tokens.low[j + 1]], j + 1
    elif scale == KILO and _hundreds_follow(tokens, j):
        number.last = j + 1
        whole = mantissa * scale + int(tokens.low[j + 1]) * 10**decimals
        return _scaled(number, whole, decimals, 1)
    elif _more_follows(tokens, j, scale):
        more = int(tokens.low[j + 1]) * SCALE[tokens.low[j + 2]]
        number.last = j + 2
        return _scaled(number, mantissa * scale + more * 10**decimals, decimals, 1)
    return _scaled(number, mantissa, decimals, scale)


def _hundreds_follow(tokens: Tokens, j: int) -> bool:
    """Return whether the rest of a number follows its thousands: "14 thousand 500 men"."""
    free = tokens.at(j) == "thousand" and tokens.is_number(j + 1) and not tokens.suffix[j + 1]
    return free and _HUNDREDS.fullmatch(tokens.low[j + 1]) is not None


def _more_follows(tokens: Tokens, j: int, scale: int) -> bool:
    """Return whether a smaller scale follows: "2 lakh 30 thousand"."""
    smaller = SCALE.get(tokens.at(j + 2), scale)
    return tokens.is_number(j + 1) and tokens.low[j + 1].isdigit() and 1 < smaller < scale


def _plural(number: Number, size: int) -> Number:
    """Read "100s of soldiers" as hundreds; "1000s" leaves open how many thousands."""
    number.hedge, number.digits = "order-of-magnitude", False
    number.low, number.high = float(size), 10.0 * size
    if size == KILO:
        number.choices = (f"{size} to {10 * size}", f"{size} to {1000 * size}")
    return number


def _slashed(tokens: Tokens, i: int, count: int) -> Number | None:
    """Read "3/4 of a million" and "1/4 of the army"; other strokes are no numbers."""
    under = tokens.at(i + 2)
    known = under in {"2", "3", "4", "5", "10"} and not tokens.suffix[i + 2]
    if not known or not 0 < count < int(under):
        return None
    part = int(under)
    j = i + 3
    while tokens.at(j) in {"of", "a", "-"}:
        j += 1
    scale = SCALE.get(tokens.at(j), 0)
    if scale:
        return Number(i, j, count * scale / part, scale / part, scale, count / part, digits=False)
    if tokens.at(i + 3) not in {"of", "", "."}:
        return None
    return Number(i, i + 2, 100.0 * count / part, 100.0 / part, digits=False, part=True)


def _and_a_half(tokens: Tokens, i: int) -> bool:
    """Return whether "and a half thousand" follows."""
    scale = SCALE.get(tokens.at(i + 4), 0)
    return tokens.low[i + 1 : i + 4] == ["and", "a", "half"] and scale >= KILO


def _halves(tokens: Tokens, j: int) -> bool:
    """Return whether "1/2" follows, as in "1 1/2 million"."""
    under, scaled = tokens.at(j + 2) in {"2", "3", "4"}, tokens.at(j + 3) in SCALE
    return tokens.low[j : j + 2] == ["1", "/"] and under and scaled


def mixed(
    tokens: Tokens, number: Number, whole: int, part: tuple[int, int], at: int = -1
) -> Number:
    """Complete a whole number with a fraction, and a scale if one follows."""
    scale = SCALE.get(tokens.at(number.last + 1 if at < 0 else at), 1)
    if scale > 1 and at < 0:
        number.last += 1
    number.value = (whole * part[1] + part[0]) * scale / part[1]
    number.bare, number.scale, number.step = number.value / scale, scale, scale / part[1]
    number.part = whole == 0 and scale == 1
    if number.part:  # "½ of the army", as a share in percent
        number.value, number.step = 100.0 * number.value, 100.0 * number.step
    return number


def _scaled(number: Number, mantissa: int, decimals: int, scale: int) -> Number:
    if len(str(mantissa * scale)) - decimals > DIGITS:
        raise too_long("more")
    if scale > 1:
        if number.choices:
            number.choices = ()
        elif decimals == 0 and mantissa >= 1000 and scale >= KILO and number.digits:
            number.choices = (
                f"{mantissa * scale} (the comma groups thousands)",
                f"{mantissa * scale / 1000:.0f} (the comma is the decimal mark)",
            )
        number.decimal_comma = False
    number.value = mantissa * scale / 10**decimals
    number.bare, number.scale = mantissa / 10**decimals, scale
    number.step = scale / 10**decimals
    return number
