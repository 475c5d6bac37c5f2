"""What differs between two profiles, at the prompt."""

import json
from pathlib import Path

from tests.cli.command import qemutui

OLD = """
notes = "old"
extra = ["-snapshot"]
[[device]]
type = "e1000"
id = "net0\\u001b"
netdev = "n0"
[launch]
monitor = false
"""
NEW = OLD.replace("n0", "n1").replace("-snapshot", "-S").replace("old", "new").replace("false", "1")


def test_a_line_for_each_change_and_status_0(tmp_path: Path) -> None:
    old, new = tmp_path / "old.toml", tmp_path / "new.toml"
    old.write_text(OLD)
    new.write_text(NEW)
    done = qemutui("diff", old, new)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "-device net0␛: netdev=n0 → n1",
        "- -snapshot",
        "+ -S",
    ]
    done = qemutui("diff", old, new, "--json", variables={"LC_ALL": "C"})
    assert json.loads(done.stdout)[0] == {
        "change": "changed",
        "option": "-device",
        "name": "net0\x1b",
        "key": "netdev",
        "old": "n0",
        "new": "n1",
    }
    done = qemutui("diff", old, old)
    said = "qemutui: The two commands do not differ.\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, "", said)


def test_a_profile_that_cannot_be_read_is_a_problem_and_both_are_completed() -> None:
    done = qemutui("diff", "demo", "dmo")
    assert (done.returncode, done.stdout) == (1, "")
    assert "“dmo”" in done.stderr
    for words, number in (("qemutui diff de", "2"), ("qemutui diff two-disks de", "3")):
        variables = {
            "_QEMUTUI_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": number,
        }
        assert qemutui(variables=variables).stdout.splitlines() == ["plain,demo"]
