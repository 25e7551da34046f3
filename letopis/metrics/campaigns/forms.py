"""What a person tells of a campaign's cost."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letopis.base.tables.reading import FILE_BYTES_MAX
from letopis.metrics.campaigns.costs import DAYS_MAX, LABEL_CHARS_MAX, is_label

ROUBLES_MAX = Decimal(1_000_000_000)


class CostForm(forms.Form):
    """One cost: which campaign, over which days, how much; nought takes an earlier word back."""

    campaign = forms.CharField(
        label=gettext_lazy("Campaign"),
        max_length=LABEL_CHARS_MAX,
        widget=forms.TextInput(attrs={"list": "campaigns", "autocomplete": "off"}),
        help_text=gettext_lazy("The label as leads bring it."),
    )
    first = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    last = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    roubles = forms.DecimalField(
        label=gettext_lazy("Amount, ₽"),
        min_value=0,
        max_value=ROUBLES_MAX,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=gettext_lazy("For all these days together. Nought takes back what was told for this first day."),
    )

    def clean_campaign(self) -> str:
        campaign: str = self.cleaned_data["campaign"]
        if not is_label(campaign):
            raise forms.ValidationError(_("This is no label: write it as leads bring it."))
        return campaign

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        first, last = told.get("first"), told.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        elif first and last and (last - first).days >= DAYS_MAX:
            self.add_error("last", _("One cost covers 400 days at most."))
        return told

    @property
    def kopecks(self) -> int:
        return int(self.cleaned_data["roubles"] * 100)


class FileForm(forms.Form):
    """Costs from a table of one's own."""

    file = forms.FileField(
        label=gettext_lazy("XLSX, XLS, ODS or CSV"),
        help_text=gettext_lazy("Columns: campaign, from, to, amount."),
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > FILE_BYTES_MAX:
            raise forms.ValidationError(_("The file is too large."))
        return bytes(file.read())
