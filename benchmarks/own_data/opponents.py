"""Trains baselines and the reference of every kind of own data on drawn sets, and prints what they reach.

    python benchmarks/own_data/opponents.py honest --budgets 10 30 60
    python benchmarks/own_data/opponents.py easy hard --budgets 10 --sets leaves tides

Sets are split by group, 30 % hidden; whatever is asked, checked and valued goes through `graders/own`, as a
student's work does, but in this process: no sandbox, no time limit other than the budget itself.
`GRADE_DEVICE` names the device. Set `OMP_NUM_THREADS=2 OMP_WAIT_POLICY=passive`: threads that wait actively
lose most of their time on a machine with other work to do.
"""

import argparse
import importlib
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2] / "reference"))
from drawn import SETS
from measuring import header, machine, row

from graders.model import Message
from graders.own import letters
from graders.own.examples import Examples
from graders.own.kind import Asked, Kind
from graders.own.kinds import KINDS

SEED = 6
GROUPS = {"leaves": 300, "remarks": 400, "craters": 250, "trips": 250, "tides": 60, "recipes": 700}
"""Groups that are drawn; 500 of the others."""
BASELINE_BUDGET = 10.0
COLUMNS = (
    *("set", "kind", "n", "model", "budget s", "trained s"),
    *("of it CPU s", "predicted s", "value", "doubt"),
)


def main() -> None:
    """Prints one table for each difficulty."""
    parser = argparse.ArgumentParser(description="compares baselines and reference on drawn data")
    parser.add_argument("difficulties", nargs="+", choices=("easy", "honest", "hard"))
    parser.add_argument("--budgets", nargs="+", type=float, default=[10.0, 30.0, 60.0])
    parser.add_argument("--sets", nargs="+", choices=tuple(SETS), default=tuple(SETS))
    arguments = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    _warm_up()
    print(machine())
    worst = 0.0
    for difficulty in arguments.difficulties:
        print(f"\nDifficulty: {difficulty}.\n")
        print(header(*COLUMNS))
        for name in arguments.sets:
            drawn = SETS[name](np.random.RandomState(SEED), difficulty, GROUPS.get(name, 500))
            known, hidden = split(drawn)
            kind = KINDS[drawn.kind]
            asked = kind.ask(hidden, known, SEED)
            module = importlib.import_module(kind.opponent)
            runs = [(baseline, BASELINE_BUDGET) for baseline in kind.baselines]
            for model, budget in [*runs, *(("reference", budget) for budget in arguments.budgets)]:
                functions = module.BASELINES.get(model, (module.train, module.predict))
                value, trained, busy, predicted, doubt = measured(
                    kind, functions, known, hidden, asked, budget=budget
                )
                worst = max(worst, trained / budget)
                cells = (
                    name,
                    drawn.kind,
                    len(drawn),
                    model,
                    f"{budget:g}",
                    f"{trained:.1f}",
                    f"{busy:.1f}",
                    f"{predicted:.1f}",
                )
                print(row(*cells, f"{value:.3f}", doubt), flush=True)
    print(f"\nLongest training by its budget: {worst:.2f}")


def split(drawn: Examples, share: float = 0.3) -> tuple[Examples, Examples]:
    """Examples to train on and hidden ones, by whole groups."""
    count = int(drawn.groups.max()) + 1
    order = np.random.RandomState(SEED).permutation(count)
    apart = np.isin(drawn.groups, order[: int(share * count)])
    return drawn.take(np.flatnonzero(~apart)), drawn.take(np.flatnonzero(apart))


def measured(
    kind: Kind, functions: tuple[Any, Any], known: Examples, hidden: Examples, asked: Asked, *, budget: float
) -> tuple[float, float, float, float, str]:
    """Value, seconds of training, of processors meanwhile and of predicting, and what is doubted."""
    train, predict = functions
    random.seed(0)
    torch.manual_seed(0)
    targets: Any = known.targets
    if known.kind == "text":
        targets = letters.alphabet(known, hidden)
    if known.kind == "reconstruction":
        targets = known.inputs
    started, working = time.monotonic(), time.process_time()
    model = train(known.inputs, targets, budget)
    trained, busy = time.monotonic() - started, time.process_time() - working
    returned = np.asarray(predict(model, asked.inputs))
    predicted = time.monotonic() - started - trained
    checked = kind.read(returned, asked)
    if isinstance(checked, Message):
        raise SystemExit(f"{known.kind}: {checked}")
    doubt = kind.doubt(checked, asked)
    value = kind.value(kind.statistics(checked, asked))
    return value, trained, busy, predicted, "" if doubt is None else doubt.code


def _warm_up() -> None:
    """What a warm kernel has loaded before a student's first cell: the first optimiser takes a second."""
    weight = torch.zeros(1, requires_grad=True)
    weight.sum().backward()
    torch.optim.AdamW([weight]).step()


if __name__ == "__main__":
    main()
