"""The commands of the command line that start VMs, list those that run, and stop them."""

import click

from qemutui.cli.completing import complete, complete_run
from qemutui.cli.opening import open_app
from qemutui.cli.profiles import load
from qemutui.cli.words import WithArguments


@click.command(cls=WithArguments, options_metavar="[--detach [--json]]")
@click.argument("profile", shell_complete=complete, metavar="PROFILE [-- ARGUMENT…]")
@click.option("--detach", is_flag=True, help="Leaves QEMU running, and prints the run's name.")
@click.option("--json", "as_json", is_flag=True, help="Prints name, pid and monitor as an object.")
@click.pass_context
def run(context: click.Context, profile: str, detach: bool, as_json: bool) -> int:
    """Runs PROFILE without the app.

    Each ARGUMENT is added to the command, for this run. QEMU gets this terminal, as if its command
    had been typed, and SIGINT, SIGTERM and SIGHUP are passed on. With --detach it gets none: it has
    a session of its own, reads nothing, and writes into the logs of the run. A private QMP monitor
    is added to the command unless the profile switches it off (launch.monitor).
    """
    from qemutui.cli import running

    arguments = context.meta["arguments"]
    if detach:
        return running.detach(load(profile), arguments, as_json)
    if as_json:
        raise click.UsageError("--json is for --detach: QEMU has this standard output.")
    return running.run(load(profile), arguments)


@click.command()
@click.option("--all", "everything", is_flag=True, help="Lists runs that have ended, too.")
@click.option("--json", "as_json", is_flag=True, help="Prints a list of objects.")
def ps(everything: bool, as_json: bool) -> int:
    """Lists the VMs that run, whoever started them."""
    from qemutui.cli import runs

    return runs.ps(everything, as_json)


@click.command()
@click.argument("run", shell_complete=complete_run)
@click.option("-f", "--follow", is_flag=True, help="Goes on until the run ends.")
@click.option("--json", "as_json", is_flag=True, help="Prints an object for each line.")
def log(run: str, follow: bool, as_json: bool) -> int:
    """Prints what RUN has printed.

    That is its standard output, then its standard error; a terminal gets them safe to draw. RUN is
    the name that ps prints, such as alpine-7, or alpine for the last run of that VM.
    """
    from qemutui.cli import runs

    return runs.log(run, follow, as_json)


@click.command()
@click.argument("run", shell_complete=complete_run)
@click.option("--now", is_flag=True, help="Leaves the guest no time to power down.")
@click.option("--json", "as_json", is_flag=True, help="Prints how it ended as an object.")
def stop(run: str, now: bool, as_json: bool) -> int:
    """Stops RUN, step by step.

    The steps are the power button, the command quit, SIGTERM, SIGKILL.

    The guest has launch.powerdown seconds to power down, each later step five. Interrupted, it
    leaves RUN with what it was told.
    """
    from qemutui.cli import runs

    return runs.stop(run, now, as_json)


@click.command()
@click.argument("run", shell_complete=complete_run)
def attach(run: str) -> int:
    """Opens the app on RUN: its profile, its output, its state."""
    from qemutui.cli import runs

    return open_app(None, runs.find(run))


RUN_COMMANDS = (run, ps, log, stop, attach)
