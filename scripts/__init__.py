"""The officials' scripts: `brownie run VERB main … --network NAME` (docs/guides/official.md)."""
