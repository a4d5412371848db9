"""Enrolment: from a list of people to an electoral roll of addresses (docs/enrolment.md).

Everybody on the officials' list gets a letter with a code. A voter binds the address of a key to
the code; the roll has the addresses that are bound when it is frozen.
"""
