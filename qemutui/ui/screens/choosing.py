"""What the open editor of the main screen offers: a list under it, words beside it."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.geometry import Region

from qemutui.core import edit, keyval
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile
from qemutui.ui.screens.looking import LookingView
from qemutui.ui.sections import Row
from qemutui.ui.session import Session
from qemutui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from qemutui.core.choice import Choice
    from qemutui.ui.field_offer import FieldOffer
    from qemutui.ui.widgets.choice_list import ChoiceList
    from qemutui.ui.widgets.editor import Kept

_EXPLAINED: tuple[Path, ...] = (("machine", "type"), ("cpu", "model"))
"""Fields whose help is that of their value."""


class ChoosingView(LookingView):
    """The main screen whose editor knows what its field takes.

    What stands in the editor is what is kept: a line that is chosen puts its value there, and
    with no line chosen it is what was typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "page_choices(1)", "further choices", show=False, id="choices.down"),
        Binding("pageup", "page_choices(-1)", "choices before", show=False, id="choices.up"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._choices: ChoiceList | None = None
        self._field_offer: FieldOffer | None = None
        self._lead = ""
        """What stands before the value in the editor: `key=` where a property is added."""
        self._query = ""
        """The value as it was typed, whatever line is chosen."""
        self._is_keeping = False

    def editors_mounted(self) -> None:
        """Makes the list, hidden as the editors are."""
        from qemutui.ui.widgets.choice_list import ChoiceList

        super().editors_mounted()
        self._choices = ChoiceList()
        self.mount(self._choices)

    # Opening and closing

    def open_editor(self, base: Profile, new: bool) -> None:
        """Opens the editor, with all that its field can be set to."""
        if self._editing is not None:
            return
        super().open_editor(base, new)
        if self._editing is None or self._editor is not self._line:
            return
        # A fix is now the first line of the list.
        self.properties.show_marks(self.marks)
        self._find_field_offer()
        self._show_choices(self._query, is_open=True)
        self._offer_fixes()

    def _find_field_offer(self) -> None:
        """Finds what is offered for what is being typed."""
        editing, editor = self._editing, self._line
        if editing is None or editor is None:
            return
        from qemutui.ui.field_offer import is_element, keys_of, offer_of, split

        row, text = editing.row, editor.typed
        self._lead, self._query = split(row, text)
        path = row.path
        if row.adds and not is_element(row):
            if not self._lead:
                self._field_offer = keys_of(self.properties.rows, row)
                return
            path = self.typed_into(editing.base, row, text)[1]
        board = self.facts.board if self.facts is not None else None
        self._field_offer = offer_of(editing.base, row, path, self.catalog, self.programs, board)

    def close_editor(self) -> None:
        """Takes the editor away, and all that was offered."""
        self._field_offer = None
        if self._choices is not None:
            self._choices.close()
        self.properties.say_beside(())
        super().close_editor()

    def catalog_came(self) -> None:
        """Offers what QEMU does, in an editor that was open before it had answered."""
        super().catalog_came()
        if self._editing is not None and self._editor is self._line:
            self._find_field_offer()
            self._show_choices(self._query)

    # While it is open

    def typed_on(self, text: str) -> None:
        """Shows what fits what is typed."""
        super().typed_on(text)
        editing, editor = self._editing, self._editor
        if editing is None or editor is not self._line:
            return
        from qemutui.ui.field_offer import split

        lead, value = split(editing.row, text)
        if lead != self._lead:
            self._find_field_offer()
        self._query = value
        self._show_choices(value)

    def _show_choices(self, query: str, is_open: bool = False) -> None:
        """Shows the choices that fit; as the editor opens, all, with the one that is set chosen."""
        choices, offer = self._choices, self._field_offer
        if choices is None:
            return
        choices.cursor = -1
        if offer is None:
            choices.show(())
            self.properties.say_beside(())
            return
        asks_disk = self._asks_disk
        if asks_disk:
            self._look_at_value()
        was_open = choices.is_open
        choices.show(self._all_choices(), "" if is_open and not asks_disk else query)
        if is_open and query:
            choices.choose(query)
        self._say_beside()
        if is_open or was_open or choices.is_open:
            self._place()
            self.show_hints()

    @property
    def _value(self) -> str:
        """The value that stands in the editor: as typed, or of the line that is chosen."""
        return self._line.typed.removeprefix(self._lead) if self._line is not None else ""

    def _say_beside(self) -> None:
        offer, choices = self._field_offer, self._choices
        if offer is None or choices is None:
            return
        beside = offer.beside(self._value)
        if self._asks_disk:
            beside = (self.looked.words,) if self.looked is not None and self.looked.words else ()
        self.properties.say_beside(beside)

    def checked(self) -> None:
        """Offers what mends the findings of the field as it is typed now."""
        super().checked()
        self._explain()
        choices = self._choices
        if choices is not None and choices.choice is None:
            self._offer_fixes()
        if choices is not None and choices.is_open:
            # A finding may stand below the row now, or no more.
            self._place()

    def _explain(self) -> None:
        """Says what the machine or CPU is that is being typed, no longer the one before."""
        editing = self._editing
        if editing is None or editing.row.path not in _EXPLAINED:
            return
        for row in self._rows(self.session.profile, self.sections.section, None):
            if row.path == editing.row.path:
                self.properties.explain(row)
                self.show_help()

    def _offer_fixes(self) -> None:
        """Offers what mends the findings of the field, before all else."""
        choices, offer, editing = self._choices, self._field_offer, self._editing
        if choices is None or offer is None or editing is None:
            return
        from qemutui.ui.field_offer import fixes_of

        findings = self.marks.at(offer.path)
        fixes = fixes_of(findings, self.session.profile, offer.path, self._query)
        if fixes or choices.has_fixes:
            choices.show(self._all_choices(), self._query if self._is_typed else "", fixes)
            self._place()
            self.show_hints()

    @property
    def _is_typed(self) -> bool:
        """Whether anything was typed since the editor was opened."""
        editing = self._editing
        if editing is None:
            return False
        before = None if editing.row.adds else edit.get(editing.base, editing.row.path)
        return self._query != keyval.scalar_text(before)

    def _all_choices(self) -> "tuple[Choice, ...]":
        from qemutui.core.choice import Choice

        offer = self._field_offer
        if offer is None or not self._asks_disk:
            return offer.choices if offer is not None else ()
        paths = self.looked.paths if self.looked is not None else ()
        return tuple(Choice(path) for path in paths if path != self._query)

    # Keys

    def took(self, event: "Kept") -> bool:
        """Moves in the list, or counts, by the arrows; goes on after the beginning of a value."""
        choices, line = self._choices, self._line
        if choices is None or self._field_offer is None or line is None or self._editor is not line:
            return False
        if event.arrow:
            return self._choose_line(event.step) or self._count(-event.step)
        choice = choices.choice
        is_beginning = choice is not None and choice.value.endswith(("=", "/"))
        if event.step or choice is None or not is_beginning or choice.value == self._query:
            return False
        # The rest of the value is yet to come.
        self.typed_on(line.typed)
        return True

    def _choose_line(self, step: int) -> bool:
        choices, editor = self._choices, self._line
        if choices is None or editor is None or not choices.is_open or not choices.move(step):
            return False
        choice = choices.choice
        editor.put(self._lead + (self._query if choice is None else choice.value))
        self.show_typed(editor.typed)
        if self._asks_disk:
            self._look_at_value()
        self._say_beside()
        return True

    def _count(self, step: int) -> bool:
        offer, editor = self._field_offer, self._line
        if offer is None or offer.numbers is None or editor is None:
            return False
        number = offer.numbers.stepped(self._query, step)
        if number is None:
            return False
        self._query = number
        editor.put(self._lead + number)
        self.show_typed(editor.typed)
        return True

    def action_page_choices(self, step: int) -> None:
        """Chooses a line further down or up."""
        if self._choices is not None and self._choices.is_open:
            self._choose_line(step * self._choices.page)

    @on(RowList.Chosen, "#choices")
    def _choice_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        from qemutui.ui.widgets.editor import Kept

        choices = self._choices
        if choices is not None and choices.choice is not None and self._line is not None:
            self._line.put(self._lead + choices.choice.value)
            self.show_typed(self._line.typed)
            self.on_kept(Kept())

    @property
    def arrows(self) -> str:
        """What the arrows do in the open editor: `choose` or `count`; empty: they keep, go on."""
        if self._choices is not None and self._choices.is_open:
            return "choose"
        offer = self._field_offer
        return "count" if offer is not None and offer.numbers is not None else ""

    # What is kept

    def typed_into(self, base: Profile, row: Row, text: str) -> tuple[Profile, Path]:
        """Returns the profile with a text typed into a row, and with what the chosen line does."""
        profile, path = super().typed_into(base, row, text)
        offer, choices = self._field_offer, self._choices
        if offer is None or choices is None or path != offer.path:
            return profile, path
        value = text.removeprefix(self._lead)
        if offer.is_switch and value in ("on", "off") and edit.get(base, path) != value:
            profile = edit.set_value(profile, path, keyval.boolean(value))
        choice = choices.choice
        if choice is None or choice.value != value:
            return profile, path
        from qemutui.ui.field_offer import with_choice

        return with_choice(profile, path, choice, in_place=not self._is_keeping)

    def _keep(self, event: "Kept") -> None:
        self._is_keeping = True
        try:
            super()._keep(event)
        finally:
            self._is_keeping = False

    # Where it stands

    def placed(self, cell: Region) -> None:
        """Puts the list under the editor, or above it."""
        super().placed(cell)
        if self._choices is None or not self._choices.is_open:
            return
        rows, form = self.properties, self.properties.region
        last = rows.row_group(rows.cursor).stop - 1 - rows.scroll_offset.y + form.y
        self._choices.place(cell, form, min(max(last, cell.y), form.bottom - 1))

    # What is on the disk

    @property
    def _asks_disk(self) -> bool:
        """Whether what is typed is a path, of which the disk knows more."""
        return self._field_offer is not None and self._field_offer.asks_disk(self._value)

    def _look_at_value(self) -> None:
        offer = self._field_offer
        if offer is not None:
            self.look_at(self._value, offer.path, offer.is_image)

    def looked_came(self) -> None:
        """Shows what the disk says."""
        super().looked_came()
        choices = self._choices
        if choices is None or not self._asks_disk:
            return
        if choices.choice is None:
            choices.show(self._all_choices(), self._query)
            self._place()
            self.show_hints()
        self._say_beside()
