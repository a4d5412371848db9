"""Nodes of a private network: made, started, watched and stopped (docs/guides/network.md).

They are geth. Its release 1.13.15 is the last one that seals blocks of Clique, proof of authority.
"""
