"""Run over all of Gambit's readable catalogue games: solved and certified, or the reason.

``python -m benchmarks.catalogue [--rationality 2] [--json FILE]`` needs the ``gambit`` extra;
the games are read from where pygambit keeps them and nothing is copied.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from brink.errors import BrinkError
from brink.game.api import equilibria, read_efg, solve


def catalogue() -> Path:
    import pygambit

    return Path(pygambit.__file__).parent / "catalog_data"


def row_of(file: Path, name: str, rationality: float) -> dict[str, Any]:
    row: dict[str, Any] = {"game": name, "rationality": rationality}
    if file.suffix != ".efg":
        return {**row, "result": "not read: a game in strategic form, not extensive form"}
    try:
        game = read_efg(file)
    except BrinkError as error:
        first = error.errors[0]
        return {**row, "result": f"not solved: {first.code} {first.message}"}
    row["nodes"] = game.tree.n_nodes
    row["players"] = len(game.players)
    started = time.perf_counter()
    # λ has no scale of its own: here it is per range of payoffs.
    span = float(max(game.payoffs.max() - game.payoffs.min(), 1e-12))
    solution = solve(game, rationality / span)
    row["milliseconds"] = round(1e3 * (time.perf_counter() - started), 2)
    row["residual"] = solution.residual
    row["result"] = solution.sentence
    row["certified"] = solution.is_certified
    found = equilibria(game, max_steps=20_000, max_supports=200)
    row["equilibria"] = len(found.found)
    row["sequential"] = sum(entry.verification.is_sequential is True for entry in found.found)
    row["pure_complete"] = found.pure_complete
    return row


def rows(rationality: float) -> list[dict[str, Any]]:
    folder = catalogue()
    files = sorted(file for file in folder.rglob("*") if file.suffix in (".efg", ".nfg"))
    return [row_of(file, str(file.relative_to(folder)), rationality) for file in files]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--rationality", type=float, default=10.0, help="λ per range of payoffs (default 10)"
    )
    parser.add_argument("--json", metavar="FILE", help="write the rows there as well")
    arguments = parser.parse_args()
    try:
        table = rows(arguments.rationality)
    except ImportError:
        print("this needs pygambit: pip install 'brink[gambit]'", file=sys.stderr)
        return 2
    for row in table:
        print(f"{row['game']:<52} {row['result']}")
        if "certified" in row:
            residual = "none" if row["residual"] is None else f"{row['residual']:.0e}"
            listed = "all" if row["pure_complete"] else "some"
            print(
                f"{'':<52} {row['nodes']} nodes, residual {residual}, {row['milliseconds']} ms; "
                f"equilibria found: {row['equilibria']} ({row['sequential']} sequential; "
                f"{listed} of the pure ones)"
            )
    solved = sum(row.get("certified", False) for row in table)
    print(f"{len(table)} games: {solved} solved and certified, {len(table) - solved} with a reason")
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
