"""The doors in: what a sender posts becomes journal drafts; what cannot be understood goes to quarantine."""
