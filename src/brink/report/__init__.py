"""Report: wording, figures, pages and data files for people."""
