"""Ethereum nodes, and the contracts on them: the only code that asks nodes."""
