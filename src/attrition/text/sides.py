"""Names of sides: peoples, countries, groups, and the words that make them something else."""

from __future__ import annotations

from typing import Final

from attrition.text.text import listed

_DEMONYMS: Final = {
    "Russian": "russia",
    "Ukrainian": "ukraine",
    "Israeli": "israel",
    "Palestinian": "palestine",
    "Syrian": "syria",
    "Iraqi": "iraq",
    "Iranian": "iran",
    "Afghan": "afghanistan",
    "American": "america us usa",
    "British": "britain uk",
    "French": "france",
    "German": "germany",
    "Polish": "poland",
    "Turkish": "turkey türkiye",
    "Chinese": "china",
    "Japanese": "japan",
    "Indian": "india",
    "Pakistani": "pakistan",
    "Ethiopian": "ethiopia",
    "Eritrean": "eritrea",
    "Sudanese": "sudan",
    "Somali": "somalia",
    "Nigerian": "nigeria",
    "Congolese": "congo",
    "Rwandan": "rwanda",
    "Yemeni": "yemen",
    "Libyan": "libya",
    "Lebanese": "lebanon",
    "Egyptian": "egypt",
    "Jordanian": "jordan",
    "Saudi": "",
    "Armenian": "armenia",
    "Azerbaijani": "azerbaijan",
    "Georgian": "georgia",
    "Chechen": "chechnya",
    "Belarusian": "belarus",
    "Serbian": "serbia",
    "Bosnian": "bosnia",
    "Croatian": "croatia",
    "Kurdish": "",
    "Vietnamese": "vietnam",
    "Colombian": "colombia",
    "Cuban": "cuba",
    "Soviet": "ussr",
    "Italian": "italy",
    "Spanish": "spain",
    "Greek": "greece",
    "Tigrayan": "tigray",
    "Burmese": "myanmar burma",
    "Indonesian": "indonesia",
    "Argentine": "argentina",
    "Canadian": "canada",
    "Australian": "australia",
    "Ottoman": "",
    "Austro-Hungarian": "",
    "Finnish": "finland",
    "Dutch": "netherlands",
    "Malian": "mali",
    "Cameroonian": "cameroon",
    "Mexican": "mexico",
    "Algerian": "algeria",
    "Bulgarian": "bulgaria",
    "Romanian": "romania",
    "Hungarian": "hungary",
    "Nepali": "nepal",
    "Kenyan": "kenya",
    "Ugandan": "uganda",
    "Angolan": "angola",
    "Cambodian": "cambodia",
    "allied": "",
    "Houthi": "",
    "Confederate": "",
    "Union": "",
    "separatist": "",
    "Irish": "ireland",
    "Filipino": "philippines",
    "Ghanaian": "ghana",
    "Chadian": "chad",
    "Tunisian": "tunisia",
    "Thai": "thailand",
    "Venezuelan": "venezuela",
    "Haitian": "haiti",
    "Peruvian": "peru",
    "Swedish": "sweden",
    "Danish": "denmark",
    "Norwegian": "norway",
    "Czech": "czechia",
    "Slovak": "slovakia",
    "Portuguese": "portugal",
    "Austrian": "austria",
    "Prussian": "prussia",
    "Persian": "persia",
    "Mongol": "",
    "Bangladeshi": "bangladesh",
    "Lankan": "",
    "Tamil": "",
    "Rohingya": "",
    "Darfuri": "darfur",
}

DEMONYM: Final = (
    {name.lower(): name for name in _DEMONYMS}
    | {f"{name.lower()}s": name for name in _DEMONYMS if name.endswith(("n", "i"))}
    | {
        "israelis": "Israeli",
        "palestinians": "Palestinian",
        "russians": "Russian",
        "ukrainians": "Ukrainian",
        "iraqis": "Iraqi",
        "iranians": "Iranian",
        "afghans": "Afghan",
        "americans": "American",
        "germans": "German",
        "syrians": "Syrian",
        "yemenis": "Yemeni",
        "britons": "British",
        "somalis": "Somali",
        "ethiopians": "Ethiopian",
        "soviets": "Soviet",
        "turks": "Turkish",
        "poles": "Polish",
        "kurds": "Kurdish",
        "armenians": "Armenian",
        "houthis": "Houthi",
        "chechens": "Chechen",
        "italians": "Italian",
        "libyans": "Libyan",
        "egyptians": "Egyptian",
        "gazans": "Palestinian",
        "chinese": "Chinese",
        "indians": "Indian",
        "pakistanis": "Pakistani",
    }
)

COUNTRY: Final = {
    country: name for name, countries in _DEMONYMS.items() for country in countries.split()
} | {"moscow": "Russian", "kyiv": "Ukrainian", "kremlin": "Russian"}

GROUP: Final = {
    "wagner": "Wagner",
    "hamas": "Hamas",
    "hezbollah": "Hezbollah",
    "taliban": "Taliban",
    "isis": "ISIS",
    "idf": "Israeli",
    "rsf": "RSF",
    "storm-z": "Storm-Z",
    "dprk": "North Korean",
    "akhmat": "Akhmat",
    "azov": "Azov",
    "upa": "UPA",
    "viet": "Viet Cong",
}

PLACED: Final = frozenset(
    listed("""
        in into inside across against to near throughout toward towards around within at
        invading invaded attacked attacking on over
    """)
)

WEAPONS: Final = frozenset(
    listed("""
        drone drones strike strikes airstrike airstrikes missile missiles shelling attack
        attacks bombing bombardment fire artillery bombs raid raids offensive invasion assault
        rockets territory soil border side-by ministry general defence defense government
        president officials intelligence
    """),
)
