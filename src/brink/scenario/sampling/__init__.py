"""Draws of everything uncertain, and their translation into payoffs and chances."""
