"""What part each kind of event has in a conversation: which talk, which follow it, which stand outside."""

# Concern the business, a source or the catalogue of people, never one conversation.
OUTSIDE = frozenset(
    {
        "heartbeat",
        "change_mark",
        "goal_set",
        "campaign_cost",
        "catalogue_version",
        "schedule_version",
        "availability_snapshot",
        "review_answer",
        "finding_state",
        "identity_link",
        "identity_unlink",
        "client_corrected",
    }
)

# What staff, CRM and reminders do around a visit: joins the conversation it is about, but neither opens one that is
# over nor counts as the client's contact.
FOLLOWING = frozenset(
    {
        "appointment_created",
        "appointment_confirmed",
        "appointment_moved",
        "appointment_cancelled",
        "arrived",
        "no_show",
        "outcome_unknown",
        "payment",
        "crm_delivery",
        "record_readback",
        "reminder_planned",
        "reminder_sent",
        "reminder_replied",
        "reminder_skipped",
        "message_delivery",
    }
)

CREATED = "appointment_created"
# What gives an appointment its place: later events of the same visit follow there.
PLACING = frozenset({CREATED, "appointment_moved"})

# What says something about a visit's slot.
OF_VISITS = frozenset(
    {
        "appointment_created",
        "appointment_confirmed",
        "appointment_moved",
        "appointment_cancelled",
        "arrived",
        "no_show",
        "outcome_unknown",
        "reminder_sent",
    }
)
