"""Parts of a page as facts: what a cell of the strip says, how a state looks, how a text is copied."""

from collections.abc import Sequence
from dataclasses import dataclass

from letopis.base.text import Text

# What a colour may say; see the look: cinnabar is lost or broken, never merely "down".
OK, LOSS, WARN, NEUTRAL, DATA = "ok", "loss", "warn", "", "data"


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of the strip: its name, its door, and how far it may be trusted.

    `change` carries its sign and unit; `better` says what it means (None: no judgement, as when n is under 30).
    `former` and `notes` are whole phrases («было 37,1 %», «ещё думают 34»). `goal_met` None: no mark before the goal.
    """

    name: str
    value: str
    url: str = ""
    spark: str = ""
    change: str = ""
    better: bool | None = None
    former: str = ""
    notes: Sequence[str] = ()
    goal: str = ""
    goal_met: bool | None = None
    few: bool = False

    @property
    def tone(self) -> str:
        return "" if self.better is None or self.few else OK if self.better else LOSS


@dataclass(frozen=True, slots=True)
class State:
    """How a state is told: its word, its colour, and the icon that goes with the colour."""

    label: Text
    tone: str = NEUTRAL
    icon: str = ""


STATES = {
    # Outcomes of a dialogue and of a lead.
    "booked": State(Text(ru="записан", en="booked"), OK, icon="check"),
    "not_booked": State(Text(ru="не записан", en="not booked")),
    "refused": State(Text(ru="отказался", en="declined")),
    "pending": State(Text(ru="думает", en="deciding"), icon="player-pause"),
    "lost": State(Text(ru="потерян", en="lost"), LOSS, icon="circle-x"),
    "waiting": State(Text(ru="ждёт человека", en="waiting for a person"), LOSS, icon="clock-pause"),
    # Visits.
    "created": State(Text(ru="запись создана", en="created")),
    "confirmed": State(Text(ru="подтверждён", en="confirmed"), OK, icon="check"),
    "arrived": State(Text(ru="пришёл", en="came"), OK, icon="circle-check"),
    "no_show": State(Text(ru="не пришёл", en="no-show"), LOSS, icon="circle-x"),
    "cancelled_early": State(Text(ru="отменил заранее", en="cancelled early")),
    "cancelled_late": State(Text(ru="отменил поздно", en="cancelled late"), WARN, icon="alert-triangle"),
    "cancelled_business": State(Text(ru="отменили мы", en="cancelled by us"), WARN, icon="alert-triangle"),
    "moved": State(Text(ru="перенесён", en="moved")),
    "unknown": State(Text(ru="нет отметки", en="no mark")),
    # What came in.
    "accepted": State(Text(ru="принято", en="accepted"), OK, icon="check"),
    "duplicate": State(Text(ru="повтор", en="duplicate")),
    "conflict": State(Text(ru="расхождение", en="conflict"), WARN, icon="alert-triangle"),
    "rejected": State(Text(ru="не принято", en="rejected"), LOSS, icon="circle-x"),
    "replayed": State(Text(ru="принято после правки", en="accepted after mending"), OK, icon="check"),
    "dropped": State(Text(ru="отброшено", en="dropped")),
    # Sources and keys.
    "alive": State(Text(ru="на связи", en="connected"), OK, icon="circle-check"),
    "silent": State(Text(ru="молчит", en="silent"), LOSS, icon="plug"),
    "active": State(Text(ru="действует", en="active"), OK, icon="check"),
    "revoked": State(Text(ru="отозван", en="revoked"), icon="x"),
    "test": State(Text(ru="тест", en="test"), icon="hourglass"),
}
