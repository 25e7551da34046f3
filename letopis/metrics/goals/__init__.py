"""Goals: what the owner wants of a metric, from which day, and how far it is."""
