"""What carries the findings and what would turn them."""
