"""Generators of committed files that follow from others: `make artifacts`, `make errors`."""
