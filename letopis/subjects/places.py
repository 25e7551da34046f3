"""The register of places: in which columns personal data may stand, and how it goes from there.

A test walks every column of the living database that can hold words and fails on one that is not told here, so nobody
adds a place that an erasure does not know. `rewriting` makes the tables anew in which data of clients has stood.
"""

from collections.abc import Mapping
from enum import StrEnum

from letopis.base.text import Text


class Goes(StrEnum):
    """How what a column holds of a person goes."""

    TAKEN = "taken"
    FOLLOWS = "follows"
    EMPTIED = "emptied"
    SHORT = "short"
    APART = "apart"
    STAFF = "staff"
    NOBODY = "nobody"


MEANINGS: Mapping[Goes, Text] = {
    Goes.TAKEN: Text(
        ru="стирается самим удалением, в одной транзакции с записью о нём",
        en="taken out by the erasure itself, in the transaction of the entry that tells of it",
    ),
    Goes.FOLLOWS: Text(
        ru="выводится из журнала: конвейер читает запись об удалении и выводит заново",
        en="derived from the journal: the pipeline reads of the erasure and derives anew",
    ),
    Goes.EMPTIED: Text(
        ru="опустошается удалением по номерам и телефону", en="emptied by the erasure, by ids and phone"
    ),
    Goes.SHORT: Text(ru="живёт секунды или дни и уходит само", en="lives for seconds or days and goes by itself"),
    Goes.APART: Text(
        ru="бумаги об обращении: хранятся отдельно три года, потом уходят",
        en="papers of a request: kept apart for three years, then gone",
    ),
    Goes.STAFF: Text(ru="данные сотрудников, не клиентов", en="data of staff, not of clients"),
    Goes.NOBODY: Text(ru="слова салона и коды: людей в них нет", en="the salon's own words and codes: nobody in them"),
}


def _all(goes: Goes, words: str) -> dict[str, Goes]:
    return dict.fromkeys(words.split(), goes)


def _client(words: str, others: str = "") -> dict[str, Goes]:
    """A derived table: columns that may tell of a client, and the others."""
    return _all(Goes.FOLLOWS, words) | _all(Goes.NOBODY, others)


