"""What a poll is made of, as values: no file, no node, no clock."""
