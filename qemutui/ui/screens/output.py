"""What the keys do in Output: hold, search, wrap, go to errors, see earlier runs, save."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING

from textual import on, work
from textual.widget import Widget

from qemutui.core.keyval import Path
from qemutui.core.text import clean
from qemutui.ui import glyphs
from qemutui.ui.glyphs import Span
from qemutui.ui.panes import OUTPUT
from qemutui.ui.places import place_of
from qemutui.ui.printed import Entry, count
from qemutui.ui.screens.following import FollowingView
from qemutui.ui.themes import palette_of
from qemutui.ui.widgets.output_list import OutputList
from qemutui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from qemutui.host.record import Record
    from qemutui.ui.run import Run
    from qemutui.ui.session import Session
    from qemutui.ui.widgets.search_line import SearchLine


_FOUND, _LEAST_SEARCH = 34, 20
"""Cells of the title that the search line leaves free, and that it has at least."""


def _is_error(entry: Entry) -> bool:
    return entry.severity == "error" and not entry.ours


class OutputView(FollowingView):
    """The main screen with the keys of Output."""

    def __init__(self, session: "Session", run: "Run | None" = None) -> None:
        super().__init__(session, run)
        self._search: SearchLine | None = None
        self._found = ""
        """Which match the cursor is on: `3 of 17`."""
        self._shown: Record | None = None
        """The earlier run whose output was seen last."""

    def _in_output(self) -> OutputList:
        """Opens Output for an action that was chosen elsewhere."""
        if self.tab != OUTPUT:
            self.open_tab(OUTPUT)
        self.set_focus(self.output)
        return self.output

    def action_output_follow(self) -> None:
        """Goes to the end of the output, and follows it."""
        self._in_output().follow()

    def action_output_pause(self) -> None:
        """Holds the output, or follows it again."""
        output = self._in_output()
        if output.following:
            output.pause()
        else:
            output.follow()

    def action_output_wrap(self) -> None:
        """Wraps long lines, or cuts them."""
        self._in_output().turn_wrap()
        self.footer.say("Long lines are wrapped." if self.output.wraps else "Long lines are cut.")

    def action_output_times(self) -> None:
        """Shows the time of each line, or hides it."""
        self._in_output().turn_times()

    def action_output_clear(self) -> None:
        """Clears what is seen; the log keeps it."""
        self._in_output().clear()

    def action_output_error(self, step: int) -> None:
        """Goes to the next or previous error line."""
        at, of = self._in_output().step_to(_is_error, step)
        self.footer.say(f"Error {at} of {of}." if of else "No error was printed.")

    def action_output_copy(self) -> None:
        """Copies the line of the cursor, through the terminal (OSC 52)."""
        entry = self._in_output().entry
        if entry is None:
            self.footer.say("Nothing printed yet.")
            return
        self.app.copy_to_clipboard(entry.text)
        self.footer.say(f"Copied {count(len(entry.text))} characters.")

    # Searching

    def action_output_search(self) -> None:
        """Opens the line in which one types what to search for."""
        from qemutui.ui.widgets.search_line import SearchLine

        self._in_output()
        if self._search is not None:
            return
        self._search = line = SearchLine()
        line.value = self.output.needle
        self._place_search()
        self.mount(line)
        self.set_focus(line, scroll_visible=False)
        self.footer.forget()
        self.show_hints()

    def on_resize(self) -> None:
        self.call_after_refresh(self._place_search)

    def _place_search(self) -> None:
        """Puts the open search line over the title of the dock."""
        if self._search is not None:
            region = self.tabs.region
            self._search.styles.offset = (region.x, region.y)
            # The right end goes on to say which match it is.
            self._search.styles.width = max(_LEAST_SEARCH, region.width - _FOUND)

    def on_search_line_typed(self, event: "SearchLine.Typed") -> None:
        """Marks what is found while it is typed."""
        event.stop()
        self.output.search(event.text)
        self._go_to_match(-1, stay=True)

    def on_search_line_ended(self, event: "SearchLine.Ended") -> None:
        """Keeps what was found, or forgets it."""
        event.stop()
        self._end_search(event.is_kept)
        self.set_focus(self.output)

    def _end_search(self, is_kept: bool) -> None:
        line, self._search = self._search, None
        if line is not None:
            line.remove()
        if not is_kept:
            self._clear_search()
        elif self.output.needle and not self._found:
            self._say_nothing_found()

    def _clear_search(self) -> None:
        self.output.search("")
        self._found = ""
        self.show_tabs()

    def action_output_match(self, step: int) -> None:
        """Goes to the next or previous match."""
        self._in_output()
        if not self.output.needle:
            self.action_output_search()
        else:
            self._go_to_match(step)

    def _go_to_match(self, step: int, stay: bool = False) -> None:
        output = self.output
        self._found = ""
        if output.needle:
            entry = output.entry
            if stay and entry is not None and output.matches(entry):
                # The line of the cursor is the nearest; back to it from the row below.
                output.step_to(output.matches, 1)
            at, of = output.step_to(output.matches, step)
            self._found = f"{count(at)} of {count(of)}" if of else ""
            if not of:
                self._say_nothing_found()
            else:
                self.footer.forget()
        self.show_tabs()

    def _say_nothing_found(self) -> None:
        self.footer.say(f"Nothing matches “{self.output.needle}”. Esc clears.")

    def _focus_moved(self, widget: Widget) -> None:
        super()._focus_moved(widget)
        if self._search is not None and self.focused is not self._search:
            self._end_search(is_kept=True)

    def action_leave(self) -> None:
        """Clears the search, goes back to the present run, or leaves the output."""
        if self.focused is not self.output:
            super().action_leave()
        elif self.output.needle:
            self._clear_search()
        elif self._earlier is not None:
            self._show_present()
        else:
            super().action_leave()

    def tab_state(self) -> list[Span]:
        palette = palette_of(self.app)
        if self.output.needle and self._found:
            needle = glyphs.fit(clean(self.output.needle), 12)
            return [(f"/{needle} ", palette.muted), (self._found, palette.text)]
        if self._earlier is not None:
            return [(f"run {self._earlier.number} {glyphs.DOT} ] later {glyphs.DOT} Esc present",
                     palette.muted)]  # fmt: skip
        return super().tab_state()

    # Earlier runs

    @property
    def _earlier(self) -> "Record | None":
        """The run whose output is seen in place of the present one's."""
        return self._shown if self.output.printed is not self.output.live else None

    def _seen(self) -> "Record | None":
        """The record of the run whose output is seen."""
        if self._earlier is not None:
            return self._earlier
        begun = self._begun
        return begun.running.record if begun is not None and begun.running is not None else None

    def action_output_run(self, step: int) -> None:
        """Shows the output of the run before the one that is seen, or of the one after it."""
        from qemutui.host import runs

        self._in_output()
        document, seen = self.session.document, self._seen()
        records = [] if document is None else list(runs.of_profile(document.path).records)
        ids = [record.id for record in records]
        at = ids.index(seen.id) if seen is not None and seen.id in ids else len(records)
        present = self._begun.running if self._begun is not None else None
        if not 0 <= at + step < len(records):
            if step > 0 and self._earlier is not None:
                self._show_present()
            else:
                self.footer.say(f"No {'earlier' if step < 0 else 'later'} run of this profile.")
            return
        record = records[at + step]
        if present is not None and record.id == present.record.id:
            self._show_present()
        else:
            self.show_earlier(record)

    def _show_present(self) -> None:
        self.output.show(self.output.live)

    def show_earlier(self, record: "Record") -> None:
        """Shows the output of a run that is over, in place of the present one's."""
        from qemutui.ui.earlier import printed_of

        self._shown = record
        printed, logs = printed_of(record, self._place_blamed)
        self.output.show(printed)
        self.finish(logs)

    def _place_blamed(self, lines: list[str]) -> str:
        path = self._blamed_by(lines)
        return place_of(self.session.profile, path) if path is not None else ""

    def _blamed_by(self, lines: list[str]) -> Path | None:
        """Returns the field of the profile, as it is now, that error lines complain of."""
        from qemutui.core.errors import field_of

        found = (field_of(line, self.session.command) for line in lines)
        return next((path for path in found if path is not None), None)

    # Fields

    @on(RowList.Chosen, "#output")
    def _line_chosen(self) -> None:
        entry = self.output.entry
        run = self.run if self._earlier is None else None
        if entry is None:
            return
        if run is None:
            path = self._blamed_by(self.output.printed.errors() if entry.ours else [entry.raw])
        elif entry.ours:
            path = self.blamed(run)
        else:
            from qemutui.core.errors import field_of

            path = field_of(entry.raw, run.command)
        if path is None:
            self.footer.say("This line names no field.")
        else:
            self.go_to(path)

    # Files

    def action_output_save(self) -> None:
        """Saves the whole log of the run that is seen, in the folder where qemutui was started."""
        from qemutui.ui import output_files

        record = self._seen()
        if record is None:
            self.footer.say("Nothing printed yet.")
        else:
            self._write_output(output_files.save(record))

    def action_output_bundle(self) -> None:
        """Writes what a bug report needs into one file, without secrets."""
        from qemutui.ui import output_files

        self.check_now()
        self.footer.say("Writing the bug bundle …")
        findings = self.marks.ordered()
        self._write_output(output_files.bundle(self.session, self._seen(), findings))

    @work(group="saving")
    async def _write_output(self, writing: Coroutine[None, None, tuple[str, str]]) -> None:
        self.footer.say(*await writing)
