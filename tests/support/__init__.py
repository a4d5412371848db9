"""What several tests need: chains and the people on them, inputs in plain form, nodes that lie."""
