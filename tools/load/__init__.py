"""Load on a relay: real ballots, made in advance, from many clients at once."""
