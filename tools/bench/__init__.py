"""What Veche costs: `python -m tools.bench` prints a table and writes build/bench.json."""
