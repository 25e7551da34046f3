"""How a line becomes a message: choices in brackets, facts in braces, bubbles, and the slips of people who type.

A pattern like «[Можно|Хочу] записаться {when}¶Спасибо» holds choices (they nest), facts by name and the places where a
writer presses «send» and goes on in the next bubble.
"""

import random
import re
from collections.abc import Sequence

BUBBLE = "¶"
_INNERMOST = re.compile(r"\[([^\[\]]*)\]")
_SPACES = re.compile(r"[ ]{2,}")
_SPACE_BEFORE_MARK = re.compile(r" +([,.!?)])")
_LAYOUT = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,.?",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?/&",
)
_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_LATIN = "a,b,v,g,d,e,e,zh,z,i,y,k,l,m,n,o,p,r,s,t,u,f,h,c,ch,sh,sch,,y,,e,yu,ya"
_TRANSLIT = dict(zip(_RUSSIAN, _LATIN.split(","), strict=True))
_NEIGHBOURS = {"о": "л", "а": "в", "и": "т", "е": "н", "н": "г", "т": "и", "с": "м", "р": "п", "л": "д", "в": "а"}
_SMILES = ("🙂", "😊", "🌸", "❤️", "🙏", "😅", "💅", "😍", "✨", "))", ")", ")))")


def say(dice: random.Random, patterns: Sequence[str], **facts: object) -> str:
    """One line out of many, told with the facts at hand."""
    line = dice.choice(patterns)
    while match := _INNERMOST.search(line):
        line = line[: match.start()] + dice.choice(match[1].split("|")) + line[match.end() :]
    return _tidy(line.format_map(facts))


def typed(dice: random.Random, line: str, *, first: bool = False, plain: bool = False) -> list[str]:
    """The bubbles that a client really sends: no capitals, a smile, a slip, sometimes the wrong layout.

    A `plain` line is only bared of its capital: a «спасибо» that closes a talk is to be known as one.
    """
    bubbles = [bubble.strip() for bubble in line.split(BUBBLE) if bubble.strip()]
    chance = dice.random()
    if plain:
        return [bubble[0].lower() + bubble[1:] if chance < 0.4 else bubble for bubble in bubbles]
    if first and chance < 0.012:
        return [bubble.translate(_LAYOUT) for bubble in bubbles]
    if chance < 0.025:
        return ["".join(_latin(letter) for letter in bubble) for bubble in bubbles]
    if chance < 0.04:
        return [bubble.upper() for bubble in bubbles]
    return [_by_hand(dice, bubble) for bubble in bubbles]


def _tidy(line: str) -> str:
    return _SPACE_BEFORE_MARK.sub(r"\1", _SPACES.sub(" ", line)).strip()


def _latin(letter: str) -> str:
    latin = _TRANSLIT.get(letter.lower())
    if latin is None:
        return letter
    return latin.capitalize() if letter.isupper() else latin


def _by_hand(dice: random.Random, bubble: str) -> str:
    chance = dice.random()
    if chance < 0.34:
        bubble = bubble[0].lower() + bubble[1:]
    if bubble.endswith(".") or (bubble.endswith("!") and chance < 0.2):
        bubble = bubble[:-1]
    if chance < 0.08:
        bubble = bubble.replace(",", "").replace("ё", "е")
    if dice.random() < 0.09:
        bubble = _slip(dice, bubble)
    if dice.random() < 0.13 and not bubble.endswith(tuple(_SMILES)):
        smile = dice.choice(_SMILES)
        bubble += smile if smile[0] == ")" else f" {smile}"
    return bubble


def _slip(dice: random.Random, bubble: str) -> str:
    """One slip inside a word of five letters or more; figures and short words stay whole."""
    words = bubble.split(" ")
    long = [at for at, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    if not long:
        return bubble
    at = dice.choice(long)
    word, place = words[at], dice.randrange(1, len(words[at]) - 2)
    match dice.randrange(4):
        case 0:
            word = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        case 1:
            word = word[:place] + word[place + 1 :]
        case 2:
            word = word[:place] + word[place] + word[place:]
        case _:
            word = word[:place] + _NEIGHBOURS.get(word[place], word[place]) + word[place + 1 :]
    words[at] = word
    return " ".join(words)
