"""Makes a profile of a command, asking its QEMU about the options that qemutui does not know."""

from functools import lru_cache

from qemutui.core import importing, option_help
from qemutui.core.command_text import Command
from qemutui.core.importing import Imported


def of_command(command: Command) -> Imported:
    """Returns the profile of a command. Where an option is unknown, a QEMU on PATH is run once."""
    imported = importing.of_command(command)
    if imported.unknown and command.program is not None:
        told = _takes_value(command.words[command.program].text)
        if any(name in told for name in imported.unknown):
            return importing.of_command(command, told)
    return imported


@lru_cache(maxsize=8)
def _takes_value(binary: str) -> dict[str, bool]:
    from qemutui.host import trusted  # what starts programs is seldom needed

    return option_help.takes_value(trusted.ask(binary, "-help") or "")
