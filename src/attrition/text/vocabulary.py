"""What the words of casualty reports mean: categories, scopes, units, sides."""

from __future__ import annotations

from typing import Final

from attrition.text.text import listed


def _spread(table: dict[str, str]) -> dict[str, str]:
    """Turn "meaning: words" round into word -> meaning; an underscore joins two words."""
    return {word: meaning for meaning, words in table.items() for word in words.split()}


CATEGORY: Final = _spread(
    {
        "killed": """
        killed dead death deaths died dies die dying fatalities fatality fatally kia perished
        slain kill kills killing corpses bodies graves lives obituaries slaughtered massacred
        murdered murders drowned drown drowns beheaded executed neutralised neutralized martyred
        martyrs killings succumbed lynched hanged perish perishes electrocuted asphyxiated
        assassinated gunned fell fallen toll mortality body executing massacring
        murdering slaughtering drowning lynchings executions remains eliminated
        eliminating liquidated eliminates suffocated starved incinerated annihilated
    """,
        "wounded": """
        wounded wounding wound wounds injured injuries injuring injure injures inj wia
        maimed hurt injury
        hospitalised hospitalized
    """,
        "missing": "missing mia disappeared unaccounted",
        "captured": """captured capture captures capturing prisoners pows pow prisoner surrendered
        surrendering surrender surrenders
    """,
        "casualties": "casualties",
        "losses": "losses loss lost lose losing",
        "displaced": "displaced refugees",
    }
)
LOOSE_CATEGORY: Final = frozenset({"losses", "displaced"})
"""Words that give way to an exact category nearby ("lost 950 dead")."""
MEMBERS: Final = frozenset({"killed", "wounded", "missing", "captured"})

SCOPE: Final = _spread(
    {
        "soldiers": """
        soldiers soldier troops servicemen serviceman servicewomen servicepeople personnel
        military army forces marines infantry paratroopers infantrymen warriors invaders
        occupiers
    """,
        "fighters": """
        fighters combatants militants militiamen insurgents rebels gunmen terrorists
        guerrillas fighter
    """,
        "civilians": "civilians civilian residents",
        "people": "people persons person humans individuals souls",
        "children": "children child minors kids",
        "women": "women",
        "men": "men",
        "officers": "officers",
        "mercenaries": "mercenaries contractors",
        "recruits": """
        recruits conscripts mobilized mobilised draftees volunteers reservists
    """,
        "police": "police policemen",
        "journalists": "journalists reporters",
        "medics": "medics doctors nurses paramedics",
        "convicts": "convicts inmates",
        "aid workers": "workers",
    }
)
PERSONS: Final = frozenset(SCOPE) | frozenset(
    listed("""
        names name victims victim patients deserters defectors prisoners pows bodies corpses
        lives combat casualties casualty fatalities deaths dead wounded injured killed missing
        captured refugees losses graves obituaries
        teenagers passengers villagers protesters students pupils teachers farmers pilots crew
        worshippers pilgrims generals sailors marines boys girls babies infants migrants tourists
        miners drivers others settlers members guards airmen commandos monks nurses firefighters
        demonstrators lives inhabitants hostages bystanders athletes fishermen schoolchildren
        schoolgirls sergeants lieutenants colonels captains majors privates crewmen paramedics
        labourers laborers shoppers commuters peacekeepers infantry toddlers defenders swimmers
        detainees homeless adults elderly pensioners soldiers jawans staff employees rescuers
        policewomen sons daughters brothers sisters relatives bodyguards hikers climbers
        skiers divers spectators fans diners guests inmates
    """),
)

SMALL_PERSONS: Final = PERSONS | frozenset(CATEGORY)

THINGS: Final = frozenset(
    listed("""
        tanks vehicles drones missiles aircraft helicopters jets planes ships guns howitzers
        shells rockets buildings villages settlements towns homes attacks strikes clashes
        incidents cases brigades battalions regiments divisions countries regions cities
        hospitals schools sanctions trucks bombs systems boats airstrikes raids sorties
        launchers mines houses operations units groups companies flights cars apcs ifvs
        batteries warships afvs uavs mortars radars trenches bunkers depots armoured
        submarines points times sites targets events pieces
    """),
)
"""Things that reports count beside persons; the word becomes the unit."""

