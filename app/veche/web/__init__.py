"""The page with which anyone votes and checks polls in a browser: one file, as it was built."""
