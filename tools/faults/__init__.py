"""Faults of a private network, made on purpose while polls are open: what is lost, how fast it is.

Every node is a real geth in a network namespace of its own, started by the script that `veche
network make` wrote for it, so that links can be cut: this needs Linux, root and iproute2. `make
network-faults` writes build/network.json.
"""
