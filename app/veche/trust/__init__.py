"""Checks that come before trust: where contracts come from, and how a key was made."""
