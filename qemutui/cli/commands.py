"""The command line: its commands about profiles and QEMUs, and with what status each ends.

Every process that only prints a command loads this module, so that each command imports what it
needs itself.
"""

import os
from typing import TYPE_CHECKING

import click

from qemutui import __version__
from qemutui.cli import COMPLETE
from qemutui.cli.completing import (
    complete,
    complete_file,
    complete_offer,
    complete_program,
)
from qemutui.cli.opening import open_app
from qemutui.cli.output import Problem, print_json, print_line, say
from qemutui.cli.profiles import listed, load
from qemutui.cli.run_commands import RUN_COMMANDS
from qemutui.cli.words import WithCommand

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_EPILOG = """
PROFILE is a file if it holds a / or ends in .toml, else a name of the library, else an example that
comes with qemutui, such as demo. A profile called like a command is opened by its file: ./run.toml.

Exit status: 0 fine; 1 a problem with the profile or its file; 2 wrong usage; 70 a fault of qemutui;
130 interrupted. The command run ends as QEMU does: with its status, 128 + n after signal n, or
126 and 127 as a shell.

\b
Completion, in the configuration of the shell:
  bash  eval "$(_QEMUTUI_COMPLETE=bash_source qemutui)"
  zsh   eval "$(_QEMUTUI_COMPLETE=zsh_source qemutui)"
  fish  _QEMUTUI_COMPLETE=fish_source qemutui | source
"""


