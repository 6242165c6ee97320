"""Sentences written for what few sentences hold, each with its reading as an editor gives it."""

from __future__ import annotations

import pytest

from attrition.text import Reading, parse

WRITTEN: dict[str, tuple[str, ...]] = {
    "The official toll is 2,417.5 thousand dead.": (
        "2417500, exactly, killed, level, '2,417.5 thousand'",
    ),
    "About 1,500.25 million people died.": (
        "1500250000, about, killed, level, scope=people, 'About 1,500.25 million'",
    ),
    "Some 1.234,5 people died.": ("1234.5, about, killed, level, scope=people, 'Some 1.234,5'",),
    "Nearly 2 1/2 million people were killed.": (
        "2500000, nearly, killed, level, scope=people, 'Nearly 2 1/2 million'",
    ),
    "Some 3 ½ million people died.": (
        "3500000, about, killed, level, scope=people, 'Some 3 ½ million'",
    ),
    "More than 2 ½ thousand soldiers fell.": (
        "2500, over, killed, level, scope=soldiers, 'More than 2 ½ thousand'",
    ),
    "Some 3 lakh crore people died.": (
        "3e+12, about, killed, level, scope=people, 'Some 3 lakh crore'",
    ),
    "2 lakh 30 thousand people were killed.": (
        "230000, unhedged-round, killed, level, scope=people, '2 lakh 30 thousand'",
    ),
    "1000s of soldiers were killed.": (
        "?, order-of-magnitude, killed, level, scope=soldiers, unsure: 1000 to 10000 | "
        "1000 to 1000000, '1000s'",
    ),
    "100s of soldiers were killed.": (
        "100..1000, order-of-magnitude, killed, level, scope=soldiers, '100s'",
    ),
    "3/4 of a million people died.": (
        "750000, unhedged-round, killed, level, scope=people, '3/4 of a million'",
    ),
    "Killed: 2/3.": ("66.66666667, unhedged-round, killed, share, percent, '2/3'",),
    "14 thousand 500 men were killed.": (
        "14500, unhedged-round, killed, level, scope=men, '14 thousand 500'",
    ),
    "Of every ten patients, four die.": (
        "?, exactly, killed, level, unsure: a ratio, 'of every', which counts nobody by "
        "itself | a count, 'four'",
    ),
    "Killed, captured and missing soldiers number 2,300.": (
        "2300, unhedged-round, irrecoverable, level, scope=soldiers, '2,300'",
    ),
    "Twice as many as 300 people died.": (
        "?, up-to, killed, level, scope=people, unsure: a multiple of the figure: 'Twice "
        "as many as 300' | the figure itself, 'as many as 300'",
    ),
    "A dozen festival-goers were killed.": ("12, exactly, killed, level, scope=people, 'A dozen'",),
    "12 festival-goers died in the crush.": ("12, exactly, killed, level, scope=people, '12'",),
    "Police said 40 concert-goers were wounded.": (
        "40, unhedged-round, wounded, level, scope=people, hedged_by=Police said, '40'",
    ),
    "From a few hundred to 3,000 people died.": (
        "200..3000, between, killed, level, scope=people, 'a few hundred to 3,000'",
    ),
    "From a few hundred to several thousand people were killed.": (
        "200..9000, between, killed, level, scope=people, 'a few hundred to several thousand'",
    ),
    "Between 3 and 4,000 people died.": (
        "?, between, killed, level, scope=people, unsure: 3000 to 4000 | 3 to 4000, '3 and 4,000'",
    ),
    "Some 180-240,000 people died.": (
        "?, between, killed, level, scope=people, unsure: 180000 to 240000 | 180 to "
        "240000, 'Some 180-240,000'",
    ),
    "Between 2 and 3 million people died.": (
        "2000000..3000000, between, killed, level, scope=people, '2 and 3 million'",
    ),
    "Between 900 and 3 million people died.": (
        "?, between, killed, level, scope=people, unsure: 900 to 3000000 | 900000000 and "
        "3000000, '900 and 3 million'",
    ),
    "12 to 15 thousand were killed.": (
        "12000..15000, between, killed, level, '12 to 15 thousand'",
    ),
    "5 thousand to 7 were killed.": ("5000..7000, between, killed, level, '5 thousand to 7'",),
    "90 to 40 people died.": (
        "?, between, killed, level, scope=people, unsure: 40 to 90, if the ends are "
        "swapped | 90 and 40, two figures, '90 to 40'",
    ),
    "Deaths rose by 3 percentage points.": (
        "3, exactly, None, increment, percentage points, '3 percentage points'",
    ),
    "The killed share rose 4 per cent points.": (
        "4, exactly, None, increment, percentage points, '4 per cent points'",
    ),
    "The toll since the start of the war in February 2022 is 70,000 dead.": (
        "70000, unhedged-round, killed, increment, window=since the start of the war in "
        "February 2022, '70,000'",
    ),
    "300 people have died since the start of the full-scale invasion in the spring of 2022.": (
        "300, unhedged-round, killed, increment, window=since the start of the "
        "full-scale invasion in spring 2022, scope=people, '300'",
    ),
    "12 people were killed in the week so far.": (
        "12, exactly, killed, increment, window=so far in the week, scope=people, '12'",
    ),
    "In 2023 so far 300 people were killed.": (
        "300, unhedged-round, killed, increment, window=so far in 2023, scope=people, '300'",
    ),
    "So far in March 300 people were killed.": (
        "300, unhedged-round, killed, increment, window=so far in March, scope=people, '300'",
    ),
    "So far in the first half of 2023, 300 people were killed.": (
        "300, unhedged-round, killed, increment, window=so far in the first half of "
        "2023, scope=people, '300'",
    ),
    "This year so far 300 people have died.": (
        "300, unhedged-round, killed, increment, window=so far this year, scope=people, '300'",
    ),
    "Last month so far 20 people died.": (
        "20, unhedged-round, killed, increment, window=so far last month, scope=people, '20'",
    ),
    "From 2014 to now 14,000 people were killed.": (
        "14000, unhedged-round, killed, increment, window=since 2014, scope=people, '14,000'",
    ),
    "Between 2 March and now 140 people died.": (
        "140, unhedged-round, killed, increment, window=since 2 March, scope=people, '140'",
    ),
    "From 1914-18 some 10 million soldiers died.": (
        "10000000, about, killed, increment, window=from 1914 to 1918, scope=soldiers, "
        "'some 10 million'",
    ),
    "10m were killed.": ("10000000, unhedged-round, killed, level, '10m'",),
    "Killed: 10m.": ("10000000, unhedged-round, killed, level, '10m'",),
    "10 m dead.": ("10000000, unhedged-round, killed, level, '10 m'",),
    "About 30m.": ("30000000, about, None, level, 'About 30m'",),
    "About 30m a day.": (
        "?, about, None, rate, per day, unsure: 30000000 (m for million) | 30 metres, 'About 30m'",
    ),
    "Not a single civilian was killed.": (
        "?, exactly, killed, level, scope=civilians, unsure: the words deny the figure: "
        "'Not a single', 'Not a single'",
    ),
    "No one was killed and nobody wounded.": (
        "0, exactly, killed, level, 'No one'",
        "0, exactly, wounded, level, 'nobody'",
    ),
    "On 14 May 230 soldiers were killed.": (
        "230, unhedged-round, killed, increment, window=on 14 May, scope=soldiers, '230'",
    ),
    "two of the institute's estimates: 300 dead.": (
        "300, unhedged-round, killed, level, hedged_by=two of the institute's estimates, '300'",
    ),
    "The institute's estimate of 300 dead is too high.": (
        "300, about, killed, level, hedged_by=The institute's estimate, 'estimate of 300'",
    ),
    "The institute’s estimate says 300 were killed.": (
        "300, about, killed, level, hedged_by=The institute's estimate, '300'",
    ),
    "The army gave way and 300 died.": (
        "300, unhedged-round, killed, level, scope=soldiers, '300'",
    ),
    "Several of the soldiers were killed.": (
        "3..9, several, killed, level, scope=soldiers, 'Several'",
    ),
    "Several hundred thousand people died.": (
        "300000..900000, several, killed, level, scope=people, 'Several hundred thousand'",
    ),
    "A couple of hundred people died.": (
        "200, about, killed, level, scope=people, 'A couple of hundred'",
    ),
    "A couple of soldiers were killed.": (
        "2, about, killed, level, scope=soldiers, 'A couple of'",
    ),
    "A handful of people died.": ("2..8, few, killed, level, scope=people, 'A handful'",),
    "Half of them died.": ("50, unhedged-round, killed, share, percent, per them, 'Half'",),
    "A half dozen people died.": (
        "6, unhedged-round, killed, level, scope=people, 'A half dozen'",
    ),
    "Six-figure casualties were feared.": (
        "100000..1000000, order-of-magnitude, casualties, level, 'Six-figure'",
    ),
    "The dead number in five figures.": (
        "10000..100000, order-of-magnitude, killed, level, 'five figures'",
    ),
    "One point two million people died.": (
        "1200000, unhedged-round, killed, level, scope=people, 'One point two million'",
    ),
    "A million and a half people died.": (
        "1500000, unhedged-round, killed, level, scope=people, 'A million and a half'",
    ),
    "A million and a quarter people died.": (
        "1250000, unhedged-round, killed, level, scope=people, 'A million and a quarter'",
    ),
    "Two dozen and a half people died.": (
        "30, unhedged-round, killed, level, scope=people, 'Two dozen and a half'",
    ),
    "A score of men fell.": ("20, about, killed, level, scope=men, 'A score'",),
    "Three score and ten men fell.": (
        "70, unhedged-round, killed, level, scope=men, 'Three score and ten'",
    ),
    "The killing of 37 refugees, among them 12 prisoners.": (
        "37, exactly, killed, level, '37'",
        "12, exactly, killed, level, '12'",
    ),
    "They killed 37 refugees, among them 12.": (
        "37, exactly, killed, level, '37'",
        "12, exactly, killed, level, '12'",
    ),
    "The wounded, at 1,240, are twice the dead.": (
        "1240, unhedged-round, wounded, level, '1,240'",
    ),
    "12 refugees were among those who died.": ("12, exactly, killed, level, '12'",),
    "The agency says 13 dead, according to officials; 100, according to residents.": (
        "13, exactly, killed, level, hedged_by=The agency says, '13'",
        "100, unhedged-round, killed, level, hedged_by=according to residents, '100'",
    ),
    "Deaths: 1 234.": ("1234, exactly, killed, level, '1 234'",),
    "1'234'567 people died.": ("1234567, exactly, killed, level, scope=people, \"1'234'567\"",),
    "12,34,567 people died.": ("1234567, exactly, killed, level, scope=people, '12,34,567'",),
    "1.2e5 people were killed.": ("120000, unhedged-round, killed, level, scope=people, '1.2e5'",),
    "3 x 10^4 people were killed.": (
        "30000, unhedged-round, killed, level, scope=people, '3 x 10^4'",
    ),
    "About 300 ± 40 people died.": ("260..340, between, killed, level, 'About 300 ± 40 people'",),
    "300 +/- 10% people died.": ("270..330, between, killed, level, '300 +/- 10% people'",),
    "Some 300 (250-350) people died.": (
        "250..350, between, killed, level, scope=people, 'Some 300'",
    ),
    "300 people (95% CI 250 to 350) died.": (
        "250..350, between, killed, level, scope=people, '300'",
    ),
    "Twelve hundred people died.": (
        "1200, unhedged-round, killed, level, scope=people, 'Twelve hundred'",
    ),
    "Twenty-two hundred men fell.": (
        "2200, unhedged-round, killed, level, scope=men, 'Twenty-two hundred'",
    ),
    "A hundred and twenty people died.": (
        "120, unhedged-round, killed, level, scope=people, 'A hundred and twenty'",
    ),
    "Six hundred thousand and five died.": (
        "600005, exactly, killed, level, 'Six hundred thousand and five'",
    ),
    "Between 2 March, when it began, and 23 June, 140 people died.": (
        "140, unhedged-round, killed, increment, window=between 2 March and 23 June, "
        "scope=people, '140'",
    ),
    "300 people died between 22 and 29 October.": (
        "300, unhedged-round, killed, increment, window=in 22-29 October, scope=people, '300'",
    ),
    "12 people died in Monday's raid.": (
        "12, exactly, killed, increment, window=on Monday, scope=people, '12'",
    ),
    "The toll from last week's earthquake is 300 dead.": (
        "300, unhedged-round, killed, level, '300'",
    ),
    "Some 40 people a day were killed, and 300 a month wounded.": (
        "40, about, killed, rate, per day, scope=people, 'Some 40'",
        "300, unhedged-round, wounded, rate, per month, scope=people, '300'",
    ),
    "12 per 100,000 died.": (
        "?, exactly, killed, level, unsure: a ratio, '12 per 100,000', which counts "
        "nobody by itself | a count, '12'",
    ),
    "Three soldiers were wounded for every soldier killed.": (
        "?, exactly, wounded, level, scope=soldiers, unsure: a ratio, 'Three soldiers "
        "were wounded for every soldier killed', which counts nobody by itself | a count, 'Three'",
    ),
    "Deaths are undercounted by 30 percent.": (
        "?, unhedged-round, killed, share, percent, unsure: 30 percent missing: coverage "
        "0.70, multiplier 1.43 | the true figure is 30 percent higher: multiplier 1.30, '30 percent'",
    ),
    "Not 12 but 14 people died.": (
        "12, exactly, killed, level, scope=people, denied, '12'",
        "14, exactly, killed, level, scope=people, '14'",
    ),
    "The ministry denied that 300 soldiers were killed.": (
        "300, unhedged-round, killed, level, scope=soldiers, hedged_by=The ministry "
        "denied, denied, '300'",
    ),
    "If 300 people were killed, the army would resign.": (
        "300, unhedged-round, killed, level, scope=people, hypothetical, '300'",
    ),
    "Up to 300 people may have died.": (
        "300, up-to, killed, level, scope=people, possible, 'Up to 300'",
    ),
    "12, perhaps 14, people died.": (
        "12..14, between, killed, level, scope=people, '12, perhaps 14'",
    ),
    "No more than a few dozen people died.": (
        "24..72, at-most, killed, level, scope=people, 'No more than a few dozen'",
    ),
    "At least 12 people, seven of them children, were killed.": (
        "12, at-least, killed, level, scope=people, 'At least 12'",
        "7, exactly, killed, level, scope=people, 'seven'",
    ),
    "12 dead, 40 injured and 3 missing.": (
        "12, exactly, killed, level, '12'",
        "40, unhedged-round, wounded, level, '40'",
        "3, exactly, missing, level, '3'",
    ),
    "Two in three of the wounded died.": (
        "66.66666667, unhedged-round, killed, share, percent, per wounded, 'Two in three'",
    ),
    "One in ten soldiers was killed.": (
        "10, unhedged-round, killed, share, percent, per soldiers, 'One in ten'",
    ),
    "The toll doubled to 300 dead.": ("300, unhedged-round, killed, level, '300'",),
    "The toll rose from 200 to 300 dead.": (
        "200, unhedged-round, killed, level, '200'",
        "300, unhedged-round, killed, level, '300'",
    ),
    "Tens of thousands of people were killed.": (
        "10000..100000, order-of-magnitude, killed, level, scope=people, 'Tens of thousands'",
    ),
    "Half a million people died.": (
        "500000, unhedged-round, killed, level, scope=people, 'Half a million'",
    ),
    "One and a half million people died.": (
        "1500000, unhedged-round, killed, level, scope=people, 'One and a half million'",
    ),
    "Three quarters of a million people died.": (
        "750000, unhedged-round, killed, level, scope=people, 'Three quarters of a million'",
    ),
    "Between a quarter and half a million people died.": (
        "250000..500000, between, killed, level, scope=people, 'a quarter and half a million'",
    ),
    "Two-thirds of the 300 prisoners died.": (
        "66.66666667, unhedged-round, killed, share, percent, 'Two-thirds'",
        "300, unhedged-round, captured, level, '300'",
    ),
}


def line_of(one: Reading) -> str:
    """Return what a reading says, in a line."""
    number = "?" if one.point is None else f"{one.point:.10g}"
    if one.low is not None and one.high is not None:
        number = f"{one.low:.10g}..{one.high:.10g}"
    words = [number, one.hedge, str(one.category), one.kind]
    words += [one.unit] if one.unit != "persons" else []
    words += [f"per {one.per}"] if one.per else []
    for name in ("window", "side", "scope", "as_of", "hedged_by"):
        words += [f"{name}={getattr(one, name)}"] if getattr(one, name) else []
    words += [one.standing] if one.standing != "stated" else []
    words += ["possible"] if one.possible else []
    words += ["unsure: " + " | ".join(one.ambiguous)] if one.ambiguous else []
    return ", ".join([*words, repr(one.text[one.start : one.end])])


@pytest.mark.parametrize("text", WRITTEN)
def test_what_few_sentences_hold_is_read_as_an_editor_reads_it(text: str) -> None:
    assert [line_of(one) for one in parse(text)] == list(WRITTEN[text])
