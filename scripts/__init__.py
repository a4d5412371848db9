"""What officials run: `brownie run <verb> main … --network <name>` (docs/guides/official.md)."""
