"""Beliefs: the record as of a date, posteriors, what each actor believes."""
