"""What stands in place of a text that is gone: when it was erased and why."""

from django.utils.translation import gettext as _

from letopis.base import format
from letopis.journal.erasures import Erasure


def words(erasure: Erasure | None) -> str:
    """Текст удалён 18 мая 2027 по сроку хранения. Запись в журнале цела."""
    if erasure is None:
        return _("The text is gone, and no entry of the journal says why. Have the journal verified.")
    day = format.day(erasure.at)
    if erasure.is_expired:
        return _("Text deleted on %(day)s: its term was over. The entry in the journal is whole.") % {"day": day}
    if erasure.reason == "subject_request":
        return _("Text deleted on %(day)s at the client's request. The entry in the journal is whole.") % {"day": day}
    if erasure.reason:
        told = {"day": day, "reason": erasure.reason}
        return _("Text deleted on %(day)s, reason: %(reason)s. The entry in the journal is whole.") % told
    return _("Text deleted on %(day)s. The entry in the journal is whole.") % {"day": day}
