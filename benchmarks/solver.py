"""Time the solver beside Gambit: same games, same draws, same accuracy, one thread each.

    python benchmarks/solver.py [--quick]

writes ``benchmarks/results/solver.json`` and the table in ``docs/benchmarks.md``. Needs
pygambit 17.0.0b2. Ratios are of processor time within this one run. Ours includes folding the
payoffs in and the certificate; Gambit's is its solver call alone, with payoffs already set.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pygambit
from games import Case, additive, cases, move_game, ranked, threat_game

from brink.core import kernel
from brink.core.results import QuantalResponse
from brink.core.solve import Settings, solve_aqre
from brink.core.tree import LEAF, FloatArray
from brink.game.efg_write import to_efg
from brink.game.game import Game

ROOT = Path(__file__).parent
RESULTS = ROOT / "results" / "solver.json"
PAGE = ROOT.parent / "docs" / "benchmarks.md"
GAMBIT_SETTINGS = {
    "default": {"first_step": 0.03, "max_accel": 1.1},
    "fastest": {"first_step": 0.3, "max_accel": 2.0},
}


def seconds(work: Callable[[], object], repeats: int) -> float:
    """Least processor time of several runs."""
    best = np.inf
    for _ in range(repeats):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def depth_first_sets(game: Game) -> list[int]:
    """Information sets in the order in which Gambit meets them in a file."""
    tree, order, stack = game.tree, [], [0]
    while stack:
        node = stack.pop()
        if tree.owner[node] == LEAF:
            continue
        number = int(tree.information_set[node])
        if number >= 0 and number not in order:
            order.append(number)
        first = int(tree.first_child[node])
        stack.extend(reversed(range(first, first + int(tree.n_children[node]))))
    return order


def gambit_run(
    game: Game, payoffs: FloatArray, rationality: float, settings: dict[str, float]
) -> tuple[float, FloatArray]:
    """Processor time of Gambit's solver over the draws, and ``(A, B)`` strategies.

    Columns are NaN where Gambit stopped at another λ than the one asked for.
    """
    order, spent = depth_first_sets(game), 0.0
    strategy = np.full((game.tree.n_actions, payoffs.shape[-1]), np.nan)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "game.efg"
        for draw in range(payoffs.shape[-1]):
            path.write_text(to_efg(replace(game, payoffs=payoffs[:, :, draw])), encoding="utf-8")
            theirs = pygambit.read_efg(str(path))
            start = time.process_time()
            try:
                answer = pygambit.qre.logit_solve_lambda(theirs, lam=rationality, **settings)[-1]
            except (RuntimeError, ValueError):
                spent += time.process_time() - start
                continue
            spent += time.process_time() - start
            if abs(answer.lam - rationality) > 1e-6:
                continue
            for player, name in enumerate(game.players):
                own = [number for number in order if game.tree.set_player[number] == player]
                for number, (_, choice) in zip(own, list(answer.profile[name]), strict=True):
                    for action in game.actions_of(number):
                        strategy[action, draw] = choice[game.action_labels[action]]
    return spent, strategy


def measure(case: Case, quick: bool) -> dict[str, Any]:
    """One row: rates of all solvers on the same draws, ratios, agreement."""
    game, tree = case.game, case.game.tree
    rng = np.random.default_rng(20260101)
    payoffs = case.payoffs(game, case.draws // (5 if quick else 1), rng)

    def ours(some: FloatArray, backend: str = "auto") -> QuantalResponse:
        return solve_aqre(tree, some, game.chance, case.rationality, backend=backend)

    everything = ours(payoffs)
    folded = everything.turning_points[0] > 0
    chosen = np.flatnonzero(folded) if case.folded else np.arange(payoffs.shape[-1])
    chosen = chosen[: max(case.referee_draws // (5 if quick else 1), 1)]
    same = payoffs[:, :, chosen]
    found = ours(same)

    tiled = np.tile(same, max(1, min(payoffs.shape[-1], 4000) // len(chosen)))
    compiled = seconds(lambda: ours(tiled), 3) / tiled.shape[-1]
    wanted = 3000 if tree.n_nodes < 100 else 300 if tree.n_nodes < 1000 else 100
    few = np.tile(same, max(1, wanted // len(chosen)))
    plain = seconds(lambda: ours(few, "numpy"), 1) / few.shape[-1]
    row: dict[str, Any] = {
        "name": case.name,
        "nodes": tree.n_nodes,
        "unknowns": tree.n_actions - tree.n_sets,
        "rationality": case.rationality,
        "draws": len(chosen),
        "folded_share": float(folded.mean()),
        "certified_share": float(everything.certified.mean()),
        "largest_residual": float(np.nanmax(everything.residual[everything.certified])),
        "operations_per_draw": float(found.operations.mean()),
        "ours_per_second": 1 / compiled,
        "numpy_per_second": 1 / plain,
        "goal": case.goal,
        "gambit": {},
    }
    for name, settings in GAMBIT_SETTINGS.items():
        spent, theirs = gambit_run(game, same, case.rationality, settings)
        reached = ~np.isnan(theirs).any(axis=0)
        both = reached & found.certified[0]
        gap = np.abs(theirs - found.strategy[0])[:, both].max(axis=0, initial=0.0)
        row["gambit"][name] = {
            "per_second": len(chosen) / spent,
            "wrong_rationality": int((~reached).sum()),
            "agree_to_1e-6": int((gap < 1e-6).sum()),
            "compared": int(both.sum()),
            "largest_gap_where_agreed": float(gap[gap < 1e-6].max(initial=0.0)),
        }
    best = max(entry["per_second"] for entry in row["gambit"].values())
    row["ratio"], row["numpy_ratio"] = row["ours_per_second"] / best, row["numpy_per_second"] / best
    return row


def absolute(quick: bool) -> list[dict[str, Any]]:
    """Wall time of ensembles on all cores this process may use."""
    shrink = 10 if quick else 1
    threat = threat_game(2)
    types, moves = (3, 2, 2), ((0, 2), (1, 2), (0, 2), (2, 2), (0, 2), (1, 2))
    crisis = move_game(types, moves)
    rng = np.random.default_rng(1)
    rows = []
    for name, game, payoffs, values in (
        ("threat, two-sided types", threat, ranked(threat, 100_000 // shrink, rng), [10.0]),
        ("threat, two-sided types", threat, ranked(threat, 100_000 // shrink, rng), [50.0]),
        (
            "crisis, 12 type profiles",
            crisis,
            additive(crisis, 10_000 // shrink, rng),
            [5.0, 10.0, 20.0],
        ),
    ):
        threads = Settings(threads=0)
        solve_aqre(game.tree, payoffs[:, :, :8], game.chance, values)
        start, spent = time.perf_counter(), time.process_time()
        result = solve_aqre(game.tree, payoffs, game.chance, values, settings=threads)
        rows.append(
            {
                "name": name,
                "nodes": game.tree.n_nodes,
                "leaves": game.tree.n_leaves,
                "information_sets": game.tree.n_sets,
                "draws": payoffs.shape[-1],
                "rationality": values,
                "seconds": time.perf_counter() - start,
                "processor_seconds": time.process_time() - spent,
                "certified_share": float(result.certified.mean()),
            }
        )
    return rows


MEMORY_SCRIPT = """
import resource, sys, time
import numpy as np
from games import threat_game, ranked
from brink.core.solve import Settings, solve_aqre
draws = int(sys.argv[1])
game = threat_game(2)
payoffs = np.empty((2, game.tree.n_leaves, draws))
for start in range(0, draws, 10_000):
    part = payoffs[:, :, start : start + 10_000]
    part[...] = ranked(game, part.shape[-1], np.random.default_rng(start))
