"""How long which class of content is kept: what the owner has approved, as the journal tells it."""
