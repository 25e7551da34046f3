"""Conversations: sessions, turns, waits, outcomes, transcript, search."""
