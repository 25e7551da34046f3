"""The rooms in the order in which a fact passes them; a room imports only what stands to its left."""

ROOMS = (
    "base",
    "access",
    "journal",
    "privacy",
    "intake",
    "clients",
    "dialogues",
    "appointments",
    "metrics",
    "subjects",
    "audit",
)

# Above all rooms: they put together, and nothing imports them.
TOP = ("app", "worker", "cli", "demo")
