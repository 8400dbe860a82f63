"""A day in the street: what its devices and people do in it, with what goes wrong, and whether that was found.

``devices`` tells the readings, ``people`` does what is done at desks and on rounds, ``found`` compares. A test tells a small
day; ``python -m benchmarks.street_day`` the whole one.
"""
