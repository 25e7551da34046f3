"""Russian word forms: the one form under which all forms of a word meet.

«Запишусь», «записалась» and «записываться» meet in «записать», «ногтей» in «ноготь», «Марине» in «марина»: cases and
tenses by the dictionary, ё as е, and of a verb its reflexive and its imperfective too, since people do not tell them
apart when they look for something. The dictionary takes some 30 MB and a quarter of a second; it is loaded at the first
word, so that a process which reads no words goes without.
"""

from collections import Counter
from functools import cache, lru_cache

from pymorphy3 import MorphAnalyzer
from pymorphy3.analyzer import Parse

from letopis.base.text import fold

WORDS_KEPT = 16_384
"""Words whose forms are remembered: some 5 MB, and nineteen of twenty words of a salon's day."""
LETTERS_MAX = 40
"""No Russian word is longer; what is longer is not looked up."""
READING_SHARE_MIN = 0.05
"""A rarer reading of a word («были» as «быль») is left out, unless it is somebody's name («света»)."""
NAME_SHARE_MIN = 0.5
"""Of two names in one word the far rarer one is left out: «Марина» is hardly ever of a man named Марин."""

# Parts of speech that say nothing by themselves: prepositions, conjunctions, particles, pronouns, greetings.
_SILENT = frozenset({"PREP", "CONJ", "PRCL", "NPRO", "INTJ"})
_NAMES = ("Name", "Surn", "Patr")

# How an imperfective verb ends, and how its perfective may; the dictionary has the last word.
_ASPECTS = (
    ("ывать", ("ать", "ить", "еть")),
    ("ивать", ("ать", "ить", "еть")),
    ("авать", ("ать",)),
    ("евать", ("еть",)),
    ("нимать", ("нять",)),
    ("ирать", ("рать", "ереть")),
    ("инать", ("ать", "нуть", "нить")),
    ("езжать", ("ехать",)),
    ("носить", ("нести",)),
    ("водить", ("вести",)),
    ("возить", ("везти",)),
    ("ходить", ("йти", "ойти")),
    ("ять", ("ить",)),
    ("ать", ("ить",)),
)
# How a stem may end before the imperfective ending, and how it does before the perfective one.
_STEMS = (("жд", "д"), ("ш", "с"), ("ч", "т"), ("щ", "ст"), ("щ", "т"), ("ск", "ст"), ("ж", "д"), ("ж", "з"),
          ("вл", "в"), ("пл", "п"), ("бл", "б"), ("мл", "м"))  # fmt: skip


@lru_cache(maxsize=WORDS_KEPT)
def meeting_forms(word: str) -> tuple[str, ...] | None:
    """Where the forms of a word meet: one form for each of its plausible readings, the likeliest first.

    The word is folded. Empty for a word that says nothing («на»); None for one that the dictionary does not know.
    """
    if len(word) > LETTERS_MAX or not _dictionary().word_is_known(word):
        return None
    parses = _dictionary().parse(word)
    if parses[0].tag.POS in _SILENT:
        parses = [parse for parse in parses if _is_name(parse)]
    words, names = Counter[str](), Counter[str]()
    for parse in parses:
        (names if _is_name(parse) else words)[_meeting_form(parse)] += parse.score
    likely = {form: share for form, share in words.items() if share >= READING_SHARE_MIN}
    likeliest = max(names.values(), default=0.0)
    likely |= {form: share for form, share in names.items() if share >= likeliest * NAME_SHARE_MIN}
    return tuple(sorted(likely, key=lambda form: -likely[form]))


def names_only(word: str) -> bool:
    """Whether a folded word of the dictionary is nothing but somebody's name or a piece of it: «марин», «ковалева»."""
    known = len(word) <= LETTERS_MAX and _dictionary().word_is_known(word)
    return known and all(_is_name(parse) for parse in _dictionary().parse(word))


@lru_cache(maxsize=WORDS_KEPT)
def name_share(word: str) -> float | None:
    """How likely a folded word is somebody's name or a piece of one, 0 to 1; None where the dictionary is silent."""
    if len(word) > LETTERS_MAX or not _dictionary().word_is_known(word):
        return None
    return float(sum(parse.score for parse in _dictionary().parse(word) if _is_name(parse)))


def _is_name(parse: Parse) -> bool:
    return any(name in parse.tag for name in _NAMES)


def _meeting_form(parse: Parse) -> str:
    form = fold(parse.normal_form)
    if parse.tag.aspect is None:
        return form
    plain = form.removesuffix("ся").removesuffix("сь")
    return plain if parse.tag.aspect == "perf" else _perfective(plain)


def _perfective(verb: str) -> str:
    """The perfective of an imperfective verb, where one is formed by the rules above; otherwise the verb itself."""
    for ending, others in _ASPECTS:
        if not verb.endswith(ending):
            continue
        for stem in _stems(verb.removesuffix(ending)):
            for other in others:
                if _is_perfective(stem + other) or _is_perfective(f"{stem}{other}ся"):
                    return stem + other
    return verb


def _stems(stem: str) -> list[str]:
    """A stem with the sounds it may change: «окраш» is «окрас», «перезван» is «перезвон»."""
    stems = [stem] + [stem.removesuffix(old) + new for old, new in _STEMS if stem.endswith(old)]
    vowel = stem.rfind("а")
    if vowel >= 0:
        stems += [f"{one[:vowel]}о{one[vowel + 1 :]}" for one in stems]
    return stems


def _is_perfective(verb: str) -> bool:
    if not _dictionary().word_is_known(verb):
        return False
    return any(parse.tag.POS == "INFN" and parse.tag.aspect == "perf" for parse in _dictionary().parse(verb))


@cache
def _dictionary() -> MorphAnalyzer:
    return MorphAnalyzer(lang="ru")
