"""Measures every row and prints the table: python -m tests.benchmarks [MODULE…]

A module of this folder that has a list ROWS is part of it. The status is 1 if a row is over what it
may be.
"""

import sys
from importlib import import_module
from pathlib import Path

from tests.benchmarks.measure import Row


def rows(names: list[str]) -> list[Row]:
    """The rows of the named modules, or of all."""
    found = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    chosen = [name for name in found if name in names or not names]
    modules = [import_module(f"tests.benchmarks.{name}") for name in chosen]
    lists = [getattr(module, "ROWS", None) for module in modules]
    return [row for one in lists if isinstance(one, list) for row in one]


def milliseconds(typical: float, p95: float | None) -> str:
    """What a cell of the table says of a time."""
    return f"{typical * 1000:.1f}" + (f" (p95 {p95 * 1000:.1f})" if p95 is not None else "")


def main() -> int:
    """Prints each line of the table as soon as it is measured."""
    print("| what | against | ratio | at most | ours, ms | against, ms |")
    print("|---|---|---|---|---|---|")
    over = 0
    for row in rows(sys.argv[1:]):
        result = row.measure()
        over += result.ratio > row.at_most
        print(
            f"| {row.what} | {row.against} | {result.ratio:.2f} | {row.at_most:g} "
            f"| {milliseconds(result.ours, result.ours_p95)} "
            f"| {milliseconds(result.theirs, result.theirs_p95)} |",
            flush=True,
        )
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())
