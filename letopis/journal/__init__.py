"""The append-only log of a business: what was told, once, in order, provable and yet erasable.

Others write with `scribe` (drafts from `draft`, bytes from `lj1`), read with `entries`, keep their place with
`positions`, and look whether all is sound with `verify`; the worker makes `partitions`. What events mean stands in
`kinds`. All else (leaf, slots, tree, tags, batch, commit, rows) is how it is done, and no other room's business.
"""
