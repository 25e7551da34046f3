"""Visits: chains of slots, their states and outcomes; and the catalogue of services, their prices, and masters.

Other rooms use `records` and `chains` for visits, `measures` for what the numbers ask of one, and the folder
`catalogue` for what a service cost on a day.
"""
