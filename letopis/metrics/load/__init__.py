"""Load: how busy masters and managers are (M19, M20), and what a missed visit leaves empty (M21)."""