LENGTH: Final = _spread(
    {
        "m": "m metre metres meter meters",
        "km": "km kms kilometre kilometres kilometer kilometers",
        "mi": "mi mile miles",
        "yd": "yd yard yards",
        "ft": "ft feet foot",
        "ha": "ha hectare hectares",
        "acres": "acre acres",
        "km2": "km² km2 sqkm",
        "mi2": "mi² mi2",
        "m2": "m²",
    }
)
SQUARE: Final = {"km": "km2", "mi": "mi2", "m": "m2", "yd": "yd2", "ft": "ft2"}
CURRENCY: Final = {"$": "USD", "€": "EUR", "£": "GBP", "₴": "UAH", "₽": "RUB"}
CURRENCY_WORDS: Final = _spread(
    {
        "USD": "dollars dollar usd",
        "EUR": "euros euro eur",
        "GBP": "pounds gbp",
        "UAH": "hryvnias hryvnia uah",
        "RUB": "rubles roubles rub",
    }
)
CLEAR_LENGTH: Final = frozenset(LENGTH) - {"m", "mi"}

DISTANCE_CUES: Final = frozenset(
    listed("""
        advance advanced advances advancing gain gained gains gaining territory terrain ground
        front forward pushed metres meters km kilometres kilometers frontline retreat
        retreated deep
    """),
)

PERIOD: Final = _spread(
    {
        "day": "day days daily",
        "week": "week weeks weekly",
        "month": "month months monthly",
        "year": "year years yearly annually annual annum",
    }
)
DURATION: Final = frozenset(
    listed("""
        second seconds minute minutes hour hours day days week weeks month months year years
        decade decades night nights
    """),
)
PER_ADVERBS: Final = frozenset({"daily", "weekly", "monthly", "yearly", "annually", "annual"})

MODAL: Final = frozenset(
    listed("""
        could might may possibly perhaps maybe potentially conceivably possible potential
    """),
)
FUTURE: Final = frozenset(
    listed("""
        will shall would expected expects expect projected predicted forecast forecasts
    """)
)

MORE: Final = frozenset(listed("another additional further extra new newly"))
RISE: Final = frozenset(
    listed("""
        rise rises rose risen increase increased increases grew grow growth jumped climbed
        added cut halved doubled tripled trebled quadrupled lowered raised fell fall
        fallen dropped declined decreased decrease soared surged revised
    """),
)
CHANGED: Final = frozenset(
    listed("""
        higher lower more fewer less greater increase increased decrease decreased rise drop
        fall decline jump growth up down surge under-reported underreported under-counted
        undercounted reduction above below larger smaller overstated understated
    """),
)


SAYS: Final = frozenset(
    listed("""
        say says said estimate estimates estimated claim claims claimed believe believes
        believed assess assesses assessed report reports reported announce announces announced
        put puts state states stated suggest suggests suggested confirm confirms confirmed
        identify identified count counts counted document documented calculate calculates
        calculated reckon reckons reckoned tell tells told write writes wrote warn warns
        warned note notes noted conclude concludes concluded admit admits admitted acknowledge
        acknowledges acknowledged verified verify think thinks thought reveal reveals revealed
        indicate indicates indicated fear fears denied denies
    """),
)
BY_SAYS: Final = frozenset(
    listed("""
        estimated counted reported cited confirmed verified identified documented compiled
        published released quoted given provided recorded assessed claimed calculated named
    """)
)
LINKS: Final = frozenset(
    listed("""
        and but while whereas including include includes with plus of whom , ; . : ( )
        compared against versus vs although though also |
    """)
)
ABBREVIATED: Final = frozenset(
    listed("""
        approx c ca est no gen lt col mr mrs dr jan feb mar apr jun jul aug sep sept oct nov
        dec cf e i g st incl est u s sq vs avg max min nr
    """)
)
