"""Figures as accessible SVG text, drawn by plain functions from plain data."""
