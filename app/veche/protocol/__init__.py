"""What a poll is made of, as values: without files, nodes or clocks."""
