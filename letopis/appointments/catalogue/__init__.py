"""What a business offers: services with their prices, and masters, each in versions that hold from a day on.

`offer` is the heart: what a service cost on a day, which service a visit names. `reader.catalogue_of` gives it.
"""
