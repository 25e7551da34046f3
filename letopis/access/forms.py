"""Forms of the room: what a person sets for himself, whom an owner lets in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from letopis.access.models import Person, Role


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name, language, theme and single-key shortcuts of the person who is signed in."""

    class Meta:
        model = Person
        fields = ("name", "language", "theme", "keys_on")
        labels = {
            "name": _("Name"),
            "language": _("Language"),
            "theme": _("Theme"),
            "keys_on": _("Single-key shortcuts"),
        }
        help_texts = {"keys_on": _("Press ? on any page to see them.")}


class PersonForm(forms.Form):
    """A person to let in; what is wrong with the values is said by `people.create_person`."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MANAGER)
