"""Hypothesis strategies for games."""

from __future__ import annotations

from hypothesis import strategies as st

from brink.core.tree import CHANCE
from brink.game.game import Game, GameBuilder


@st.composite
def games(
    draw: st.DrawFn, max_depth: int = 4, max_players: int = 4, small_payoffs: bool = False
) -> Game:
    """Games of perfect recall: a set is named by what its owner did and saw.

    Small payoffs are whole numbers from -9 to 9: no difference is near the tolerances.
    """
    n_players = draw(st.integers(1, max_players))
    number = st.integers(-9, 9)
    if not small_payoffs:
        number |= st.floats(-1e6, 1e6).map(lambda value: round(value, 6))
    names = st.text(st.characters(codec="utf-8", exclude_characters="\\"), max_size=5)
    title = draw(names)
    builder = GameBuilder(title, [f"P{n}" for n in range(n_players)])
    open_nodes: list[tuple[int, int, tuple[tuple[object, ...], ...]]] = [(0, 0, ((),) * n_players)]
    seen: dict[object, tuple[str, ...]] = {}
    while open_nodes:
        node, depth, past = open_nodes.pop()
        kind = draw(st.integers(-1, n_players)) if depth < max_depth else n_players
        if depth == 0:
            kind = 0
        if kind == n_players:
            payoffs = draw(st.lists(number, min_size=n_players, max_size=n_players))
            builder.end(node, f"end {node}", [float(value) for value in payoffs])
            continue
        if kind == CHANCE:
            weights = draw(st.lists(st.integers(1, 9), min_size=1, max_size=3))
            shares = [weight / sum(weights) for weight in weights]
            labels = [f"b{n}" for n in range(len(weights))]
            children = builder.chance(node, labels, shares)
            open_nodes.extend((child, depth + 1, past) for child in children)
            continue
        seen_here = draw(st.integers(0, 2))
        key = (kind, seen_here, past[kind])
        known = seen.get(key)
        actions = known or tuple(f"a{n}" for n in range(draw(st.integers(1, 3))))
        seen[key] = actions
        label = f"{kind}/{len(seen)}" if known is None else "?"
        children = builder.decision(node, kind, key, actions, label)
        for action, child in enumerate(children):
            later = list(past)
            later[kind] = (*past[kind], (seen_here, action))
            open_nodes.append((child, depth + 1, tuple(later)))
    return builder.build()[0]
