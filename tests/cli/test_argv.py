"""`qemutui argv`: what it prints, for people, shells and programs, and what it leaves alone."""

import json
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import COMMAND, PATIENCE, environment, qemutui

PROFILE = """
name = "a, b"
extra = ["-nodefaults", "-display", "none"]

[boot]
append = "console=ttyS0 '$HOME' !x"

[[fd]]
path = "disk image"

[[device]]
type = "virtio-rng-pci"
id = "rng0"

[launch]
environment = { QEMU_AUDIO_DRV = "none", Q = "a b" }
"""
COMMAND_OF_PROFILE = [
    "qemu-system-x86_64",
    *("-name", "a,, b"),
    *("-append", "console=ttyS0 '$HOME' !x"),
    *("-device", "virtio-rng-pci,id=rng0"),
    *("-nodefaults", "-display", "none"),
]


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "vm.toml"
    path.write_text(PROFILE)
    return path


def test_plain_is_one_option_a_line(profile: Path) -> None:
    done = qemutui("argv", profile)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"cd {profile.parent} && env QEMU_AUDIO_DRV=none Q='a b' qemu-system-x86_64 \\",
        "    -name 'a,, b' \\",
        r"    -append 'console=ttyS0 '\''$HOME'\'' !x'" + " \\",
        "    -device virtio-rng-pci,id=rng0 \\",
        "    -nodefaults \\",
        "    -display none \\",
        "    3<'disk image'",
    ]


def test_shell_is_the_same_on_one_line(profile: Path) -> None:
    plain = qemutui("argv", profile).stdout
    done = qemutui("argv", "--shell", profile)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == plain.replace(" \\\n    ", " ")


def test_json_is_the_argv(profile: Path) -> None:
    done = qemutui("argv", profile, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == COMMAND_OF_PROFILE
    assert done.stdout.isascii()


def test_without_cd_where_qemu_is_to_run_here(profile: Path) -> None:
    for name in (profile, "vm.toml", "./vm.toml"):
        words = shlex.split(qemutui("argv", "--shell", name, cwd=profile.parent).stdout)
        assert words[0] == "env"


def test_names_of_the_library_and_examples(profile: Path, home: Path) -> None:
    library = home / "data/qemutui/profiles"
    library.mkdir(parents=True)
    profile.rename(library / "mine.toml")
    assert json.loads(qemutui("argv", "mine", "--json").stdout) == COMMAND_OF_PROFILE
    assert "demo.img" in qemutui("argv", "demo").stdout


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('extra = ["-a", "b\\u0000"]', "extra[1]"),
        ('[[device]]\ntype = "x"\nserial = "\\u0000"', "device[0].serial"),
        ('name = "\\u0000"', "name"),
        ('[[fd]]\npath = "x"\nmode = "q"', "fd[0].mode"),
        ("[[fd]]", "fd[0].path"),
        ('[launch.environment]\n"a=b" = "x"', "launch.environment.a=b"),
    ],
)
def test_a_command_that_no_shell_can_run(tmp_path: Path, text: str, field: str) -> None:
    path = tmp_path / "vm.toml"
    path.write_text(text)
    done = qemutui("argv", path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"qemutui: {path}: {field}: ")
    assert len(done.stderr.splitlines()) == 1


def test_shell_and_json_exclude_each_other(profile: Path) -> None:
    done = qemutui("argv", profile, "--shell", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "qemutui: --shell and --json exclude each other. See qemutui argv --help.\n"
    )


def test_bytes_of_any_locale(tmp_path: Path) -> None:
    path = tmp_path / "vm.toml"
    path.write_text('name = "Grüße 世界"')
    for locale in ({"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C.UTF-8"}):
        done = qemutui("argv", path, variables=locale)
        assert (done.returncode, done.stderr) == (0, "")
        assert "-name 'Grüße 世界'" in done.stdout


def test_a_folder_that_is_no_text(tmp_path: Path) -> None:
    folder = tmp_path / "caf\udce9"
    folder.mkdir()
    (folder / "vm.toml").write_text('binary = "pwd"')
    done = qemutui("argv", folder / "vm.toml")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.isascii()
    shell = subprocess.run(["sh"], input=done.stdout.encode(), capture_output=True, check=True)
    assert shell.stdout.endswith(b"/caf\xe9\n")


@pytest.mark.parametrize(
    ("reader", "statuses"), [("head -n 1", (0, 141)), ("true", (141,))], ids=["head", "nobody"]
)
def test_a_reader_that_leaves_early(tmp_path: Path, reader: str, statuses: tuple[int, ...]) -> None:
    path = tmp_path / "vm.toml"
    path.write_text(f"extra = {json.dumps(['word'] * 100_000)}")
    done = subprocess.run(
        ["bash", "-c", f'set -o pipefail; "$@" | {reader}', "bash", *COMMAND, "argv", path],
        capture_output=True,
        env=environment(),
        timeout=PATIENCE,
        check=False,
    )
    assert done.stderr == b""
    assert done.returncode in statuses


def test_standard_output_that_takes_nothing(profile: Path) -> None:
    shell = ("sh", "-c", '"$@" >/dev/full', "sh")
    done = qemutui("argv", profile, prefix=shell)
    assert done.returncode == 1
    assert done.stderr == ("qemutui: Standard output cannot be written: No space left on device.\n")
    closed = qemutui("argv", profile, prefix=("sh", "-c", '"$@" >&-', "sh"))
    assert (closed.returncode, closed.stderr) == (1, "qemutui: Standard output is closed.\n")


@pytest.mark.parametrize("command", ["argv", "check"])
def test_loads_only_what_it_needs(profile: Path, command: str) -> None:
    script = (
        "import sys; from qemutui.cli import main; main(sys.argv[1:]);"
        "print(*sys.modules, file=sys.stderr)"
    )
    prefix = (COMMAND[0], "-c", script, command, str(profile))
    for _ in range(2):  # what QEMU offers may have to be asked once
        done = subprocess.run(
            prefix, capture_output=True, text=True, env=environment(), timeout=PATIENCE, check=True
        )
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "click" in loaded
    assert not loaded & {"textual", "rich", "asyncio", "tomli_w", "subprocess", "platformdirs"}
    assert "qemutui.ui" not in done.stderr.split()
    assert "qemutui.host.process" not in done.stderr.split()


def test_a_shell_runs_it_with_a_real_qemu(tmp_path: Path, qemu: str) -> None:
    path = tmp_path / "vm.toml"
    path.write_text(
        f'binary = "{qemu}"\nextra = ["-display", "none", "-device", "virtio-rng-pci,help"]\n'
        '[machine]\ntype = "none"\naccel = "tcg"\n[[fd]]\npath = "vm.toml"\n'
    )
    for form in ((), ("--shell",)):
        script = qemutui("argv", path, *form).stdout
        done = subprocess.run(
            ["sh"], input=script.encode(), capture_output=True, timeout=PATIENCE, check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"virtio-rng-pci options" in done.stdout
