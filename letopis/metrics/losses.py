"""Why dialogues ended without a booking: counted by cause, each count with the list behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext_lazy

from letopis.dialogues.models import Dialogue
from letopis.dialogues.records import Cause, Outcome
from letopis.metrics.period import Period

CAUSES: dict[str, str | Promise] = {
    Cause.WE_SILENT.value: gettext_lazy("We did not answer"),
    Cause.CLIENT_SILENT.value: gettext_lazy("Fell silent after our answer"),
    Cause.ERROR.value: gettext_lazy("Something of ours failed"),
    Cause.ELSEWHERE.value: gettext_lazy("Went on in another dialogue"),
    Cause.CLOSED.value: gettext_lazy("Got an answer and said thanks"),
    Outcome.REFUSED.value: gettext_lazy("Declined"),
}
OURS = frozenset({Cause.WE_SILENT.value, Cause.ERROR.value})
# Where a dialogue went on, or an answer was all that was wanted, nothing was lost.
NO_LOSS = frozenset({Cause.ELSEWHERE.value, Cause.CLOSED.value})
SENTENCES = {
    Cause.WE_SILENT.value: ngettext_lazy(
        "We left clients without an answer. %(n)s dialogue in %(days)s days.",
        "We left clients without an answer. %(n)s dialogues in %(days)s days.",
        "n",
    ),
    Cause.CLIENT_SILENT.value: ngettext_lazy(
        "Clients fall silent after our answer. %(n)s dialogue in %(days)s days.",
        "Clients fall silent after our answer. %(n)s dialogues in %(days)s days.",
        "n",
    ),
    Cause.ERROR.value: ngettext_lazy(
        "A failure of ours breaks the talk. %(n)s dialogue in %(days)s days.",
        "A failure of ours breaks the talk. %(n)s dialogues in %(days)s days.",
        "n",
    ),
    Outcome.REFUSED.value: ngettext_lazy(
        "Clients decline what we offer. %(n)s dialogue in %(days)s days.",
        "Clients decline what we offer. %(n)s dialogues in %(days)s days.",
        "n",
    ),
}


@dataclass(frozen=True, slots=True)
class Loss:
    """One cause: its code (`refused` for an outcome of its own), how many dialogues, whether it is ours."""

    code: str
    count: int

    @property
    def ours(self) -> bool:
        return self.code in OURS

    @property
    def words(self) -> str:
        return str(CAUSES[self.code])

    @property
    def filters(self) -> dict[str, str]:
        """What the list of dialogues must be asked to show exactly these."""
        if self.code == Outcome.REFUSED:
            return {"outcome": self.code}
        return {"outcome": Outcome.NOT_BOOKED.value, "cause": self.code}


@dataclass(frozen=True, slots=True)
class Losses:
    """All causes of a period, the commonest first; `with_ours` of them met a silence or failure of ours."""

    causes: Sequence[Loss]
    with_ours: int

    @property
    def total(self) -> int:
        return sum(loss.count for loss in self.causes)

    @property
    def top(self) -> Loss | None:
        """The commonest cause of a true loss."""
        return next((loss for loss in self.causes if loss.code not in NO_LOSS), None)


def losses_of(business: UUID, period: Period) -> Losses:
    """One reading over the dialogues of the period that ended without a booking, from their index alone."""
    ended = Dialogue.objects.filter(
        business_id=business,
        day__range=(period.first, period.last),
        outcome__in=(Outcome.NOT_BOOKED, Outcome.REFUSED),
    )
    counts: dict[str, int] = {}
    with_ours = 0
    # What failed is counted where `failed_at` is known.
    grouped = ended.values_list("outcome", "cause").annotate(n=Count("*"), broken=Count("failed_at"))
    for outcome, cause, n, broken in grouped:
        code = outcome if outcome == Outcome.REFUSED else cause
        counts[code] = counts.get(code, 0) + n
        with_ours += n if cause in OURS else broken
    found = [Loss(code, n) for code, n in counts.items() if code in CAUSES]
    return Losses(sorted(found, key=lambda loss: (-loss.count, loss.code)), with_ours)


def sentence(loss: Loss, days: int) -> str:
    """Мы оставили клиентов без ответа. 38 диалогов за 30 дней."""
    return str(SENTENCES[loss.code] % {"n": loss.count, "days": days})
