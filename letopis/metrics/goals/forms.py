"""What the owner wants of a metric, as the owner writes it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letopis.base import clock
from letopis.base.errors import SenderError
from letopis.metrics.goals.goal import read_target
from letopis.metrics.metric import SHARE, Metric

DAYS_AHEAD_MAX = 400
TARGET_CHARS_MAX = 20
MARGIN_POINTS_MAX = 50


class GoalForm(forms.Form):
    """A target in the metric's own unit, and the day from which it holds."""

    target = forms.CharField(label=gettext_lazy("Goal"), max_length=TARGET_CHARS_MAX, required=False)
    valid_from = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    margin = forms.DecimalField(
        label=gettext_lazy("Which difference matters, percentage points"),
        required=False,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        min_value=Decimal("0.1"),
        max_value=MARGIN_POINTS_MAX,
        help_text=gettext_lazy("Smaller differences are told as none. Five points unless you say otherwise."),
    )

    def __init__(self, metric: Metric, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.metric = metric
        self.fields["valid_from"].initial = timezone.localtime(clock.now()).date()
        if metric.unit != SHARE:
            del self.fields["margin"]

    def clean_valid_from(self) -> date:
        told: date = self.cleaned_data["valid_from"]
        today = timezone.localtime(clock.now()).date()
        if told < today:
            raise forms.ValidationError(_("A goal holds from today on: what was wanted before stays as it was."))
        if told > today + timedelta(days=DAYS_AHEAD_MAX):
            raise forms.ValidationError(_("This is too far ahead."))
        return told

    def clean_target(self) -> Decimal:
        try:
            return read_target(self.metric, self.cleaned_data["target"])
        except SenderError as error:
            raise forms.ValidationError(f"{error.message} {error.hint}".strip()) from None

    @property
    def margin_share(self) -> Decimal | None:
        """The margin as a fraction."""
        margin = self.cleaned_data.get("margin")
        return None if margin is None else margin / 100
