"""Dress rehearsals: a whole poll on a chain of this machine."""
