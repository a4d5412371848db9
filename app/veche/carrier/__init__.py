"""A carrier at work: others' ballots, checked, cast in batches and paid for.

A ballot passes the modules in this order: `intake` reads and checks it, on the word of
`admission`, one of a voter at a time (`turns`); `batches` puts it together with others; `flights`
sends them. None of these waits for anything unless it is told to. `carrier` drives them all.
"""
