"""Campaigns: which advertising brings visits, and what each costs."""
