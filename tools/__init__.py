"""Tools for maintainers (tools/README.md)."""