start, spent = time.perf_counter(), time.process_time()
result = solve_aqre(game.tree, payoffs, game.chance, 10.0, settings=Settings(threads=0))
print(time.perf_counter() - start, time.process_time() - spent, float(result.certified.mean()),
      resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def memory(quick: bool) -> dict[str, Any]:
    """A million draws in a process of its own, and the most memory it ever held."""
    draws = 100_000 if quick else 1_000_000
    output = subprocess.run(
        [sys.executable, "-c", MEMORY_SCRIPT, str(draws)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    ).stdout.split()
    return {
        "name": "threat, two-sided types",
        "nodes": 29,
        "draws": draws,
        "rationality": [10.0],
        "seconds": float(output[0]),
        "processor_seconds": float(output[1]),
        "certified_share": float(output[2]),
        "peak_gib": int(output[3]) / 2**20,
    }


def processor() -> str:
    """What the processor calls itself."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def table(data: dict[str, Any]) -> str:
    """The section of the page, in Markdown."""
    machine = data["machine"]
    lines = [
        "## The solver beside Gambit",
        "",
        f"Measured on {machine['date']} on {machine['processor']} ({machine['cores']} cores, load "
        f"{machine['load']:.1f} at the start), Python {machine['python']}, core "
        f"`{machine['core']}`, pygambit {machine['pygambit']}. Agent logit quantal response "
        "equilibria at the rationality λ, payoffs in [0, 1], one thread each, processor time, the "
        "same draws for all. Ours includes the certificate (residual at most 1e-8); Gambit's is "
        "the faster of its default and of `first_step=0.3, max_accel=2.0`. Shared cores: take "
        "the rates as good to a quarter.",
        "",
        "| game | nodes | λ | draws | Gambit, draws/s | NumPy core | compiled | "
        "NumPy ÷ Gambit | compiled ÷ Gambit | goal | agree |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in data["rows"]:
        best = max(row["gambit"].values(), key=lambda entry: entry["per_second"])
        lines.append(
            f"| {row['name']} | {row['nodes']:,} | {row['rationality']:g} | {row['draws']} | "
            f"{best['per_second']:,.3g} | {row['numpy_per_second']:,.3g} | "
            f"{row['ours_per_second']:,.0f} | {row['numpy_ratio']:,.0f} | {row['ratio']:,.0f} | "
            f"{row['goal']:g} | {best['agree_to_1e-6']} of {best['compared']}"
            + (f", {best['wrong_rationality']} at another λ" if best["wrong_rationality"] else "")
            + " |"
        )
    lines += [
        "",
        "*Folded* rows hold only draws whose path has turning points in λ. *Agree*: draws on which "
        "both give the same strategies to 1e-6, of those on which both claim a solution at the λ "
        "asked for.",
        "",
        "Ensembles on all cores of that shared machine: wall time, and the processor time of all "
        "threads together.",
        "",
        "| game | nodes | draws | λ | seconds | processor seconds | certified | peak memory |",
        "|---|--:|--:|---|--:|--:|--:|--:|",
    ]
    for row in (*data["absolute"], data["memory"]):
        values = ", ".join(f"{value:g}" for value in row["rationality"])
        peak = f"{row['peak_gib']:.2f} GiB" if "peak_gib" in row else ""
        lines.append(
            f"| {row['name']} | {row['nodes']:,} | {row['draws']:,} | {values} | "
            f"{row['seconds']:.2f} | {row['processor_seconds']:.2f} | "
            f"{row['certified_share']:.2%} | {peak} |"
        )
    return "\n".join(lines) + "\n"


def write_section(name: str, section: str) -> None:
    """Replace one section of the page, keeping the others."""
    begin, end = f"<!-- {name}: written by benchmarks/{name}.py -->", f"<!-- end of {name} -->"
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else "# Benchmarks\n"
    block = f"{begin}\n{section}{end}\n"
    if begin in page:
        head, rest = page.split(begin, 1)
        page = head + block + rest.split(end, 1)[1].removeprefix("\n")
    else:
        page = page.rstrip("\n") + "\n\n" + block
    PAGE.write_text(page, encoding="utf-8")


def main() -> None:
    """Run everything and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="fewer draws; writes nothing")
    quick = parser.parse_args().quick
    data: dict[str, Any] = {
        "machine": {
            "date": time.strftime("%Y-%m-%d"),
            "processor": processor(),
            "cores": len(os.sched_getaffinity(0)),
            "load": os.getloadavg()[0],
            "python": platform.python_version(),
            "numpy": np.__version__,
            "pygambit": importlib.metadata.version("pygambit"),
            "core": kernel.name() or "numpy",
        },
        "rows": [],
    }
    for case in cases():
        row = measure(case, quick)
        data["rows"].append(row)
        print(
            f"{row['name']:36} λ={row['rationality']:<4g} {row['ours_per_second']:>10,.0f}/s  "
            f"×{row['ratio']:,.0f} (NumPy ×{row['numpy_ratio']:,.0f}, goal ×{row['goal']:g})",
            flush=True,
        )
    data["absolute"] = absolute(quick)
    data["memory"] = memory(quick)
    data["peak_gib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(table(data))
    if not quick:
        RESULTS.parent.mkdir(exist_ok=True)
        text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
        RESULTS.write_text(text, encoding="utf-8")
        write_section("solver", table(data))


if __name__ == "__main__":
    main()
