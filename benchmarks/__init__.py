"""How fast and how sure the solver is, measured beside its peers: ``python -m benchmarks``."""
