"""A trustee at work: the key ceremony, and decryption shares after every check."""
