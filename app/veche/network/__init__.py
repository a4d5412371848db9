"""The nodes of a private network: to make, start, watch and stop them (docs/guides/network.md).

Every node is veche-validator (tools/validator), which decides on blocks with CometBFT and has a
geth beneath it execute them.
"""
