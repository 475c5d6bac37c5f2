"""What the main screen copies, through the terminal (OSC 52), or writes into a file."""

from collections.abc import Callable
from pathlib import Path as FilePath

from textual import work

from qemutui.core.argv import Argument, words
from qemutui.ui import glyphs
from qemutui.ui.places import place_of
from qemutui.ui.screens.runs_pane import RunsPaneView
from qemutui.ui.screens.waiting import Took, Waiting, press
from qemutui.ui.widgets.footer_line import Hint

_FORMS = (("s", "shell"), ("m", "multi-line"), ("j", "JSON"), ("t", "token"), ("w", "to a file"))


class CopyingView(RunsPaneView):
    """The main screen with what can be taken from it."""

    def copy_text(self, text: str) -> None:
        """Puts a text on the clipboard, through the terminal, and says so."""
        self.app.copy_to_clipboard(text)

    def action_copy(self) -> None:
        """Copies the row under the cursor; from the command, or the sections, the command."""
        self.settle()
        if self.focused is self.properties and self.properties.row is not None:
            self._copy(self._row_text)
        elif self.focused is self.items and self.item is not None:
            self._copy(lambda: self._argument_text(self.item or ()))
        elif self.focused is self.problems and (finding := self.problems.finding) is not None:
            place = place_of(self.session.profile, finding.path)
            self.copy_text(f"{place}: {finding.message}")
        elif self.focused is self.output and self.output.entry is not None:
            self.copy_text(self.output.entry.text)
        else:
            self._copy(self._shell_line)

    def action_copy_as(self) -> None:
        """Copies the command, or its marked token, in the form that the next key names."""
        self.settle()
        hints = (*(Hint(key, label, press(key)) for key, label in _FORMS),
                 Hint("Esc", "stays", press("escape")))  # fmt: skip
        self.wait_for(Waiting("Copy as …  ", hints, self._copy_as))

    def _copy_as(self, key: str, character: str | None) -> Took:
        if character == "s":
            self._copy(self._shell_line)
        elif character == "m":
            self._copy(self._shell_lines)
        elif character == "j":
            self._copy(self._json)
        elif character == "t":
            self._copy(self._token_text)
        elif character == "w":
            self._write_script()
        return "done"

    def _copy(self, make: Callable[[], str]) -> None:
        from qemutui.core.shell import CannotPassError

        try:
            text = make()
        except CannotPassError as error:
            self.footer.say(str(error), "error")
            return
        if text:
            self.copy_text(text)
        else:
            self.footer.say("Nothing of this is in the command.")

    # What is copied

    def _shell_line(self) -> str:
        from qemutui.core import shell

        return shell.one_line(self.session.profile, self.session.own_command, self._elsewhere())

    def _shell_lines(self) -> str:
        from qemutui.core import shell

        return shell.multi_line(self.session.profile, self.session.own_command, self._elsewhere())

    def _json(self) -> str:
        import json

        return json.dumps(words(self.session.own_command), ensure_ascii=False)

    def _row_text(self) -> str:
        """Returns what the row became in the command; where it has no part in that, its value."""
        row = self.properties.row
        if row is None:
            return ""
        argument = self._argument_of(row.path)
        if row.path[0] == "extra" and argument is not None:
            return row.value
        return self._token_of(row.path) or (row.value if row.is_set else "")

    def _token_text(self) -> str:
        """Returns the marked token, else the option under the cursor of the command."""
        focus = self.command.marked
        text = self._token_of(focus) if focus is not None else ""
        argument = self.command.argument
        if not text and argument is not None:
            text = self._argument_text(argument.path)
        return text

    def _token_of(self, path: tuple[str | int, ...]) -> str:
        for argument in self.session.command:
            for token in argument.tokens:
                if token.path == path:
                    return argument.words[token.word][token.start : token.end]
        return ""

    def _argument_of(self, path: tuple[str | int, ...]) -> Argument | None:
        return next((one for one in self.session.command if one.path == path), None)

    def _argument_text(self, path: tuple[str | int, ...]) -> str:
        """Returns an option and its value, quoted for a shell."""
        from qemutui.core import shell

        argument = self._argument_of(path)
        if argument is None:
            return ""
        try:
            return " ".join(shell.quote(word) for word in argument.words)
        except ValueError as error:
            raise shell.CannotPassError(path, str(error)) from None

    def _elsewhere(self) -> str:
        """Returns where QEMU is to run, or nothing if that is where we are."""
        directory = self.session.launch_directory(self.session.profile)
        try:
            return "" if directory == FilePath.cwd() else str(directory)
        except FileNotFoundError:  # our own was removed
            return str(directory)

    # To a file

    @work(group="files", exclusive=True)
    async def _write_script(self) -> None:
        """Asks for a path, and writes the command there; never over a file unasked."""
        from qemutui.core.shell import CannotPassError, multi_line
        from qemutui.host import paths, script
        from qemutui.host.content import StoreError
        from qemutui.ui.screens.prompt import Prompt

        try:
            # The script runs QEMU in the same folder wherever it is started.
            folder = str(self.session.launch_directory(self.session.profile))
            command = multi_line(self.session.profile, self.session.own_command, folder)
        except CannotPassError as error:
            self.footer.say(str(error), "error")
            return
        text, refused = f"{self.session.stem}.sh", ""
        detail = f"Enter writes {glyphs.DOT} Esc stays"
        while True:
            text = await self.app.push_screen_wait(Prompt("Write to which file?", text, detail))
            if not text:
                return
            path = paths.typed(text)
            try:
                script.write(path, command, over=text == refused)
            except script.ExistsError:
                refused, detail = text, "Exists already. Enter again replaces it."
            except StoreError as error:
                refused, detail = "", str(error)
            else:
                self.footer.say(f"Wrote {path.name}.")
                return
