"""The mathematics of the protocol: without files or network.

Import from its modules: `group`, `transcript`, `elgamal`, `questions`, `ballot_proof`,
`deal_proof`, `equality_proof`, `sharing`, `discrete_log`.
"""
