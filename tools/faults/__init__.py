"""Fault tests of a private network: `make network-faults` writes build/network.json.

Nodes and links of a real network fail on purpose while polls are open. After each fault, no ballot
may be lost, and the result must be the plain count. Every node is in a network namespace of
its own, started by the script that `veche network make` has written. So links can be cut, which
needs Linux, root and iproute2.

- `scenarios`: the faults.
- `trials`: polls during which a fault happens, and the judgement of what came of it.
- `hosts`, `disks`, `cluster`: the machines, and the nodes on them.
- `builds`: other builds of the nodes' programs; `liar.go` is a part of one.
- `flood`: others' transactions.
- `witness`: who sees whether a block is ever replaced.
- `people`, `casting`: officials, trustees and voters, and clients who cast ballots.
"""
