"""Polls on Ethereum that anyone can verify."""

__all__: list[str] = []
