"""The form of a change: what, when, and what is hoped for, said before the result is seen."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import lazystr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letopis.base import clock
from letopis.metrics.definitions import METRICS
from letopis.metrics.marks.comparison import SHARES, WAITS
from letopis.metrics.marks.mark import METRIC_USUAL, WORDS

AGE_MAX = timedelta(days=400)
WHAT_CHARS_MAX = 200
EFFECT_POINTS_MAX = 100


class MarkForm(forms.Form):
    """A change that somebody has just made, or has made of late."""

    what = forms.CharField(
        label=gettext_lazy("What was changed"),
        max_length=WHAT_CHARS_MAX,
        help_text=gettext_lazy("For example: first we offer a time, then we ask for the phone."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Of what kind"), choices=[(kind.value, lazystr(words)) for kind, words in WORDS.items()]
    )
    at = forms.DateTimeField(
        label=gettext_lazy("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    metric = forms.ChoiceField(
        label=gettext_lazy("Judged by"),
        choices=[(metric, lazystr(METRICS[metric].title)) for metric in (*SHARES, *WAITS)],
        initial=METRIC_USUAL,
        help_text=gettext_lazy("Choose now, before the result is seen: the other numbers are only looked at."),
    )
    effect = forms.CharField(label=gettext_lazy("What you hope for"), max_length=WHAT_CHARS_MAX, required=False)
    points = forms.DecimalField(
        label=gettext_lazy("By how many percentage points"),
        required=False,
        localize=True,
        # Phones have no minus on the keys for numbers.
        widget=forms.TextInput(),
        decimal_places=2,
        min_value=-EFFECT_POINTS_MAX,
        max_value=EFFECT_POINTS_MAX,
        help_text=gettext_lazy("If you name it, the page says how many cases will show it. A fall has a minus."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].initial = timezone.localtime(clock.now()).replace(second=0, microsecond=0)

    def clean_at(self) -> Any:
        at = self.cleaned_data["at"]
        if at > clock.now() + timedelta(minutes=1):
            raise forms.ValidationError(_("This is still to come: mark the change when it is made."))
        if at < clock.now() - AGE_MAX:
            raise forms.ValidationError(_("This is too long ago to be compared."))
        return at

    @property
    def effect_size(self) -> str | None:
        """The promised effect as a fraction; waits are promised nothing in points."""
        points = self.cleaned_data.get("points")
        if points is None or self.cleaned_data["metric"] in WAITS:
            return None
        return str(Decimal(points) / 100)
