"""Checks a poll again, from scratch: with the cryptography and what any node shows (PROTOCOL §5).

Nothing here is a translation of the contracts: no hints are needed, points are simply added up, and
whatever can be computed is computed rather than believed.
"""
