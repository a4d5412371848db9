"""Files that people write: polls, boards, rolls. Read whole, refused with every mistake at once.

Nothing here asks a node or the clock. `pydantic` is imported by what reads TOML, and only there.
"""
