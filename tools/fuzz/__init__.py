"""Runs the fuzzers of tests/fuzz for as long as it is told, each in a process of its own.

The seeds are consecutive numbers, from the one that is given. A case that fails is shown with its
seed, which repeats it: `python -m tools.fuzz --only links --seed 1234 --minutes 0`. The number of
cases of each fuzzer goes into build/fuzz.json.
"""
