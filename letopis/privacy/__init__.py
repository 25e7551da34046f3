"""Personal data in what we are told: what is recognised, what is kept and how long, what is masked, what is erased.

Others ask `detection` what stands in a text and `masking` for the text without it; the doors let `storage` decide what
of an event may be written; `retention` says until when it stays, and `erasure` is the one act by which content goes.
"""
