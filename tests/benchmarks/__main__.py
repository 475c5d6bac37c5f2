"""Measures every row and prints the table: python -m tests.benchmarks [MODULE…]

A module of this folder that has a list ROWS is part of it. The status is 1 if a row is over what it
may be.
"""

import sys
from importlib import import_module
from pathlib import Path

from tests.benchmarks.measure import Row, Unit


def rows(names: list[str]) -> list[Row]:
    """The rows of the named modules, or of all."""
    found = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    chosen = [name for name in found if name in names or not names]
    modules = [import_module(f"tests.benchmarks.{name}") for name in chosen]
    lists = [getattr(module, "ROWS", None) for module in modules]
    return [row for one in lists if isinstance(one, list) for row in one]


_PER_UNIT = {"ms": 1e3, "MB": 1e-6, "%": 1e2}


def shown(typical: float, p95: float | None, unit: Unit) -> str:
    """What a cell of the table says of a time, a size, a part."""
    scale = _PER_UNIT[unit]
    cell = f"{typical * scale:.1f} {unit}"
    return cell + (f" (p95 {p95 * scale:.1f})" if p95 is not None else "")


def main() -> int:
    """Prints each line of the table as soon as it is measured."""
    print("| what | against | ratio | at most | ours | against it |")
    print("|---|---|---|---|---|---|")
    over = 0
    for row in rows(sys.argv[1:]):
        result = row.measure()
        over += result.ratio > row.at_most
        print(
            f"| {row.what} | {row.against} | {result.ratio:.2f} | {row.at_most:g} "
            f"| {shown(result.ours, result.ours_p95, result.unit)} "
            f"| {shown(result.theirs, result.theirs_p95, result.unit)} |",
            flush=True,
        )
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())
