"""`python -m veche.cli` is `veche`."""

from veche.cli import main

main()
