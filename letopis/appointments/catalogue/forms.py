"""The forms of the catalogue: one service, one master, a file."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from letopis.appointments.catalogue.desk import today
from letopis.appointments.catalogue.file import free_id, split_names
from letopis.appointments.catalogue.offer import Catalogue, MasterVersion, Price, ServiceVersion, master_of, service_of
from letopis.appointments.catalogue.reader import roubles
from letopis.appointments.catalogue.tables import services_on
from letopis.appointments.catalogue.words import (
    NotUnderstoodError,
    price_field,
    read_minutes,
    read_price,
)
from letopis.base import format
from letopis.base.tables.reading import FILE_BYTES_MAX
from letopis.intake.catalogue import NAME_CHARS_MAX, WORDS_MAX
from letopis.journal.kinds import MasterOffer, ServiceOffer

FIRST_DAY = date(2000, 1, 1)
DAYS_AHEAD_MAX = 731


class DatedForm(forms.Form):
    """Something that holds from a day on."""

    valid_from = forms.DateField(
        label=gettext_lazy("In force from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if not FIRST_DAY <= day <= today() + timedelta(days=DAYS_AHEAD_MAX):
            raise forms.ValidationError(_("A day between the year 2000 and two years ahead."))
        return day


class OfferForm(DatedForm):
    """One service or master; `seq` is the version that the person has seen."""

    seq = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(max_length=NAME_CHARS_MAX)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        catalogue: Catalogue,
        known: ServiceVersion | MasterVersion | None,
        initial: Mapping[str, Any],
    ) -> None:
        super().__init__(data, initial=dict(initial))
        self.catalogue = catalogue
        self.known = known

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        seen = given.get("seq") or 0
        if self.known is not None and "seq" in self.data and seen != self.known.seq:
            raise forms.ValidationError(_("Somebody has changed this in the meantime. Look at it once more."))
        return given

    def names(self, field: str) -> tuple[str, ...]:
        """Several names in one field."""
        found = split_names(self.cleaned_data[field])
        if len(found) > WORDS_MAX or any(len(one) > NAME_CHARS_MAX for one in found):
            raise forms.ValidationError(_("Too many names, or too long ones."))
        return found


class ServiceForm(OfferForm):
    """One service."""

    name = forms.CharField(label=pgettext_lazy("service", "Name"), max_length=NAME_CHARS_MAX)
    price = forms.CharField(
        label=gettext_lazy("Price, ₽"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("2400, from 2400 or 2400–2800"),
    )
    minutes = forms.CharField(
        label=gettext_lazy("How long it takes"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("90 or 1:30"),
    )
    category = forms.CharField(
        label=gettext_lazy("Category"),
        max_length=NAME_CHARS_MAX,
        required=False,
        widget=forms.TextInput(attrs={"list": "categories", "autocomplete": "off"}),
    )
    aliases = forms.CharField(
        label=gettext_lazy("What else it is called"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("With commas between. By these words visits find their service."),
    )
    field_order = ("name", "price", "minutes", "category", "aliases", "valid_from", "seq")

    @classmethod
    def initial_of(cls, version: ServiceVersion | None, day: date) -> dict[str, Any]:
        if version is None:
            return {"valid_from": day}
        return {
            "valid_from": day,
            "seq": version.seq,
            "name": version.name,
            "price": price_field(version.price),
            "minutes": version.minutes,
            "category": version.category,
            "aliases": ", ".join(version.aliases),
        }

    def categories(self) -> list[str]:
        """Those in use, to choose from."""
        return sorted({one.category for one in services_on(self.catalogue, today()) if one.category})

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        other = service_of(self.catalogue, name)
        if other is not None and other.on(today()) and other.is_named(name) and not _is(other.id, self.known):
            raise forms.ValidationError(_("There is such a service already."))
        return name

    def clean_price(self) -> Price | None:
        try:
            return read_price(self.cleaned_data["price"])
        except NotUnderstoodError:
            raise forms.ValidationError(_("The price is not understood. Write 2400, from 2400 or 2400–2800.")) from None

    def clean_minutes(self) -> int | None:
        try:
            return read_minutes(self.cleaned_data["minutes"])
        except NotUnderstoodError:
            raise forms.ValidationError(_("The length is not understood. Write 90 or 1:30.")) from None

    def clean_aliases(self) -> tuple[str, ...]:
        return self.names("aliases")

    def offer(self) -> ServiceOffer:
        given = self.cleaned_data
        price: Price | None = given["price"]
        return ServiceOffer(
            id=self.known.key if self.known else free_id(self.catalogue.services, given["name"]),
            name=given["name"],
            aliases=given["aliases"],
            category=given["category"] or None,
            minutes=given["minutes"],
            price_from=roubles(price.from_kop) if price else None,
            price_to=roubles(price.to_kop) if price else None,
        )


class MasterForm(OfferForm):
    """One master or room."""

    name = forms.CharField(label=pgettext_lazy("master", "Name"), max_length=NAME_CHARS_MAX)
    branch = forms.CharField(
        label=gettext_lazy("Branch"),
        max_length=NAME_CHARS_MAX,
        required=False,
        widget=forms.TextInput(attrs={"list": "branches", "autocomplete": "off"}),
    )
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Services"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing chosen means all of them."),
    )
    field_order = ("name", "branch", "services", "valid_from", "seq")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = self.fields["services"]
        assert isinstance(services, forms.MultipleChoiceField), "declared above"
        services.choices = [(one.service_id, one.name) for one in services_on(self.catalogue, today())]

    @classmethod
    def initial_of(cls, version: MasterVersion | None, work: list[str], day: date) -> dict[str, Any]:
        if version is None:
            return {"valid_from": day}
        return {
            "valid_from": day,
            "seq": version.seq,
            "name": version.name,
            "branch": version.branch,
            "services": work,
        }

    def branches(self) -> list[str]:
        """Those in use, to choose from."""
        found = (line.on(today()) for line in self.catalogue.masters.values())
        return sorted({one.branch for one in found if one and one.branch})

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        other = master_of(self.catalogue, name)
        if other is not None and other.on(today()) and not _is(other.id, self.known):
            raise forms.ValidationError(_("There is such a master already."))
        return name

    def offer(self) -> MasterOffer:
        given = self.cleaned_data
        return MasterOffer(
            id=self.known.key if self.known else free_id(self.catalogue.masters, given["name"]),
            name=given["name"],
            services=given["services"],
            branch=given["branch"] or None,
        )


class FileForm(DatedForm):
    """A file with services or masters, and how to take it."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("XLSX, XLS, ODS or CSV."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )
    ends_missing = forms.BooleanField(
        label=gettext_lazy("Take out what is not in the file"),
        required=False,
    )
    field_order = ("file", "valid_from", "ends_missing")

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > FILE_BYTES_MAX:
            most = format.integer(FILE_BYTES_MAX // (1024 * 1024))
            raise forms.ValidationError(_("The file is larger than {most} MB.").format(most=most))
        return file


def _is(identity: str, known: ServiceVersion | MasterVersion | None) -> bool:
    return known is not None and known.key == identity
