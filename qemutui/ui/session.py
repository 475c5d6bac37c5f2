"""What one main screen works on: a profile with its history, its file, and its command.

Nothing here draws, waits or touches a file: the screen does, and tells the session.
"""

from collections.abc import Iterable
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from qemutui.core import argv, edit, keyval, private_monitor
from qemutui.core.argv import Argument
from qemutui.core.profile import Profile
from qemutui.host import sockets

if TYPE_CHECKING:
    from qemutui.host.left import Place
    from qemutui.host.store import Document


class Session:
    """A profile that is being edited. Not frozen: the screen is its only owner."""

    def __init__(self, profile: Profile, directory: FilePath, document: "Document | None") -> None:
        self.history = edit.History((), edit.Step(profile, ""))
        self.saved = profile
        self.document = document
        """The file as it was last read or written; None before the first save."""
        self.example: Document | None = None
        """The example that this is a copy of, until it is saved."""
        self.directory = directory
        """The folder of the file; without one, where relative paths start."""
        self.place: Place | None = None
        """Where it was left, while another screen is shown."""
        self._builder = argv.Builder()
        self.arguments = ""
        """What the last launch with arguments was given, as typed."""
        self._typing: Profile | None = None
        self.socket = sockets.choose(self.stem)
        """Where the private monitor of the next launch listens."""
        self.command: tuple[Argument, ...] = self._built(profile)
        """What a launch executes, byte for byte, with what is added to it."""

    @property
    def profile(self) -> Profile:
        """What is on the screen, with what is half typed in an open editor."""
        return self._typing or self.history.now.profile

    @property
    def settled(self) -> Profile:
        """The profile without what is half typed."""
        return self.history.now.profile

    @property
    def has_changes(self) -> bool:
        """Whether something would be lost if the screen went away."""
        return self.profile != self.saved

    @property
    def changes(self) -> int:
        """How many steps lie between the file and the screen, as far as undo knows."""
        past = (*self.history.past, self.history.now)
        for states in (reversed(past), (self.history.now, *self.history.future)):
            for steps, step in enumerate(states):
                if step.profile == self.saved:
                    return steps
        return len(past)

    @property
    def stem(self) -> str:
        """What the file is called, or would be."""
        if self.document is not None:
            return self.document.path.stem
        return self.example.path.parent.name if self.example is not None else "untitled"

    @property
    def file_name(self) -> str:
        """What the file of a profile that has none may be called: the VM's name, where it can."""
        name = self.title
        usable = name.isprintable() and not name.startswith((".", " ", "~")) and "/" not in name
        return name if usable and len(name) < 60 and self.example is None else self.stem

    @property
    def title(self) -> str:
        """What the VM is called."""
        name = self.profile.name
        if isinstance(name, dict):
            name = name.get("guest")
        return (keyval.text(name) if name is not None else "") or self.stem

    def _built(self, profile: Profile) -> tuple[Argument, ...]:
        return self._builder.build(profile, private_monitor.added(profile, str(self.socket)))

    @property
    def own_command(self) -> tuple[Argument, ...]:
        """The command without what qemutui adds to it."""
        return tuple(argument for argument in self.command if argument.origin != "qemutui")

    def command_with(self, more: Iterable[str]) -> tuple[Argument, ...]:
        """Returns the command with arguments for one run."""
        words = tuple(more)
        if not words:
            return self._built(self.settled)
        return private_monitor.command(self.settled, str(self.socket), words)

    def launched(self) -> None:
        """Takes note that the command was executed: the next one has a monitor of its own."""
        self.socket = sockets.choose(self.stem)
        self.command = self._built(self.profile)

    def preview(self, profile: Profile) -> None:
        """Shows what is being typed without making a step of it."""
        self._typing = profile
        self.command = self._built(profile)

    def change(self, profile: Profile, label: str) -> bool:
        """Makes one step of a change; tells whether there was one."""
        self._typing = None
        changed = profile != self.settled
        if changed:
            self.history = self.history.done(profile, label)
        self.command = self._built(self.settled)
        return changed

    def drop_typing(self) -> bool:
        """Gives up what is half typed, where `redo` finds it; tells whether there was any."""
        typed, self._typing = self._typing, None
        lost = typed is not None and typed != self.settled
        if typed is not None and lost:
            step = edit.Step(typed, "typing")
            self.history = self.history._replace(future=(step, *self.history.future))
        self.command = self._built(self.settled)
        return lost

    def undo(self) -> str | None:
        """Goes one step back; returns what was undone, or None where there is nothing."""
        if not self.history.past:
            return None
        label = self.history.now.label
        self._go(self.history.undone())
        return label

    def redo(self) -> str | None:
        """Goes one step forward again; returns its label, or None where there is nothing."""
        if not self.history.future:
            return None
        self._go(self.history.redone())
        return self.history.now.label

    def _go(self, history: edit.History) -> None:
        self.history = history
        self._typing = None
        self.command = self._built(self.settled)

    def launch_directory(self, profile: Profile) -> FilePath:
        """Returns where QEMU runs for a profile in the place of this one."""
        from qemutui.host.facts import launch_directory

        return launch_directory(profile, self.directory)

    def stored(self, document: "Document") -> None:
        """Takes note that the file now says what `document` says."""
        self.document = document
        self.saved = document.profile
        self.example = None
        self.directory = document.path.parent
