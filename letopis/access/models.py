"""Who is who: networks, businesses, branches, people, their roles, keys of programs, and who looked at what.

All tables but `Look` are the catalogue: small, whole on a cluster, read before a business is entered (see `wall.py`).
"""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from letopis.base import clock, ids


class Role(models.TextChoices):
    """What a person is to one business."""

    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    INTEGRATOR = "integrator", _("Integrator")


class Vertical(models.TextChoices):
    """The trade of a business."""

    SALON = "salon", _("Beauty salon")
    CLINIC = "clinic", _("Clinic")
    REPAIR = "repair", _("Repair shop")


class Scope(models.TextChoices):
    """What a key opens: never both, so that a key lost with an assistant reads nothing."""

    SEND = "send", _("Sends events")
    READ = "read", _("Reads")


class Network(models.Model):
    """Several businesses under one name; written by the command line, read by the network's pages."""

    name = models.CharField(max_length=200, unique=True)

    def __str__(self) -> str:
        return self.name


class Business(models.Model):
    """One business: the key of everything large. Its id is random, so that it tells nothing and cannot be guessed."""

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    name = models.CharField(max_length=200)
    timezone = models.CharField(max_length=64)
    vertical = models.CharField(max_length=16, choices=Vertical)
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="businesses")
    created_at = models.DateTimeField(default=clock.now)
    second_factor = models.BooleanField(db_default=False)
    """Whether owners and integrators need a code from an app to be let in."""

    class Meta:
        verbose_name_plural = "businesses"

    def __str__(self) -> str:
        return self.name


class Branch(models.Model):
    """One address of a business; events name it by `code`."""

    business = models.ForeignKey(Business, models.PROTECT, related_name="branches")
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "branches"
        constraints = (models.UniqueConstraint(fields=("business", "code"), name="access_branch_code"),)

    def __str__(self) -> str:
        return self.name


class People(BaseUserManager["Person"]):
    """Finds people by the e-mail they sign in with, in any case."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").strip().casefold())


class Theme(models.TextChoices):
    """Light, dark, or as the device says."""

    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Language(models.TextChoices):
    """Languages of the pages, each in its own name."""

    RU = "ru", "Русский"
    EN = "en", "English"


class Person(AbstractBaseUser):
    """A person who signs in. Rights come from memberships; an operator runs the platform and sees no client's words."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, choices=Language, default=Language.RU)
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.AUTO)
    keys_on = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name_plural = "people"
        constraints = (
            models.UniqueConstraint(fields=("email",), name="access_person_email"),
            # An address in two spellings would be two people with one mailbox.
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="access_person_email_folded"),
        )

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().casefold()


class Membership(models.Model):
    """A person's role in one business, until it ends. Granting again writes the same row.

    Who sees people masked and `may_ask` can have one dialogue shown, for a reason, as the owner has allowed.
    """

    pk = models.CompositePrimaryKey("business_id", "person_id")
    business = models.ForeignKey(Business, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)
    may_ask = models.BooleanField(db_default=False)
    since = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.business_id}"


class ApiKey(models.Model):
    """A program's key: its public prefix and the SHA-256 of its secret. Written by `keys.py` only."""

    prefix = models.CharField(max_length=8, unique=True)
    digest = models.BinaryField(max_length=32)
    business = models.ForeignKey(Business, models.PROTECT, related_name="keys")
    source = models.CharField(max_length=64)
    scope = models.CharField(max_length=8, choices=Scope)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    masked = models.BooleanField(db_default=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # Serves the sources page: the keys of one business.
        indexes = (models.Index(fields=("business", "source"), name="access_apikey_source"),)

    def __str__(self) -> str:
        return f"lt_{self.prefix}_…"


class Look(models.Model):
    """Who opened whose words, when and why, until the worker has moved it into the access ledger.

    The pages may add and read rows, never change them; `log.py` writes. The scribe alone takes rows away, in the
    transaction that writes them into the ledger.
    """

    # The order of the key is the order of the page: newest first inside one business.
    pk = models.CompositePrimaryKey("business_id", "at", "look_id")
    business_id = models.UUIDField()
    at = models.DateTimeField(default=clock.now)
    look_id = models.UUIDField(default=ids.new_uuid)
    person_id = models.BigIntegerField(null=True)
    key_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=32, blank=True, db_default="")
    act = models.CharField(max_length=32, db_default="opened")
    subject_kind = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=200)
    reason = models.CharField(max_length=300, blank=True, db_default="")
    refused = models.BooleanField(db_default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(person_id__isnull=True, key_id__isnull=False)
                | models.Q(person_id__isnull=False, key_id__isnull=True),
                name="access_look_one_looker",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}"
