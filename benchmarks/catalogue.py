"""Run over all of Gambit's catalogue games: solved and certified, or the reason.

The games are read from where pygambit keeps them and nothing is copied.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import gambit, machine, page
from brink.errors import BrinkError
from brink.game.api import equilibria, read_efg, solve
from brink.game.game import Game

NAME = "catalogue"
NEEDS = ("pygambit",)
RATIONALITY = 10.0
STRATEGIC = "not read: a game in strategic form, not extensive form"


def measure(quick: bool) -> dict[str, Any]:
    """One row per file; a quick run leaves some out."""
    import pygambit

    folder = Path(pygambit.__file__).parent / "catalog_data"
    files = sorted(file for file in folder.rglob("*") if file.suffix in (".efg", ".nfg"))
    data: dict[str, Any] = {
        "machine": machine.facts("pygambit"),
        "rationality": RATIONALITY,
        "rows": [],
    }
    for file in files[:: 5 if quick else 1]:
        row = _row(file, file.relative_to(folder).as_posix())
        data["rows"].append(row)
        print(_line(row), flush=True)
    return data


def _row(file: Path, name: str) -> dict[str, Any]:
    if file.suffix != ".efg":
        return {"game": name, "certified": False, "result": STRATEGIC}
    try:
        game = read_efg(file)
        # λ has no scale of its own: here it is per range of payoffs.
        rationality = RATIONALITY / float(max(np.ptp(game.payoffs), 1e-12))
        started = time.perf_counter()
        solution = solve(game, rationality)
        spent = time.perf_counter() - started
    except BrinkError as error:
        first = error.errors[0]
        return {
            "game": name,
            "certified": False,
            "result": f"not solved: {first.code} {first.message}",
        }
    found = equilibria(game, max_steps=20_000, max_supports=200)
    return {
        "game": name,
        "certified": solution.is_certified,
        "result": solution.sentence,
        "unique": solution.is_unique,
        "nodes": game.tree.n_nodes,
        "players": len(game.players),
        "seconds": spent,
        "residual": solution.residual,
        "as_gambit": _as_gambit(game, rationality, solution.profile),
        "equilibria": len(found.found),
        "sequential": sum(entry.verification.is_sequential is True for entry in found.found),
        "pure_complete": found.pure_complete,
    }


def _as_gambit(
    game: Game, rationality: float, profile: dict[str, dict[str, float]] | None
) -> bool | None:
    """Whether Gambit finds the same to 1e-6; None if either finds nothing."""
    if profile is None:
        return None
    answer = gambit.trace(gambit.load(game, game.payoffs), rationality, gambit.SETTINGS["default"])
    if answer is None:
        return None
    ours = np.array(
        [
            profile[label][game.action_labels[action]]
            for number, label in enumerate(game.set_labels)
            for action in game.actions_of(number)
        ]
    )
    return bool(np.abs(gambit.strategy(game, answer) - ours).max(initial=0.0) < 1e-6)


def _line(row: dict[str, Any]) -> str:
    text = f"{row['game']:<52} {row['result']}"
    if row["certified"]:
        listed = "all" if row["pure_complete"] else "some"
        text += (
            f"\n{'':<52} {row['nodes']} nodes, residual {row['residual']:.0e}, "
            f"{page.duration(row['seconds'])}; equilibria found: {row['equilibria']} "
            f"({row['sequential']} sequential; {listed} of the pure ones)"
        )
    return text


def section(data: dict[str, Any]) -> str:
    """The section of the page, in Markdown."""
    rows = data["rows"]
    counts = Counter(row["result"].split(" E521 ")[0] for row in rows if not row["certified"])
    certified = [row for row in rows if row["certified"]]
    several = [row["game"] for row in certified if not row["unique"]]
    compared = [row["as_gambit"] for row in certified if row["as_gambit"] is not None]
    extensive = [row for row in rows if row["result"] != STRATEGIC]
    others = [row["game"] for row in certified if row["as_gambit"] is False]
    silent = [row["game"] for row in certified if row["as_gambit"] is None]
    longest = max((row["seconds"] for row in certified), default=0.0)
    lines = [
        "## Gambit's catalogue",
        "",
        page.machine_line(data["machine"]) + f" All {len(rows)} games that come with pygambit, "
        f"at λ = {data['rationality']:g} per range of payoffs: {len(extensive)} are in extensive "
        f"form, and {len(certified)} of these are solved and certified, each within "
        f"{page.duration(longest)}. Results of every game, with the equilibria found, are in "
        "`benchmarks/results/catalogue.json`.",
        "",
        *page.table(
            ["result", "games"],
            [
                ["solved and certified", f"{len(certified)}"],
                [
                    "— of these, past a bifurcation: other solutions continue the path",
                    f"{len(several)}",
                ],
                [
                    "— of these, the same solution as Gambit's to 1e-6",
                    f"{sum(compared)} of {len(compared)} that Gambit solved",
                ],
                *([words.rstrip(":"), f"{count}"] for words, count in sorted(counts.items())),
            ],
        ),
        "",
    ]
    if others:
        past = ", all of them past a bifurcation" if set(others) <= set(several) else ""
        lines += [f"Gambit finds another solution of {_listed(others)}{past}.", ""]
    if silent:
        lines += [f"Gambit gives no solution at that λ for {_listed(silent)}.", ""]
    lines += page.table(
        ["not solved", "why"],
        [
            [f"`{row['game']}`", page.escaped(row["result"].split(": ", 1)[1])]
            for row in rows
            if not row["certified"]
        ],
        left=2,
    )
    return "\n".join(lines) + "\n"


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
