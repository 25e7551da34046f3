"""The demo salon: a deterministic world of ninety days, sent through the real intake."""
