"""The command line as a whole: help, version, names, statuses, completion, failures."""

import json
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from qemutui import cli
from qemutui.cli import commands
from tests.cli.command import COMMAND, PATIENCE, environment, qemutui


def test_version() -> None:
    assert qemutui("--version").stdout == "qemutui 0.1.0\n"


@pytest.mark.parametrize("name", ["", *commands.cli.commands])
def test_help_fits_and_goes_to_standard_output(name: str) -> None:
    for option in ("-h", "--help"):
        done = qemutui(*name.split(), option, variables={"COLUMNS": "80"})
        assert (done.returncode, done.stderr) == (0, "")
        assert max(map(len, done.stdout.splitlines())) <= 80
        assert "..." not in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("--no-such",),
        ("argv",),
        ("argv", "a", "b"),
        ("argv", "--no-such", "demo"),
        ("no-command", "demo"),
        ("run", "demo", "disk.img"),
        ("run", "demo", "-S"),
        ("list", "x"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    done = qemutui(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("qemutui: ")
    assert "--help" in done.stderr


def test_an_unknown_name_gets_the_nearest() -> None:
    done = qemutui("argv", "dmo")
    assert done.returncode == 1
    assert "“dmo”" in done.stderr
    assert "demo" in done.stderr


def test_list(home: Path) -> None:
    library = home / "data/qemutui/profiles"
    library.mkdir(parents=True)
    for name in ("b", "a", "demo", "\x1b[31m"):
        (library / f"{name}.toml").write_text("not read")
    done = qemutui("list")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["a", str(library / "a.toml")] in rows
    assert ["demo", str(library / "demo.toml")] in rows
    assert [row[1] for row in rows if row[0] == "linux-serial"] == ["example"]
    listed = json.loads(qemutui("list", "--json").stdout)
    assert {"name": "\x1b[31m", "path": str(library / "\x1b[31m.toml"), "example": False} in listed
    assert [one["example"] for one in listed if one["name"] == "demo"] == [False]


def test_schema_describes_a_profile() -> None:
    done = qemutui("schema")
    assert (done.returncode, done.stderr) == (0, "")
    schema = json.loads(done.stdout)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert {"format", "machine", "device", "launch"} <= set(schema["properties"])
    assert "_off" in schema["$defs"]["PassedFd"]["properties"]


def completions(*words: str, cwd: Path | None = None) -> list[str]:
    """What bash is offered for the last word, as click gives it: `type,value`."""
    variables = {
        cli.COMPLETE: "bash_complete",
        "COMP_WORDS": " ".join(("qemutui", *words)),
        "COMP_CWORD": str(len(words)),
    }
    done = qemutui(cwd=cwd, variables=variables)
    assert done.stderr == ""
    return done.stdout.split()


def test_completion() -> None:
    assert "plain,demo" in completions("argv", "")
    assert completions("argv", "de") == ["plain,demo"]
    assert completions("argv", "./") == ["file,./"]
    options = ["plain,--shell", "plain,--json", "plain,--force", "plain,--help"]
    assert completions("argv", "--") == options
    assert set(completions("")) >= {"plain,argv", "plain,run", "plain,demo"}
    assert completions("sch") == ["plain,schema"]
    script = qemutui(variables={cli.COMPLETE: "bash_source"})
    assert "complete -o nosort -F _qemutui_completion qemutui" in script.stdout


@pytest.mark.parametrize("arguments", [(), ("demo",), ("./run.toml",)])
def test_the_app_needs_a_terminal(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "run.toml").write_text("")
    done = qemutui(*arguments, cwd=tmp_path, variables={"TERM": "xterm"})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "qemutui: The app needs a terminal. qemutui argv PROFILE prints the command.\n"
    )


def test_the_app_needs_more_than_a_dumb_terminal() -> None:
    typed = pexpect.spawn(
        COMMAND[0], [*COMMAND[1:], "demo"], env=environment(TERM="dumb"), timeout=PATIENCE
    )
    typed.expect_exact("needs a terminal")
    typed.expect(pexpect.EOF)
    typed.close()
    assert typed.exitstatus == 1


FAILURE = """
import sys
import qemutui.cli
from qemutui.__main__ import main
def fail():
    raise {}
qemutui.cli.main = fail
sys.exit(main())
"""


def failing(error: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [COMMAND[0], "-c", FAILURE.format(error)],
        capture_output=True,
        text=True,
        env=environment(**variables),
        timeout=PATIENCE,
        check=False,
    )


def test_a_fault_of_our_own_is_one_line() -> None:
    done = failing(r"ValueError('a\x1b\nb')")
    assert done.returncode == 70
    assert done.stderr == ("qemutui failed: ValueError: a␛␊b; set QEMUTUI_DEBUG=1 to see where.\n")
    shown = failing("ValueError('a')", QEMUTUI_DEBUG="1")
    assert shown.returncode == 70
    assert "Traceback" in shown.stderr
    assert "in fail" in shown.stderr


def test_an_interrupt_is_quiet() -> None:
    done = failing("KeyboardInterrupt")
    assert (done.returncode, done.stderr) == (130, "")


def test_the_words_that_open_no_profile_are_the_commands() -> None:
    assert set(commands.cli.commands) == cli.COMMANDS


def test_click_is_not_loaded_to_open_the_app() -> None:
    code = "import sys, qemutui.cli, qemutui.cli.opening; print('click' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
