"""The mathematics of the protocol, and nothing else: no files, no network, no web3.

Import what you need from the module that has it: `group`, `transcript`, `elgamal`, `questions`,
`ballot_proof`, `deal_proof`, `equality_proof`, `sharing`, `discrete_log`.
"""
