"""Benchmarks: `make bench` prints a table of the costs of Veche, and writes build/bench.json."""
