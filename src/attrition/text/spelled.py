# ruff: noqa: PLR2004  # tens, hundreds and halves are what this grammar is about
# tens, hundreds and halves are what this grammar is about
"""Numbers in words: cardinals, dozens, halves, vague ones as "several thousand", and nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from attrition.text.digits import DIGITS, KILO, SCALE, SIGN_PART, digits_at, mixed, too_long
from attrition.text.elements import Number
from attrition.text.patterns import beside
from attrition.text.text import Tokens
from attrition.text.vocabulary import CATEGORY, DEMONYM, MEMBERS, WORDS, numbers_for

_ONES: Final[dict[str, int]] = numbers_for("ones")
_TENS: Final[dict[str, int]] = numbers_for("tens")
_TEN, _DOZEN, _SCORE = 10, 12, 20

SMALL: Final = _ONES | _TENS

_PLURALS: Final[dict[str, tuple[int, int]]] = numbers_for("plurals")

_BANDS: Final[dict[str, tuple[int, int]]] = numbers_for("bands")
_FEW: Final[dict[str, tuple[str, int, int]]] = numbers_for("few")

_PART: Final[dict[str, int]] = numbers_for("parts")

STARTS: Final = frozenset(
    {"handful", *SMALL, *_PLURALS, *_FEW, *_PART, *SIGN_PART, *SCALE, "a", "an", "couple"}
) - {"k", "mn", "mln", "mil", "mio", "bn", "bln", "tn"}


def words_at(  # one return for each way a number can begin  # noqa: PLR0911  # one return for each way to begin
    tokens: Tokens, i: int, *, joined: bool
) -> Number | None:
    """Return the number in words that starts at a token."""
    word = tokens.low[i]
    if word in {"a", "an"}:
        return _article(tokens, i, joined=joined)
    if word in SIGN_PART:
        return mixed(tokens, Number(i, i, 0.0, digits=False), 0, SIGN_PART[word])
    if word in _FEW or word in {"couple", "handful"}:
        return _vague(tokens, i) or _some(tokens, i)
    if word in _PLURALS and word not in SMALL:
        return _plural(tokens, i)
    if word in _PART:
        return _fraction(tokens, i, 1, i)
    if word in SMALL or word in SCALE:
        return _cardinal(tokens, i, joined=joined)
    return None


def _article(tokens: Tokens, i: int, *, joined: bool) -> Number | None:
    follow = tokens.at(i + 1)
    if follow == "-":
        return None
    if follow in {"few", "couple", "handful"}:
        number = _vague(tokens, i + 1) or _some(tokens, i + 1)
    elif follow in _PART:
        number = _fraction(tokens, i + 1, 1, i)
    elif follow == "score" and tokens.at(i + 2) == "of":
        number = Number(i, i + 1, float(_SCORE), digits=False, hedge="about")
    elif follow in SCALE and not follow.endswith("s"):
        number = _cardinal(tokens, i + 1, joined=joined)
    else:
        return None
    if number:
        number.first = i
    return number


def _some(tokens: Tokens, i: int) -> Number | None:
    """Read "several soldiers", "a handful of people": a vague count of persons."""
    if tokens.low[i] not in _FEW or tokens.low[i] == "many":
        return None
    j = i + 2 if tokens.at(i + 1) == "of" else i + 1
    while tokens.at(j) in {"the", "other", "more", "others"}:
        j += 1
    if not any(tokens.at(k) in WORDS.nouns for k in (j, j + 1, i + 1)):
        return None
    key, low, high = _FEW[tokens.low[i]]
    return Number(i, i, 0.0, digits=False, hedge=key, low=float(low), high=float(high))


def _digits_long(tokens: Tokens, i: int) -> Number | None:
    """Read "six-figure casualties" and "in five figures"."""
    count = SMALL.get(tokens.low[i], 0)
    j = i + 2 if tokens.at(i + 1) == "-" else i + 1
    if not 2 <= count <= 9 or tokens.at(j) not in {"figure", "figures", "digit", "digits"}:
        return None
    if tokens.at(j).endswith("s") and tokens.at(i - 1) not in {"in", "into", "to"}:
        return None
    ends = float(10 ** (count - 1)), float(10**count)
    return Number(i, j, 0.0, digits=False, hedge="order-of-magnitude", low=ends[0], high=ends[1])


def _vague(tokens: Tokens, i: int) -> Number | None:
    j = i + 2 if tokens.at(i + 1) == "of" else i + 1
    scale = SCALE.get(tokens.at(j), 0)
    if tokens.low[i] == "couple":
        if not scale:
            some = tokens.low[i + 1 : i + 2] == ["of"] and tokens.at(j) in WORDS.persons
            return Number(i, j - 1, 2.0, digits=False, hedge="about") if some else None
        return Number(i, j, 2.0 * scale, float(scale), scale, 2.0, digits=False, hedge="about")
    key, low, high = _FEW[tokens.low[i]]
    if not scale:
        return None
    if tokens.low[j].endswith("s") and tokens.at(j + 1) == "of" and tokens.at(j + 2) in SCALE:
        return _plural(tokens, j)
    if tokens.low[i] == "many" and tokens.low[j].endswith("s"):
        return _plural(tokens, j)
    if tokens.at(j + 1) in {"thousand", "million"} and scale == 100:  # several hundred thousand
        j += 1
        scale *= SCALE[tokens.low[j]]
    ends = float(low * scale), float(high * scale)
    return Number(i, j, 0.0, scale=scale, digits=False, hedge=key, low=ends[0], high=ends[1])


def _plural(tokens: Tokens, i: int) -> Number | None:
    word = tokens.low[i]
    low, high = _PLURALS[word]
    last = i
    if tokens.at(i + 1) == "of" and (
        tokens.at(i + 2).removesuffix("s") in {"thousand", "million", "billion", "hundred"}
    ):
        factor = SCALE[tokens.low[i + 2]]
        low, high, last = low * factor, high * factor, i + 2
    elif word == "tens" and not (tokens.at(i + 1) == "of" and tokens.at(i + 2) in WORDS.persons):
        return None
    first, lead = i, i - 2 if tokens.at(i - 1) == "-" else i - 1
    band = _BANDS.get(tokens.at(lead)) if lead == i - 1 or tokens.at(lead) == "mid" else None
    if band:
        first, low, high = lead, low * band[0], low * band[1]
    number = Number(first, last, 0.0, digits=False, hedge="order-of-magnitude")
    number.low, number.high = float(low), float(high)
    beside = {"dozens", "scores", "hundreds"} & set(tokens.low)  # "hundreds died, thousands fled"
    if band is None and last == i and word in {"thousands", "millions", "billions"} and not beside:
        number.choices = (
            f"one digit before it: {low} to {high}",
            f"any number of them: {low} to {low * 1000}",
        )
    return number


def _fraction(tokens: Tokens, i: int, count: int, first: int) -> Number | None:
    """Read "half a million", "three quarters of a million", "a third of …"."""
    part = _PART[tokens.low[i]]
    if first == i and part not in {2, 4} and count == 1:
        return None
    j = i + 1
    while tokens.at(j) in {"of", "a", "an", "-", "one"}:
        j += 1
    scale = SCALE.get(tokens.at(j), 0)
    if scale:
        value = count * scale / part
        return Number(first, j, value, scale / part, scale, count / part, digits=False)
    if first == i and tokens.at(i + 1) == "-":
        return None
    follow = tokens.at(i + 1)
    ordinal = first == i - 1 and tokens.low[first] == "a" and follow == ","  # "a third, an Iraqi,"
    if part != 2 and (ordinal or follow not in {"of", "", ".", ",", "and", "to", "or"}):
        return None  # "half the army"
    if part == 4 and first == i and follow != "of":  # "quarter" of a year
        return None
    return Number(first, i, 100.0 * count / part, 100.0 / part, digits=False, part=True)


@dataclass(slots=True)
class _Sum:
    """A cardinal as it is heard, word by word.

    Attributes
    ----------
    total : int
        What the scale words so far have closed.
    current : int
        What stands before the next scale word.
    scale : int
        The last scale word.
    small : bool
        The word before was below one hundred.
    """

    total: int = 0
    current: int = 0
    scale: int = 1
    small: bool = False

    def add(self, value: int) -> bool:
        """Add a word below one hundred; return whether it fits."""
        rest = self.current % 100
        fits = rest == 0 or (rest >= 20 and rest % 10 == 0 and 0 < value < 10)
        if not fits or (self.current and value == 0):
            return False
        self.current += value
        self.small = True
        return True

    def multiply(self, scale: int) -> bool:
        """Apply a scale word; return whether it fits."""
        if scale <= 100:
            if self.current >= 100:
                return False
            self.current = max(self.current, 1) * scale
        elif self.current == 0 and self.total:
            self.total *= scale
            self.scale = scale
        elif self.total and scale >= self.total:
            return False
        else:
            self.total += max(self.current, 1) * scale
            self.current, self.scale = 0, scale
        self.small = False
        return True


def _cardinal(tokens: Tokens, i: int, *, joined: bool) -> Number | None:
    """Read a cardinal, with the half of "a million and a half" behind it."""
    number = _whole(tokens, i, joined=joined)
    scale = 0 if number is None else SCALE.get(tokens.low[number.last], 0)
    if number is None or (scale != _DOZEN and scale < KILO) or number.scale > max(scale, 1):
        return number
    part = _PART.get(tokens.at(number.last + 3), 0)
    if tokens.low[number.last + 1 : number.last + 3] != ["and", "a"] or part not in {2, 4}:
        return number
    rest = scale / part
    value, bare = number.value + rest, number.bare + 1 / part
    return Number(i, number.last + 3, value, rest, number.scale, bare, digits=False)


def _whole(tokens: Tokens, i: int, *, joined: bool) -> Number | None:
    forms = (_of_old, _and_a_half, _digits_long, _point)
    special = next(filter(None, (read(tokens, i) for read in forms)), None)
    if special:
        return special
    heard, last, j = _Sum(), i, i
    while j < len(tokens) and not tokens.used[j]:
        word = tokens.low[j]
        if word in SMALL:
            fits = heard.add(SMALL[word])
        elif word in SCALE and word != "k":
            plural = word.endswith("s") and j == i
            fits = not plural and heard.multiply(SCALE[word])
        elif word in _PART and heard.current and not heard.total:
            return _fraction(tokens, j, heard.current, i)
        elif j > i and _glued(tokens, j, heard, joined=joined):
            j += 1
            continue
        else:
            break
        if not fits:
            break
        if heard.total >= 10**DIGITS:
            raise too_long("more")
        last = j
        j += 1
    value, scale = heard.total + heard.current, heard.scale
    if value >= 10**DIGITS:
        raise too_long("more")
    step = float(scale if value % scale == 0 else 1)
    return Number(i, last, float(value), step, scale, value / scale, digits=False)


def _point(tokens: Tokens, i: int) -> Number | None:
    """Read "one point two million"."""
    whole = SMALL.get(tokens.low[i])
    if whole is None or tokens.at(i + 1) != "point":
        return None
    j, text = i + 2, ""
    while SMALL.get(tokens.at(j), _TEN) < _TEN:
        text += str(SMALL[tokens.low[j]])
        j += 1
    scale = SCALE.get(tokens.at(j), 0)
    if not text or scale < KILO:
        return None
    bare = float(f"{whole}.{text}")
    step = scale / _TEN ** len(text)
    return Number(i, j, round(bare * scale, 6), step, scale, bare, digits=False)


def _of_old(tokens: Tokens, i: int) -> Number | None:
    """Read "seven and twenty" and "four score and ten", as it was said of old."""
    count, joint = SMALL.get(tokens.low[i], 0), tokens.at(i + 1)
    if count and tokens.low[i + 1 : i + 4] == ["-", "and", "-"] and tokens.at(i + 4) in _TENS:
        return Number(i, i + 4, float(count + _TENS[tokens.low[i + 4]]), digits=False)
    tens = _TENS.get(tokens.at(i + 2), 0)
    if 0 < count < _TEN and joint == "and" and tens:
        return Number(i, i + 2, float(count + tens), digits=False)
    ones = SMALL.get(tokens.at(i + 2), 0)
    if tokens.low[i] in {"threescore", "fourscore"} and joint == "and" and 0 < ones < _SCORE:
        return Number(i, i + 2, float(count + ones), digits=False)
    if not count or joint != "score":
        return None
    rest = SMALL.get(tokens.at(i + 3), 0) if tokens.at(i + 2) == "and" else 0
    rest = rest if rest < _SCORE else 0
    return Number(i, i + 3 if rest else i + 1, float(_SCORE * count + rest), digits=False)


def _and_a_half(tokens: Tokens, i: int) -> Number | None:
    """Read "one and a half million", "two and three quarters million"."""
    whole = SMALL.get(tokens.low[i], 0)
    if not whole or tokens.at(i + 1) != "and":
        return None
    j = i + 3 if tokens.at(i + 2) in {"a", "one"} else i + 2
    count = 1
    if tokens.at(j) == "three":
        count, j = 3, j + 2 if tokens.at(j + 1) == "-" else j + 1
    part, scale = _PART.get(tokens.at(j), 0), SCALE.get(tokens.at(j + 1), 0)
    if not part or scale < KILO:
        return None
    value = (whole * part + count) * scale / part
    return Number(i, j + 1, value, scale / part, scale, value / scale, digits=False)


def _glued(tokens: Tokens, j: int, heard: _Sum, *, joined: bool) -> bool:
    """Return whether a hyphen or an "and" holds a number together here."""
    follow = tokens.at(j + 1)
    if tokens.low[j] == ",":  # "twenty-one thousand, four hundred"
        hundreds = follow in SMALL and tokens.at(j + 2) == "hundred"
        return hundreds and not heard.current and heard.total >= KILO
    if tokens.low[j] == "-":
        if follow in SMALL:
            return tokens.low[j - 1] in _TENS and SMALL[follow] < 10
        return follow in SCALE or follow in _PART
    if tokens.low[j] != "and" or not joined or SMALL.get(follow, 0) == 0:
        return False
    return heard.current % 100 == 0 if heard.current else heard.total > 0


def number_at(
    tokens: Tokens, i: int, *, dotted: bool = False, joined: bool = True
) -> Number | None:
    """Return the number that starts at a token.

    Parameters
    ----------
    tokens : Tokens
        The quotation.
    i : int
        Where to look.
    dotted : bool
        The quotation shows elsewhere that a dot groups thousands.
    joined : bool
        Whether "and" may stand inside ("two hundred and fifty").
    """
    if tokens.kind[i] == "n":
        return digits_at(tokens, i, dotted=dotted)
    return words_at(tokens, i, joined=joined) if tokens.low[i] in STARTS else None


_WINDOW: Final = 6


def zero_at(tokens: Tokens, i: int) -> Number | None:
    """Return the number nought that the words at a token say, or nothing."""
    word, j = _negation(tokens, i)
    if word not in WORDS.nobody or tokens.used[i]:
        return None
    if word == "none" and _after_harm(tokens, i):
        return Number(i, i, 0.0, digits=False)
    if word == "no":
        while tokens.at(j) in WORDS.adjectives:
            j += 1
        noun, before = tokens.at(j), tokens.at(i - 1)
        lost = noun in {"loss", "losses"} and (
            before in WORDS.suffered or tokens.at(j + 1) in {"among", "on"}
        )
        counted = lost or (noun in CATEGORY and noun not in WORDS.not_counted)
        second = before in {"or", "and"} and "no" in tokens.low[max(i - _WINDOW, 0) : i]
        if counted and not second:  # "no deaths and no injuries"
            return Number(i, j - 1, 0.0, digits=False)
        if noun not in WORDS.persons and noun not in WORDS.person:
            return None
        if before in {"and", "but"} and any(w in CATEGORY for w in tokens.low[:i]):
            return Number(i, j - 1, 0.0, digits=False)  # "killed two fighters and no civilians"
    return Number(i, j - 1, 0.0, digits=False) if _harmed(tokens, j) else None


def _after_harm(tokens: Tokens, i: int) -> bool:
    """Return whether "none" ends a count: "missing: none", "four died in May and none in June"."""
    if beside(tokens, i, i, "<members>|losses|casualties !<ends>|:..8 : # <ends>|$"):
        return True
    before = tokens.low[max(i - 2 * _WINDOW, 0) : i]
    return any(CATEGORY.get(word) in MEMBERS for word in before) and beside(
        tokens, i, i, "and|but|:|, # in|on|at|from|since|after|$"
    )


def _negation(tokens: Tokens, i: int) -> tuple[str, int]:
    """Return "no", "nobody" or "none" for the words at a token, and the token after them."""
    if tokens.low[i] == "not" and tokens.at(i + 1) == "one":
        return ("none" if tokens.at(i + 2) == "of" else "no"), i + 2
    if tokens.low[i : i + 3] == ["not", "a", "single"]:
        return "no", i + 3
    if tokens.low[i] == "no" and tokens.at(i + 1) == "one":
        return "nobody", i + 2
    return tokens.low[i], i + 1


def _harmed(tokens: Tokens, j: int) -> bool:
    """Return whether the next words say what befell nobody: "was killed"."""
    for k in range(j, min(j + _WINDOW, len(tokens))):
        verb = tokens.low[k]
        if verb in CATEGORY and verb not in WORDS.not_befalling:
            return True
        if verb not in WORDS.zeros_be and verb not in WORDS.persons and verb not in WORDS.person:
            return False
    return False


def person_at(tokens: Tokens, i: int) -> Number | None:
    """Return the number one of "five soldiers and a child were killed", or nothing."""
    noun = i + 2 if tokens.at(i + 1) in DEMONYM else i + 1  # "and a French contractor"
    if tokens.low[i] not in {"a", "an"} or tokens.at(noun) not in WORDS.person:
        return None
    listed = tokens.at(i - 1) in {"and", ","} and tokens.at(i - 2) in WORDS.persons
    if beside(tokens, i, i, "one|1 <category> , #"):
        return None  # "one dead, a policeman"
    if not listed or "by" in tokens.low[max(i - 4, 0) : i]:
        return None  # "shot dead by a soldier and a civilian"
    near = range(noun + 1, noun + 1 + _WINDOW)
    harmed = any(tokens.at(k) in CATEGORY for k in near) or tokens.at(noun + 1) in {".", ""}
    return Number(i, i, 1.0, digits=False) if harmed else None


def both_at(tokens: Tokens, i: int) -> Number | None:
    """Return the number two of "both pilots died", or nothing."""
    j = i + 2 if tokens.at(i + 1) in {"the", "of", "its"} else i + 1
    if tokens.low[i] != "both" or tokens.at(j) not in WORDS.persons or tokens.at(j) in CATEGORY:
        return None
    return Number(i, i, 2.0, digits=False)
