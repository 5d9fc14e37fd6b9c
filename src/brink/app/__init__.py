"""The local web application: one page, one crisis, loopback only."""
