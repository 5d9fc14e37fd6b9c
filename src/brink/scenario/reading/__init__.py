"""From the bytes of a file to a checked scenario, one small step per module."""
