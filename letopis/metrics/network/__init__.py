"""Network: all businesses of one person on one page, those that are losing leads first."""
