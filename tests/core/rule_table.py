"""Writes the reference of rules in README, of the table of `core.check`.

Usage: python -m tests.core.rule_table
"""

from pathlib import Path

from qemutui.core.check import RULES
from tests.core import bus_cases, check_cases, limit_cases, offered_cases, option_cases

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- rules, made by tests/core/rule_table.py -->\n", "<!-- end of rules -->\n"
_SEVERITIES = ("error", "warning", "hint")


def table() -> str:
    """A row for each rule: its name, the severities that its cases have, what it finds."""
    cases = [
        *check_cases.CASES,
        *offered_cases.CASES,
        *limit_cases.CASES,
        *option_cases.CASES,
        *bus_cases.CASES,
    ]
    rows = ["| rule | is | finds |", "|---|---|---|"]
    for name, rule in RULES.items():
        found = {case.severity for case in cases if case.rule == name}
        severities = ", ".join(word for word in _SEVERITIES if word in found)
        rows.append(f"| `{name}` | {severities} | {rule.summary} |")
    return "\n".join(rows) + "\n"


def parts(text: str) -> tuple[str, str, str]:
    """README before, within and after the reference."""
    before, _, rest = text.partition(BEGIN)
    within, _, after = rest.partition(END)
    return before, within, after


if __name__ == "__main__":
    start, _, end = parts(README.read_text())
    README.write_text(f"{start}{BEGIN}{table()}{END}{end}")
