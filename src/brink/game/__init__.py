"""Games with names: building, checking, reading, writing and their rival equilibria."""
