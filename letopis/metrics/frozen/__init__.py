"""Closed months: their figures are written to the journal once and stand, whatever comes to light later."""
