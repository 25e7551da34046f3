"""What a person asks about himself: found over all channels, answered in term, given out, erased, and proved."""
