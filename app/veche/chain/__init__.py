"""Ethereum nodes, and the contracts on them: the only code that imports web3."""
