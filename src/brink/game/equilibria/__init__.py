"""Rival equilibria of one small game: found, verified, labelled, and what rejects each.

:mod:`.search` finds them, :mod:`.verify` checks any profile independently of how it was found,
:mod:`.refine` tells which off-path beliefs the signalling refinements refuse.
"""
