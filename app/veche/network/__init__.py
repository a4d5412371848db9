"""The nodes of a private network: to make, start, watch and stop them (docs/guides/network.md).

Every node is geth. Its release 1.13.15 is the last one that seals blocks of Clique, a proof of
authority.
"""
