"""Files that people and programs keep on disk.

People write polls, boards and rolls. Such a file is read as a whole, and refused with all its
mistakes at once. Programs write keystores, deployments, networks and trustees' cards.

Nothing here asks a node or looks at the clock. Only the modules that read TOML import `pydantic`.
"""
