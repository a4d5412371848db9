"""Branch coverage of the contracts by their tests: `make coverage`.

The optimiser moves, merges and removes jumps, and maps most of the others to a whole contract or
assembly block. So the bytecode cannot be measured, and the sources are measured instead. In a copy
of the project, build/coverage, every condition of the contracts calls an address that encodes the
condition's number and its value (`conditions`, `instrumented`). These addresses are empty, so the
contracts behave as before, except for gas and size. The node's traces show the calls, in
transactions and in eth_call, reverted or not (`recorder`). Then `report` lists what is missed.

A branch is one operand of a condition: of `if`, `?:`, `for`, `while`, `do`, `require` and
`assert`, of every && and ||, and of `if` and `for` in assembly. It is covered if it was both true
and false. The compiler's own tests (of decoding, overflow and the bounds of lists) are no branches.
A function that is inlined or inherited several times counts once.

`exceptions.toml` lists what no test can reach, with reasons.
"""
