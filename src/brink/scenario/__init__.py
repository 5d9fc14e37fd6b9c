"""Scenario files: language, loading, meaning, compilation, sampling, shipped crises."""
