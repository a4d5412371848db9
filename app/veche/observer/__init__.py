"""Checks a poll again, from scratch: with the cryptography and what any node shows (PROTOCOL §5).

None of this code is the contracts' in another language: it needs no hints, adds up points plainly,
and believes nothing that it can compute.
"""