PLACES: Mapping[str, Mapping[str, Goes]] = {
    "journal_content": _all(Goes.TAKEN, "who_salt who text_salt text attach_salt attach")
    | _all(Goes.NOBODY, "log meta_salt meta"),
    "journal_raw": _all(Goes.TAKEN, "salt data") | _all(Goes.NOBODY, "log"),
    "journal_renaming": _all(Goes.SHORT, "former") | _all(Goes.NOBODY, "log sort alias"),
    "journal_remains": _all(Goes.TAKEN, "who") | _all(Goes.NOBODY, "log said"),
    "intake_quarantine": _all(Goes.EMPTIED, "raw")
    | _all(Goes.STAFF, "dropped_reason")
    | _all(Goes.NOBODY, "source reason field faults state"),
    "clients_identity": _client("client_id name phone", "channel"),
    "clients_link": _client("a b"),
    "clients_phone": _client("client_id phone twin_of"),
    "dialogues_dialogue": _client(
        "client_id session_id deal_ref first_line escalation_reason",
        "channel branch campaign scenario version intent service answers_at last_by excluded outcome cause closed_as"
        " lead_state refused_for lead_stage lead_stopped lead_cause lead_master lead_known lead_crm lead_visit"
        " lead_service lead_branch",
    ),
    "dialogues_escalation": _client("reason", "channel excluded branch") | _all(Goes.STAFF, "person"),
    "dialogues_fact": _client("body", "type"),
    "dialogues_word": _client("word"),
    "dialogues_turn": _all(Goes.NOBODY, "channel excluded own_replied_by replied_by branch")
    | _all(Goes.STAFF, "person"),
    "dialogues_step": _all(Goes.NOBODY, "scenario version step channel branch next ended excluded"),
    "dialogues_schedule": _all(Goes.NOBODY, "branch channel weekly calendar") | _all(Goes.STAFF, "person"),
    "appointments_fact": _client("body"),
    "appointments_key": _client("appointment_id"),
    "appointments_slot": _client(
        "appointment_id client_id", "service channel campaign state excluded branch told_branch"
    )
    | _all(Goes.STAFF, "resource"),
    "appointments_master": _all(Goes.STAFF, "master_id name") | _all(Goes.NOBODY, "services branch"),
    "appointments_service": _all(Goes.NOBODY, "service_id name aliases category"),
    "metrics_lead": _all(
        Goes.NOBODY, "channel campaign branch state excluded intent service stage stopped cause harm visit crm"
    )
    | _all(Goes.STAFF, "master"),
    "metrics_cell": _all(Goes.NOBODY, "metric by branch member seconds censored"),
    "metrics_cost": _all(Goes.NOBODY, "campaign"),
    "metrics_frozen": _all(Goes.NOBODY, "metric"),
    "metrics_goal": _all(Goes.NOBODY, "metric") | _all(Goes.STAFF, "person"),
    "metrics_mark": _all(Goes.NOBODY, "kind what effect metric scenario version made_by") | _all(Goes.STAFF, "person"),
    "privacy_policy": _all(Goes.NOBODY, "ground") | _all(Goes.STAFF, "person"),
    "privacy_expired": _all(Goes.NOBODY, "kept"),
    "privacy_look": _all(Goes.NOBODY, "act role subject_kind subject_id") | _all(Goes.STAFF, "reason"),
    "privacy_burst": _all(Goes.NOBODY, "sign"),
    "subjects_night": _all(Goes.NOBODY, "gone"),
    "subjects_request": _all(Goes.APART, "subject via extended_why answered_how persons")
    | _all(Goes.STAFF, "made_by answered_by")
    | _all(Goes.NOBODY, "asks"),
    "subjects_act": _all(Goes.APART, "subject")
    | _all(Goes.STAFF, "person")
    | _all(Goes.NOBODY, "reason kinds months told_seqs"),
    "journal_entry": _all(Goes.NOBODY, "log type source leaf"),
    "journal_log": _all(Goes.NOBODY, "log origin frontier state"),
    "journal_node": _all(Goes.NOBODY, "log hash"),
    "journal_position": _all(Goes.NOBODY, "reader log"),
    "journal_seal": _all(Goes.NOBODY, "log root first_problem"),
    "journal_tag": _all(Goes.NOBODY, "log id_tag body_tag"),
    "intake_source": _all(Goes.NOBODY, "connection source last_type last_reason last_field"),
    "access_apikey": _all(Goes.NOBODY, "prefix digest source scope"),
    "access_branch": _all(Goes.NOBODY, "code name"),
    "access_business": _all(Goes.NOBODY, "name timezone vertical"),
    "access_network": _all(Goes.NOBODY, "name"),
    "access_cache": _all(Goes.SHORT, "cache_key value"),
    "access_look": _all(Goes.NOBODY, "act role subject_kind subject_id") | _all(Goes.STAFF, "reason"),
    "access_membership": _all(Goes.NOBODY, "role"),
    "access_person": _all(Goes.STAFF, "password email name language theme"),
    "account_emailaddress": _all(Goes.STAFF, "email"),
    "account_emailconfirmation": _all(Goes.STAFF, "key"),
    "usersessions_usersession": _all(Goes.STAFF, "ip session_key user_agent data"),
    "mfa_authenticator": _all(Goes.STAFF, "type data"),
    "auth_group": _all(Goes.NOBODY, "name"),
    "auth_permission": _all(Goes.NOBODY, "name codename"),
    "axes_accessattempt": _all(Goes.STAFF, "user_agent ip_address username http_accept path_info get_data post_data"),
    "axes_accessfailurelog": _all(Goes.STAFF, "user_agent ip_address username http_accept path_info"),
    "axes_accesslog": _all(Goes.STAFF, "user_agent ip_address username http_accept path_info session_hash"),
    "django_session": _all(Goes.STAFF, "session_key session_data"),
    "django_content_type": _all(Goes.NOBODY, "app_label model"),
    "django_migrations": _all(Goes.NOBODY, "app name"),
}

OF_CLIENTS = frozenset({Goes.TAKEN, Goes.FOLLOWS, Goes.EMPTIED, Goes.SHORT})
PARTED = ("journal_content", "journal_raw")
"""Kept in partitions; the others are whole tables."""


def tables_of_clients() -> list[str]:
    """The tables in which data of clients stands or has stood."""
    return [table for table, columns in PLACES.items() if OF_CLIENTS & set(columns.values())]
