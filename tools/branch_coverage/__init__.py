"""Which ways the tests take through the contracts: `python -m tools.branch_coverage`.

The optimiser moves, merges and drops jumps, and gives most of those that are left the place of a
whole contract or assembly block. So it is not bytecode that is measured here but sources: in a copy
of the project, build/coverage, every condition of the contracts calls an address that names the
condition and its value (`conditions`, `instrumented`). Nothing is there, so that the contracts
behave as before, but for gas and size. The node's traces show the calls, of transactions as of
eth_call, reverted or not (`recorder`).

A branch is one operand of a condition: of `if`, `?:`, `for`, `while`, `do`, `require` and
`assert`, of every && and || wherever it stands, and of `if` and `for` in assembly. It is covered
when it was both true and false. What only the compiler tests — decoding, overflow, the bounds of
lists — is no branch. A function that is inlined or inherited several times is one.

`exceptions.toml` lists, with reasons, what no test can reach.
"""
