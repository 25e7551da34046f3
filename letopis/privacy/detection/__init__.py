"""What in a text is personal: patterns with validators, context and names, in time linear in its length.

`detect` is the one door. The plain value never leaves it: a finding says where something stands and what it is.
"""
