"""Letopis: a flight recorder and auditor for assistants that take bookings."""
