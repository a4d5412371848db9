"""A carrier at work: others' ballots, checked, cast in batches and paid for."""
