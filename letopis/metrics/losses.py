"""Why leads stopped: counted by cause, each count with the list behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext_lazy

from letopis.appointments.records import State
from letopis.dialogues.records import Cause
from letopis.metrics.board import Board
from letopis.metrics.definitions.new_leads import STOPPED
from letopis.metrics.metric import By
from letopis.metrics.parts import JOINT, Part
from letopis.metrics.period import Period
from letopis.metrics.records import Stopped
from letopis.metrics.ways import REFUSED

SERIES = f"M1{STOPPED}"

CAUSES: dict[str, str | Promise] = {
    Cause.WE_SILENT.value: gettext_lazy("We did not answer"),
    Cause.CLIENT_SILENT.value: gettext_lazy("Fell silent after our answer"),
    Cause.ERROR.value: gettext_lazy("Something of ours failed"),
    Cause.ELSEWHERE.value: gettext_lazy("Went on in another dialogue"),
    Cause.CLOSED.value: gettext_lazy("Got an answer and said thanks"),
    REFUSED: gettext_lazy("Declined"),
    f"{REFUSED}:price": gettext_lazy("Found it too expensive"),
    f"{REFUSED}:time": gettext_lazy("The time did not suit"),
    f"{REFUSED}:elsewhere": gettext_lazy("Booked elsewhere"),
    f"{REFUSED}:changed_mind": gettext_lazy("Changed their mind"),
    State.NO_SHOW.value: gettext_lazy("Booked and did not come"),
    State.CANCELLED_EARLY.value: gettext_lazy("Booked and cancelled in good time"),
    State.CANCELLED_LATE.value: gettext_lazy("Booked and cancelled late"),
    State.CANCELLED_BUSINESS.value: gettext_lazy("We cancelled the visit"),
}
AFTER_BOOKING = frozenset(
    {State.NO_SHOW, State.CANCELLED_EARLY, State.CANCELLED_LATE, State.CANCELLED_BUSINESS, State.UNKNOWN}
)
# Where a dialogue went on, or an answer was all that was wanted, nothing was lost.
NO_LOSS = frozenset({Cause.ELSEWHERE.value, Cause.CLOSED.value})
SENTENCES = {
    Cause.WE_SILENT.value: ngettext_lazy(
        "We left clients without an answer. %(n)s lead in %(days)s days.",
        "We left clients without an answer. %(n)s leads in %(days)s days.",
        "n",
    ),
    Cause.CLIENT_SILENT.value: ngettext_lazy(
        "Clients fall silent after our answer. %(n)s lead in %(days)s days.",
        "Clients fall silent after our answer. %(n)s leads in %(days)s days.",
        "n",
    ),
    Cause.ERROR.value: ngettext_lazy(
        "A failure of ours breaks the talk. %(n)s lead in %(days)s days.",
        "A failure of ours breaks the talk. %(n)s leads in %(days)s days.",
        "n",
    ),
    f"{REFUSED}:price": ngettext_lazy(
        "Clients find it too expensive. %(n)s lead in %(days)s days.",
        "Clients find it too expensive. %(n)s leads in %(days)s days.",
        "n",
    ),
    f"{REFUSED}:time": ngettext_lazy(
        "The times we offer do not suit. %(n)s lead in %(days)s days.",
        "The times we offer do not suit. %(n)s leads in %(days)s days.",
        "n",
    ),
    REFUSED: ngettext_lazy(
        "Clients decline what we offer. %(n)s lead in %(days)s days.",
        "Clients decline what we offer. %(n)s leads in %(days)s days.",
        "n",
    ),
}


@dataclass(frozen=True, slots=True)
class Loss:
    """One cause of leads that stopped: its code, how many leads, whether it is connected with a mistake of ours."""

    stopped: Stopped
    code: str
    count: int

    @property
    def ours(self) -> bool:
        return self.stopped is Stopped.OURS

    @property
    def words(self) -> str:
        known = CAUSES.get(self.code)
        if known is not None:
            return str(known)
        # A reason of a sender's own, in the sender's own word.
        return gettext("Declined: %(reason)s") % {"reason": self.code.partition(":")[2] or self.code}

    @property
    def filters(self) -> dict[str, str | bool]:
        """What the list of dialogues must be asked to show exactly these."""
        return {"lead": True, "stopped": self.stopped.value, "reason": self.code}

    def sentence(self, days: int) -> str:
        """Мы оставили клиентов без ответа. 38 обращений за 30 дней."""
        told = SENTENCES.get(self.code) or SENTENCES[REFUSED]
        return str(told % {"n": self.count, "days": days})


@dataclass(frozen=True, slots=True)
class Losses:
    """All causes for which leads of a period did not book, the commonest first."""

    causes: Sequence[Loss]

    @property
    def total(self) -> int:
        return sum(loss.count for loss in self.causes)

    @property
    def ours(self) -> int:
        """How many are connected with our mistakes."""
        return sum(loss.count for loss in self.causes if loss.ours)

    @property
    def top(self) -> Loss | None:
        """The commonest cause of a true loss."""
        return next((loss for loss in self.causes if loss.code not in NO_LOSS), None)


def losses_of(board: Board, period: Period) -> Losses:
    """From a board that holds the series `SERIES` by cause."""
    found = []
    for member in board.series.get((SERIES, By.CAUSE), {}):
        stopped, _, code = member.partition(JOINT)
        if stopped in (Stopped.LEFT, Stopped.OURS) and code not in AFTER_BOOKING:
            count = board.total(SERIES, "n", period, Part(By.CAUSE, member))
            found.append(Loss(Stopped(stopped), code, count))
    return Losses(sorted((one for one in found if one.count), key=lambda one: (-one.count, one.code)))