class Commands(click.Group):
    """The commands; a first word that is none of them is the profile to open."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in self.commands:
            return super().resolve_command(ctx, args)
        if len(args) > 1:
            ctx.fail(f"There is no command “{args[0]}”, and a profile to open stands alone.")
        return "", open_profile, args

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        found = super().shell_complete(ctx, incomplete)
        profiles = complete(ctx, open_profile.params[0], incomplete)
        return found + [item for item in profiles if item.type == "plain" or not found]


def obey(words: list[str]) -> int:
    """Obeys a command line (without the program's name) and returns the exit status."""
    try:
        if instruction := os.environ.get(COMPLETE):
            from click.shell_completion import shell_complete

            return shell_complete(cli, {}, "qemutui", COMPLETE, instruction)
        with cli.make_context("qemutui", words) as context:
            status: int = cli.invoke(context)
            return status
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.UsageError as error:
        command = error.ctx.command_path.strip() if error.ctx else "qemutui"
        say(f"{error.format_message()} See {command} --help.")
        return 2
    except Problem as error:
        say(str(error))
        return 1


@click.group(
    cls=Commands,
    invoke_without_command=True,
    subcommand_metavar="[PROFILE | COMMAND …]",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EPILOG,
)
@click.version_option(__version__, message="qemutui %(version)s")
@click.pass_context
def cli(context: click.Context) -> int:
    """Builds, explains, checks, launches and watches QEMU command lines.

    With a PROFILE it opens the app on it, with nothing on the library.
    """
    return open_app(None) if context.invoked_subcommand is None else 0


@click.command("", add_help_option=False)
@click.argument("profile", shell_complete=complete)
def open_profile(profile: str) -> int:
    """Opens the app on a profile."""
    return open_app(profile)


@cli.command()
@click.argument("profile", shell_complete=complete)
@click.option("--shell", "as_shell", is_flag=True, help="Prints it on one line.")
@click.option("--json", "as_json", is_flag=True, help="Prints a list of its words.")
@click.option(
    "-o", "output", metavar="FILE", default="", shell_complete=complete_file,
    help="Writes it into FILE, a script that may be run.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replaces FILE.")
def argv(profile: str, as_shell: bool, as_json: bool, output: str, force: bool) -> int:
    """Prints the command of PROFILE, to be pasted into a shell.

    It has one QEMU option on each line. It begins with cd where QEMU is to run in another folder
    than this, and with env where the profile has an environment; files that are passed are
    redirections. Nothing is run, and no file but the profile is read. With -o it is a script for
    /bin/sh, which runs QEMU in the same folder wherever it is started.
    """
    from qemutui.cli import exporting

    if as_shell and as_json:
        raise click.UsageError("--shell and --json exclude each other.")
    if output not in ("", "-"):
        if as_json:
            raise click.UsageError("-o writes a script, which --json is not.")
        return exporting.write_script(load(profile), as_shell, output, force)
    if as_json:
        return exporting.print_words(load(profile))
    return exporting.print_shell(load(profile), as_shell)


@cli.command()
@click.argument("profile", shell_complete=complete)
@click.option(
    "--binary", metavar="BINARY", default="", shell_complete=complete_program,
    help="Asks this QEMU, in place of the profile's; it may be any.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Has QEMU itself judge the command, too.")
@click.option("--json", "as_json", is_flag=True, help="Prints a list of objects.")
def check(profile: str, binary: str, dry_run: bool, as_json: bool) -> int:
    """Prints what is wrong with PROFILE.

    The exit status is 1 if anything is an error. A line is FILE: SEVERITY: FIELD: what is wrong,
    what to do, and the [rule] in brackets. A rule is silenced by its name in the list "ignore" of
    the profile's table [check]. The files that the profile names are looked at and not changed.

    The QEMU of the profile is asked what it offers, once for each version of it, if it is on PATH
    under a name such as qemu-system-x86_64, or was allowed in the app.

    With --dry-run QEMU is started with the very command, paused, with its disks and ports but not
    its sockets and displays, and ended; nothing is left of it. What it refuses is an error of the
    rule "qemu". The status is 1, too, where it comes to no verdict.
    """
    from qemutui.cli import checking

    return checking.print_findings(load(profile), binary, dry_run, as_json)


@cli.command()
@click.argument(
    "words", nargs=-1, metavar="[BINARY] [LIST | NAME]", required=False,
    shell_complete=complete_offer,
)  # fmt: skip
@click.option("--allow", is_flag=True, help="Allows BINARY to be run, from now on.")
@click.option("--json", "as_json", is_flag=True, help="Prints objects.")
def catalog(words: tuple[str, ...], allow: bool, as_json: bool) -> int:
    """Prints what a QEMU offers.

    LIST is one of machines, cpus, accelerators, devices, objects, netdev, chardev, blockdev, fsdev,
    audiodev, tpmdev, display, options. NAME is a machine, a CPU model, a device, an object, a
    backend and so on: all about it, with its properties. The exit status is 1 where there is none,
    and names near it are said.

    BINARY is a word with a / or one such as qemu-system-arm; without it, qemu-system-x86_64, or the
    first on PATH. It is asked once, and again when it changes. One that is not on PATH under a name
    of QEMU's is run only if it was allowed, as it is now: by --allow, or in the app.
    """
    from qemutui.cli import cataloging

    if len(words) > 2 or (len(words) == 2 and not cataloging.is_binary(words[0])):
        raise click.UsageError("BINARY, which has a / or is called like a QEMU, and one more word.")
    return cataloging.show(words, allow, as_json)


@cli.command()
@click.argument("old", metavar="A", shell_complete=complete)
@click.argument("new", metavar="B", shell_complete=complete)
@click.option("--json", "as_json", is_flag=True, help="Prints a list of objects.")
def diff(old: str, new: str, as_json: bool) -> int:
    """Prints what differs between the commands of A and B.

    Each is a PROFILE. They are compared by option, as QEMU reads them: items by their ids, the keys
    of a value in any order, `server` as `server=on`. A line is one change from A to B:

    \b
      -device net0: netdev=n0 → n1
      + -device virtio-rng-pci,id=rng0
      - -snapshot

    Where QEMU runs, its environment and passed files are compared as they are written; notes and
    what is switched off are not. The exit status is 0 whether anything differs or not: empty output
    says that nothing does.
    """
    from qemutui.cli import comparing

    return comparing.diff(load(old), load(new), as_json)


@cli.command(
    "import",
    cls=WithCommand,
    options_metavar="[-o FILE] [--name NAME] [--force] [--pid N] [--]",
)
@click.argument(
    "words",
    nargs=-1,
    type=click.UNPROCESSED,
    metavar="COMMAND…",
    required=False,
    shell_complete=complete_program,
)
@click.option(
    "-o", "output", metavar="FILE", default="", shell_complete=complete_file,
    help="Writes the profile into FILE.",
)  # fmt: skip
@click.option("--name", metavar="NAME", help="Names the VM, which adds -name to the command.")
@click.option("--force", is_flag=True, help="Replaces FILE.")
@click.option("--pid", type=int, metavar="N", help="Takes a QEMU that runs.")
def import_(
    words: tuple[str, ...], output: str, name: str | None, force: bool, pid: int | None
) -> int:
    """Makes a profile of COMMAND, which comes out of it the same.

    COMMAND is all from the first word that is no option of import. Without it, it is read from
    standard input, as people write commands: continued over lines, with comments, quotes, sudo or
    env, out of a script or a log, as JSON, or as /proc has it. No shell reads it, nothing of it is
    run, and no variable is expanded. What has no field goes to "extra", word for word. Of an option
    that qemutui does not know, the QEMU on PATH is asked (by -help) whether it has a value.

    The profile goes to standard output; how it was made, and what was assumed, to standard error.
    With -o it goes into FILE, and where that lies elsewhere than here and the command names files
    from here, so does the folder.
    """
    from qemutui.cli import importing

    if name == "":
        raise click.UsageError("A name has one character at least.")
    if pid is None:
        return importing.convert(words, output, name, force)
    if words:
        raise click.UsageError("--pid and COMMAND exclude each other.")
    return importing.convert_running(pid, output, name, force)


@cli.command("list")
@click.option("--json", "as_json", is_flag=True, help="Prints a list of objects.")
def list_profiles(as_json: bool) -> int:
    """Lists the library, then the examples that come with qemutui."""
    profiles = listed()
    if as_json:
        print_json([one._asdict() for one in profiles])
        return 0
    width = max(len(one.name) for one in profiles)
    for one in profiles:
        kind = "example" if one.example else ""
        print_line(f"{one.name:{width}}  {kind:7}  {one.path}")
    return 0


@cli.command()
def schema() -> int:
    """Prints the JSON Schema of a profile, for editors."""
    from qemutui.core.profile import Profile

    written = Profile.model_json_schema(by_alias=True)
    title = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "qemutui profile"}
    print_json(written | title)
    return 0


for _command in RUN_COMMANDS:
    cli.add_command(_command)
