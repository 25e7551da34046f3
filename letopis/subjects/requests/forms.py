"""What is told of a request: who, what, when and how; and what an erasure wants before it is done."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letopis.base import clock
from letopis.clients.phones import is_verified
from letopis.dialogues.words import phone_digits
from letopis.subjects.requests.request import PERSONS_MAX
from letopis.subjects.requests.terms import NAMES, Ask

WORDS_CHARS_MAX = 200
SUBJECT_CHARS_MAX = 300
PHONE_CHARS_MAX = 40
WHY_CHARS_MAX = 1000
DAYS_BACK_MAX = 365
WAYS = (
    ("chat", gettext_lazy("in a chat")),
    ("letter", gettext_lazy("by letter or e-mail")),
    ("call", gettext_lazy("by telephone")),
    ("visit", gettext_lazy("in person")),
)
REASONS = (
    ("withdrawn", gettext_lazy("consent was withdrawn")),
    ("reached", gettext_lazy("the aim was reached")),
    ("unlawful", gettext_lazy("it was kept unlawfully")),
)
# What stands in the act: a paper of Russian law.
REASONS_IN_ACT = {
    "withdrawn": "отзыв согласия субъекта (ст. 21 ч. 5 152-ФЗ)",
    "reached": "достижение цели обработки (ст. 21 ч. 4 152-ФЗ)",
    "unlawful": "неправомерная обработка (ст. 21 ч. 3 152-ФЗ)",
}


class FindForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Whom to find"),
        max_length=WORDS_CHARS_MAX,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("A telephone, name, e-mail, document number, or an id in a channel: over all channels."),
    )


def _asks() -> list[tuple[str, str]]:
    return [(ask.value, str(NAMES[ask])) for ask in Ask]


class OpenForm(forms.Form):
    """`persons` are the boxes that were ticked in what was found."""

    asks = forms.ChoiceField(label=gettext_lazy("What is asked"), choices=_asks)
    subject = forms.CharField(
        label=gettext_lazy("Who asks"),
        max_length=SUBJECT_CHARS_MAX,
        help_text=gettext_lazy("As the person calls himself: so he stands in the papers."),
    )
    via = forms.ChoiceField(label=gettext_lazy("How it came"), choices=WAYS)
    received_on = forms.DateField(
        label=gettext_lazy("When it came"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = timezone.localtime(clock.now()).date()

    @property
    def persons(self) -> list[int]:
        told = self.data.getlist("persons") if hasattr(self.data, "getlist") else []
        return [int(one) for one in dict.fromkeys(told) if one.isdecimal() and len(one) < 19]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if not self.persons:
            raise forms.ValidationError(_("Tick at least one person."))
        if len(self.persons) > PERSONS_MAX:
            raise forms.ValidationError(_("One request is of one person: that is too many."))
        return told

    def clean_received_on(self) -> date:
        told: date = self.cleaned_data["received_on"]
        today = timezone.localtime(clock.now()).date()
        if not today - timedelta(days=DAYS_BACK_MAX) <= told <= today:
            raise forms.ValidationError(_("A day of the last twelve months, today at the latest."))
        return told


class AnswerForm(forms.Form):
    how = forms.CharField(label=gettext_lazy("What was answered, and how"), max_length=WHY_CHARS_MAX)


class ExtendForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("Why, as the person was told"), max_length=WHY_CHARS_MAX)


class CorrectForm(forms.Form):
    """What is right; an empty field leaves what is known."""

    name = forms.CharField(label=gettext_lazy("Right name"), max_length=SUBJECT_CHARS_MAX, required=False)
    phone = forms.CharField(label=gettext_lazy("Right telephone"), max_length=PHONE_CHARS_MAX, required=False)

    def clean_phone(self) -> str:
        told: str = self.cleaned_data["phone"]
        if not told:
            return ""
        digits = phone_digits(told)
        if not digits or not is_verified(f"+{digits}"):
            raise forms.ValidationError(_("This is no telephone that can be called."))
        return f"+{digits}"

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(told.values()):
            raise forms.ValidationError(_("Say what is right: the name, the telephone or both."))
        return told


class EraseForm(forms.Form):
    """The password once more: what goes does not come back."""

    reason = forms.ChoiceField(label=gettext_lazy("Ground"), choices=REASONS)
    password = forms.CharField(
        label=gettext_lazy("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, person: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        told: str = self.cleaned_data["password"]
        if not self.person.check_password(told):
            raise forms.ValidationError(_("This is not your password."))
        return told
