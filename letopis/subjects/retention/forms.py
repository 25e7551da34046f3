"""The terms as an owner chooses them: months in words, a ground where they are long."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from letopis.base.errors import SenderError
from letopis.privacy.retention.policy import GROUND_CHARS_MAX, MEANINGS, NAMES, PROPOSED, Kept, Policy, check

CHOICES = (90, 120, 180, 270, 365, 548, 730, 1095, 1826)
RAW_CHOICES = (7, 14, 30, 60, 90, 180, 365)
_MONTHS = {90: 3, 120: 4, 180: 6, 270: 9, 365: 12, 548: 18, 730: 24, 1095: 36, 1826: 60}


def term(days: int) -> str:
    """6 месяцев · 30 дней"""
    if months := _MONTHS.get(days):
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


class TermsForm(forms.Form):
    """One choice for each class."""

    ground = forms.CharField(
        label=_("Why longer than a year"),
        required=False,
        max_length=GROUND_CHARS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only needed for terms above twelve months: the law, the contract or the claim behind it."),
    )
    field_order = (*(kept.value for kept in reversed(Kept)), "ground")

    def __init__(self, policy: Policy | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kept in Kept:
            days = PROPOSED[kept] if policy is None else policy.days(kept)
            offered = sorted({*(RAW_CHOICES if kept is Kept.RAW else CHOICES), days})
            self.fields[kept.value] = forms.TypedChoiceField(
                label=str(NAMES[kept]),
                help_text=str(MEANINGS[kept]),
                coerce=int,
                initial=days,
                choices=[(one, term(one)) for one in offered],
            )
        if policy is not None:
            self.fields["ground"].initial = policy.ground
        self.order_fields(self.field_order)

    @property
    def days(self) -> Mapping[Kept, int]:
        """The terms that are chosen, or proposed where nothing was sent."""
        if self.is_bound and self.is_valid():
            return {kept: self.cleaned_data[kept.value] for kept in Kept}
        return {kept: int(self.fields[kept.value].initial) for kept in Kept}

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if all(kept.value in told for kept in Kept):
            try:
                check({kept: told[kept.value] for kept in Kept}, told.get("ground", ""))
            except SenderError as error:
                self.add_error(error.field, WRONG.get(error.field, WRONG[""]))
        return told


WRONG: Mapping[str, Any] = {
    "ground": _("A term above twelve months needs its ground in writing: at least a sentence."),
    "": _("Nothing may be kept longer than what tells who the client is."),
}
