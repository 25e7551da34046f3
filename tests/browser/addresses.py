"""Every page of the product, as somebody who may open it finds it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.salon import MARINA_SESSION, Login, Salon


@dataclass(frozen=True, slots=True)
class Address:
    """A page: who looks at it and where it lies; `status` is what it answers on purpose."""

    name: str
    who: Callable[[Salon], Login | None]
    path: Callable[[Salon], str]
    status: int = 200


def owner(salon: Salon) -> Login:
    return salon.lada.owner


def integrator(salon: Salon) -> Login:
    return salon.people["integrator"]


def of_lada(path: str) -> Callable[[Salon], str]:
    return lambda salon: salon.lada.url(path)


ADDRESSES = (
    Address("login", lambda _: None, lambda _: "/login"),
    Address("today", owner, of_lada("")),
    Address("overview", owner, of_lada("overview")),
    Address("overview-year", owner, of_lada("overview?from=2025-11-23&to=2026-11-22&compare=weekdays")),
    Address("overview-empty", lambda salon: salon.empty.owner, lambda salon: salon.empty.url("overview")),
    Address("funnel", owner, of_lada("funnel")),
    Address("funnel-masters", owner, of_lada("funnel?by=master")),
    Address("funnel-empty", lambda salon: salon.empty.owner, lambda salon: salon.empty.url("funnel")),
    Address("scenario", owner, of_lada("scenario")),
    Address("scenario-compared", owner, of_lada("scenario?version=14&against=13")),
    Address("scenario-empty", lambda salon: salon.empty.owner, lambda salon: salon.empty.url("scenario")),
    Address("changes", owner, of_lada("changes")),
    Address("changes-new", owner, of_lada("changes/new")),
    Address("changes-empty", lambda salon: salon.empty.owner, lambda salon: salon.empty.url("changes")),
    Address("campaigns", owner, of_lada("campaigns")),
    Address("campaigns-costs", integrator, of_lada("campaigns/costs")),
    Address("campaigns-empty", lambda salon: salon.empty.owner, lambda salon: salon.empty.url("campaigns")),
    Address("load", owner, of_lada("load")),
    Address("load-empty", lambda salon: salon.empty.owner, lambda salon: salon.empty.url("load")),
    Address("months", owner, of_lada("months")),
    Address("goals", owner, of_lada("goals")),
    Address("goal", owner, of_lada("goals/M2")),
    Address("definitions", owner, lambda _: "/definitions"),
    Address("network", integrator, lambda _: "/network"),
    Address("network-steps", integrator, lambda _: "/network?view=steps"),
    Address("network-old", integrator, lambda _: "/network?state=old"),
    Address("network-empty", lambda salon: salon.empty.owner, lambda _: "/network"),
    Address("dialogues", owner, of_lada("dialogues")),
    Address("dialogues-found", owner, of_lada(f"dialogues?q={MARINA_SESSION}")),
    Address("dialogues-none", owner, of_lada("dialogues?q=кракозябра")),
    Address("dialogue", owner, lambda salon: salon.marina),
    Address("dialogue-hidden", integrator, lambda salon: salon.marina),
    Address("visits", owner, of_lada("visits")),
    Address("hours", owner, of_lada("hours")),
    Address("hours-others", owner, of_lada("hours?of=others")),
    Address("hours-person", owner, of_lada("hours?of=person")),
    Address("hours-seen", lambda salon: salon.people["manager"], of_lada("hours")),
    Address("hours-empty", lambda salon: salon.empty.owner, lambda salon: salon.empty.url("hours")),
    Address("catalogue", owner, of_lada("catalogue")),
    Address("catalogue-service", owner, of_lada("catalogue/service?id=маникюр с покрытием")),
    Address("catalogue-master", owner, of_lada("catalogue/master")),
    Address("catalogue-file", owner, of_lada("catalogue/file")),
    Address("sources", integrator, of_lada("sources")),
    Address("quarantine", lambda salon: salon.strangers.owner, lambda salon: salon.strangers.url("quarantine")),
    Address("quarantine-piece", lambda salon: salon.strangers.owner, lambda salon: salon.piece),
    Address("welcome", lambda salon: salon.empty.owner, lambda salon: salon.empty.url("welcome")),
    Address("today-empty", lambda salon: salon.empty.owner, lambda salon: salon.empty.url("")),
    Address("requests", owner, of_lada("requests")),
    Address("retention", owner, of_lada("retention")),
    Address("retention-empty", lambda salon: salon.empty.owner, lambda salon: salon.empty.url("retention")),
    Address("journal", owner, of_lada("journal")),
    Address("people", owner, of_lada("access")),
    Address("who-looked", owner, of_lada("access-log")),
    Address("who-looked-person", owner, lambda salon: salon.looker),
    Address("who-looked-dialogue", owner, lambda salon: f"{salon.marina}/looks"),
    Address("profile", owner, lambda _: "/me"),
    Address("sessions", owner, lambda _: "/me/sessions"),
    Address("security", owner, lambda _: "/me/security"),
    Address("password", owner, lambda _: "/me/password"),
    Address("forbidden", integrator, of_lada("visits"), status=403),
    Address("missing", owner, of_lada("nothing"), status=404),
)
