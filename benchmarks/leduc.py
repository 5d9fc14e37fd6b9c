"""Leduc poker as a game tree, after the rules in its paper.

Southey et al. (2005), Bayes' bluff, UAI 21, 550-558: two suits of three ranks, an ante of one,
one private and one public card, a round of betting after each, at most two raises a round, of two
and then of four; a pair with the public card wins, else the higher rank. The suits are told
apart in the information sets, as they are in OpenSpiel: 9,457 nodes, 936 information sets.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from brink.game.game import Game, GameBuilder

CARDS = tuple(rank + suit for rank in "JQK" for suit in "sh")
SIZES = (2, 4)
MOST_RAISES = 2


@dataclass(frozen=True)
class _Hand:
    """Where a hand stands.

    Attributes:
        held: Private card of each player.
        paid: What each player has put in.
        public: The public card; -1 before it is dealt.
        mover: Whose turn it is.
        raises: Raises in this round.
        moves: Moves of this round, one letter each.
        before: Moves of the round before.
    """

    held: tuple[int, int]
    paid: tuple[int, int] = (1, 1)
    public: int = -1
    mover: int = 0
    raises: int = 0
    moves: str = ""
    before: str = ""

    def pay(self, amount: int) -> tuple[int, int]:
        """What has been paid once the mover has paid ``amount`` in all."""
        return (amount, self.paid[1]) if self.mover == 0 else (self.paid[0], amount)

    def strength(self, player: int) -> int:
        """Pairs beat single cards, then the higher rank wins."""
        rank = self.held[player] // 2
        return rank + (10 if rank == self.public // 2 else 0)


def leduc_poker() -> Game:
    """The game, with payoffs in chips won."""
    builder = GameBuilder("Leduc poker", ["first", "second"])
    deck = range(len(CARDS))
    for first, node in zip(deck, _deal(builder, 0, list(deck)), strict=True):
        rest = [card for card in deck if card != first]
        for second, child in zip(rest, _deal(builder, node, rest), strict=True):
            _play(builder, child, _Hand((first, second)))
    return builder.build()[0]


def _deal(builder: GameBuilder, node: int, cards: list[int]) -> list[int]:
    return builder.chance(node, [CARDS[card] for card in cards], [1 / len(cards)] * len(cards))


def _play(builder: GameBuilder, node: int, hand: _Hand) -> None:
    mover, other = hand.mover, 1 - hand.mover
    behind = hand.paid[mover] < hand.paid[other]
    actions = ["fold"] * behind + ["call"] + ["raise"] * (hand.raises < MOST_RAISES)
    own = CARDS[hand.held[mover]]
    public = CARDS[hand.public] if hand.public >= 0 else ""
    key = (mover, own, public, f"{hand.before}/{hand.moves}")
    for action, child in zip(actions, builder.decision(node, mover, key, actions), strict=True):
        if action == "fold":
            loss = float(hand.paid[mover])
            builder.end(child, "fold", (-loss, loss) if mover == 0 else (loss, -loss))
        elif action == "raise":
            raised = hand.pay(hand.paid[other] + SIZES[hand.public >= 0])
            moves, raises = f"{hand.moves}r", hand.raises + 1
            _play(
                builder,
                child,
                replace(hand, paid=raised, mover=other, raises=raises, moves=moves),
            )
        elif not hand.moves:
            _play(builder, child, replace(hand, mover=other, moves="c"))
        else:
            _end_of_round(builder, child, replace(hand, paid=hand.pay(hand.paid[other])))


def _end_of_round(builder: GameBuilder, node: int, hand: _Hand) -> None:
    if hand.public >= 0:
        lead = hand.strength(0) - hand.strength(1)
        won = float(hand.paid[0] * ((lead > 0) - (lead < 0)))
        builder.end(node, "showdown", (won, -won))
        return
    rest = [card for card in range(len(CARDS)) if card not in hand.held]
    before = f"{hand.moves}c"
    for card, child in zip(rest, _deal(builder, node, rest), strict=True):
        _play(builder, child, _Hand(held=hand.held, paid=hand.paid, public=card, before=before))
