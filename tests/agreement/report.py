"""Writes what `check` and QEMU disagree on: counts by kind, and examples by QEMU's message."""

import shlex
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import tomli_w

from qemutui.core.verdict import Verdict as DryVerdict
from tests.agreement.judge import Outcome, gist, recall


def summary(outcomes: Sequence[Outcome]) -> str:
    """A table of kinds, and the sums."""
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_kind[outcome.case.kind or "as generated"].append(outcome)
    lines = [
        f"{'kind':44} {'cases':>6} {'refused':>8} {'found':>6} {'recall':>7} {'false alarms':>13}"
    ]
    for name, some in sorted(by_kind.items(), key=_share):
        lines.append(_row(name, some))
    lines.append(_row("all mistakes", [o for o in outcomes if o.case.kind]))
    counted = Counter(outcome.verdict.word for outcome in outcomes)
    return "\n".join([*lines, ", ".join(f"{word} {number}" for word, number in counted.items())])


def _share(pair: tuple[str, list[Outcome]]) -> tuple[float, str]:
    found, refused = recall(pair[1])
    return (found / refused if refused else 1.0, pair[0])


def _row(name: str, outcomes: Sequence[Outcome]) -> str:
    found, refused = recall(outcomes)
    share = f"{100 * found / refused:.1f}%" if refused else ""
    alarms = sum(outcome.false_alarm for outcome in outcomes)
    return f"{name:44} {len(outcomes):6} {refused:8} {found:6} {share:>7} {alarms or '':>13}"


def dry_runs(tried: Sequence[tuple[Outcome, DryVerdict]]) -> str:
    """What the dry run says otherwise than QEMU."""
    lines = []
    words = Counter[str]()
    for outcome, verdict in tried:
        said = type(verdict).__name__.lower()
        words[f"{outcome.verdict.word} by QEMU, {said} by the dry run"] += 1
        if said != outcome.verdict.word:
            lines += [shlex.join(outcome.argv), f"    {outcome.verdict}", f"    {verdict}"]
    return "\n".join([*lines, *(f"{number:5} {word}" for word, number in words.items())]) + "\n"


def misses(outcomes: Sequence[Outcome]) -> str:
    """Each message of QEMU that no error finding announces, the most frequent first."""
    return _grouped([(gist(o.verdict.message), o) for o in outcomes if o.miss])


def false_alarms(outcomes: Sequence[Outcome]) -> str:
    """Each error finding of a command that QEMU accepts, the most frequent rule first."""
    return _grouped([(o.errors[0].partition(":")[0], o) for o in outcomes if o.false_alarm])


def _grouped(pairs: Sequence[tuple[str, Outcome]]) -> str:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for name, outcome in pairs:
        groups[name].append(outcome)
    lines = [f"{len(pairs)} in {len(groups)} groups\n"]
    for name, some in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        kinds = Counter(outcome.case.kind or "as generated" for outcome in some)
        lines.append(f"=== {len(some)} × {name}")
        lines.append("    " + ", ".join(f"{kind} {n}" for kind, n in kinds.most_common()))
        for outcome in sorted(some, key=lambda outcome: len(outcome.argv))[:2]:
            lines.append("    $ " + shlex.join(outcome.argv))
            lines += (f"    QEMU: {line}" for line in outcome.verdict.message.splitlines())
            lines += (f"    check: {error}" for error in outcome.errors)
        example = min(some, key=lambda outcome: len(outcome.argv)).case.data
        lines += (f"        {line}" for line in tomli_w.dumps(example).splitlines() if line)
        lines.append("")
    return "\n".join(lines) + "\n"


def write(outcomes: Sequence[Outcome], folder: Path) -> None:
    """Writes both lists and the table into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "misses.txt").write_text(misses(outcomes))
    (folder / "false_alarms.txt").write_text(false_alarms(outcomes))
    (folder / "summary.txt").write_text(summary(outcomes) + "\n")
