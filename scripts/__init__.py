"""Scripts of the officials: `brownie run <verb> main … --network <name>` (docs/guides/official.md)."""
