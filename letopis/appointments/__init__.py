"""Visits: chains of slots, their states and outcomes."""
