"""Every action, once: its keys, its words in the palette and in the help."""

from collections.abc import Mapping
from typing import NamedTuple

from textual.binding import Binding


class Action(NamedTuple):
    """One thing that a key does."""

    name: str
    keys: str
    """Textual's names of the keys, separated by commas. A key that some terminal takes has another
    beside it."""
    shown: str
    """The keys as people write them."""
    label: str
    where: str = "anywhere"
    """What it acts on, as a heading of the help: `anywhere`, `panes`, `lists`, or one pane."""
    palette: bool = True


ACTIONS: tuple[Action, ...] = (
    Action("launch", "f5,ctrl+r,R", "F5 ^r R", "Launch"),
    Action("stop", "f6,ctrl+t,T", "F6 ^t T", "Stop"),
    Action("dry_run", "f7,C", "F7 C", "Check with QEMU"),
    Action("launch_with", "", "", "Launch with arguments …"),
    Action("pause", "", "", "Pause the guest"),
    Action("resume", "", "", "Let the guest go on"),
    Action("reset", "", "", "Reset the guest …"),
    Action("screenshot", "", "", "Screenshot of the guest …"),
    Action("save", "ctrl+s", "^s", "Save"),
    Action("save_as", "", "", "Save as …"),
    Action("edit_file", "", "", "Edit the file in $EDITOR"),
    Action("difference", "D", "D", "Difference to the saved file"),
    Action("difference_to_run", "", "", "Difference to what runs"),
    Action("difference_to_profile", "", "", "Difference to another profile …"),
    Action("library", "ctrl+o", "^o", "Library"),
    Action("open", "", "", "Open a file …"),
    Action("choose_binary", "", "", "Choose the QEMU that runs …"),
    Action("new", "ctrl+n", "^n", "New profile"),
    Action("import", "", "", "Import a command …"),
    Action("undo", "ctrl+z,u", "^z u", "Undo"),
    Action("redo", "ctrl+y,U", "^y U", "Redo"),
    Action("next_problem", "f8,p", "F8 p", "Next problem"),
    Action("previous_problem", "P", "P", "Previous problem"),
    Action("go", "ctrl+g,g", "^g g", "Go to …"),
    Action("enlarge", "f4,z", "F4 z", "Enlarge the pane, or back"),
    Action("palette", "ctrl+p,colon", "^p :", "Palette", palette=False),
    Action("help", "f1,question_mark", "F1 ?", "Keys"),
    Action("mouse", "f9", "F9", "Mouse on, off"),
    Action("suspend", "", "", "Suspend"),
    Action("redraw", "ctrl+l", "^l", "Draw the screen anew"),
    Action("quit", "ctrl+q", "^q", "Quit"),
    Action("pane(1)", "1", "1", "Sections", "panes"),
    Action("pane(2)", "2", "2", "Items or properties", "panes"),
    Action("pane(3)", "3", "3", "Command", "panes"),
    Action("pane(4)", "4", "4", "Output", "panes"),
    Action("pane(7)", "7", "7", "Problems", "panes"),
    Action("pane(8)", "8", "8", "Runs, or the library", "panes"),
    Action("next_pane(1)", "tab", "Tab", "Next pane", "panes", palette=False),
    Action("next_pane(-1)", "shift+tab", "Shift+Tab", "Previous pane", "panes", palette=False),
    Action("leave", "escape", "Esc", "Leave properties, then items", "panes", palette=False),
    Action("filter", "slash", "/", "Filter the rows while typing", "lists"),
    Action("match(1)", "n", "n", "Next match", "lists"),
    Action("match(-1)", "N", "N", "Previous match", "lists"),
    Action("add", "a", "a", "Add", "lists"),
    Action("duplicate", "d", "d", "Duplicate the item", "lists"),
    Action("switch", "x", "x", "Switch the item off or on", "lists"),
    Action("remove", "delete,backspace", "Del", "Remove the item, unset the property", "lists"),
    Action("turn", "space", "Space", "Turn the value: unset, on, off", "lists"),
    Action("move(1)", "J,alt+down", "J", "Move the item down", "lists"),
    Action("move(-1)", "K,alt+up", "K", "Move the item up", "lists"),
    Action("item(-1)", "left_square_bracket", "[", "Previous item", "lists"),
    Action("item(1)", "right_square_bracket", "]", "Next item", "lists"),
    Action("fix", "f", "f", "Apply the fix", "lists"),
    Action("fix_all", "F", "F", "Apply all safe fixes", "lists"),
    Action("follow", "o", "o", "Follow the reference", "lists"),
    Action("copy", "y", "y", "Copy the row, or the command", "lists"),
    Action("copy_as", "Y", "Y", "Copy as …", "lists"),
    Action("reread", "r", "r", "Ask QEMU and look at the named files again", "lists"),
    Action("edit_command", "e", "e", "Edit the command as text", "command"),
    Action("output_follow", "end", "End", "Follow the end of the output", "output"),
    Action("output_pause", "space", "Space", "Hold the output, or follow it", "output"),
    Action("output_search", "slash", "/", "Search the output", "output"),
    Action("output_match(1)", "n", "n", "Next match in the output", "output"),
    Action("output_match(-1)", "N", "N", "Previous match in the output", "output"),
    Action("output_error(1)", "e", "e", "Next error in the output", "output"),
    Action("output_error(-1)", "E", "E", "Previous error in the output", "output"),
    Action("output_run(-1)", "left_square_bracket", "[", "Output of the run before", "output"),
    Action("output_run(1)", "right_square_bracket", "]", "Output of the run after", "output"),
    Action("output_copy", "y", "y", "Copy the line of the output", "output"),
    Action("output_wrap", "w", "w", "Wrap long lines of the output", "output"),
    Action("output_times", "t", "t", "Times of the output, on or off", "output"),
    Action("output_clear", "c", "c", "Clear the output; the log keeps it", "output"),
    Action("output_save", "s", "s", "Save the output", "output"),
    Action("output_bundle", "B", "B", "Write a bug bundle", "output"),
)
"""In the order of the help. `screen.action_NAME` carries each out."""

ONE_PANE = ("output", "command")
"""Where an action acts whose keys are those of one pane alone."""

LIBRARY: tuple[Action, ...] = (
    Action("search", "slash", "/", "Search the library", "library"),
    Action("new", "ctrl+n", "^n", "New profile", "library"),
    Action("import", "i", "i", "Import a command …", "library"),
    Action("open", "o", "o", "Open a file …", "library"),
    Action("duplicate", "d", "d", "Duplicate the profile", "library"),
    Action("launch", "f5,ctrl+r,R", "F5 ^r R", "Launch", "library"),
    Action("stop", "f6,ctrl+t,T", "F6 ^t T", "Stop", "library"),
    Action("trash", "delete,backspace", "Del", "Move to the trash", "library"),
    Action("untrash", "u,ctrl+z", "u ^z", "Bring back from the trash", "library"),
    Action("edit_file", "e", "e", "Edit the file in $EDITOR", "library"),
    Action("reread", "r", "r", "Read the library again", "library"),
    Action("palette", "ctrl+p,colon", "^p :", "Palette", "library", palette=False),
    Action("help", "f1,question_mark", "F1 ?", "Keys", "library"),
    Action("redraw", "ctrl+l", "^l", "Draw the screen anew", "library"),
    Action("quit", "ctrl+q", "^q", "Quit", "library"),
    Action("back", "escape,ctrl+o", "Esc ^o", "Back to the profile", "library", palette=False),
)
"""What the library does, as `ACTIONS`; the ids of its keys begin with `library.`."""


def shown(action: Action, keymap: Mapping[str, str]) -> str:
    """Returns the keys of an action as people write them; `keymap` holds those of the user."""
    if action.name not in keymap:
        return action.shown
    from qemutui.ui.keymap import shown

    return shown(keymap[action.name])


def bindings() -> list[Binding]:
    """Returns a binding for each action that has a key; ids are the names, for remapping."""
    return [
        Binding(action.keys, action.name, action.label, show=False, id=action.name)
        for action in ACTIONS
        if action.keys and action.where not in ONE_PANE
    ]


def pane_bindings(where: str) -> list[Binding]:
    """Returns the bindings of the keys that act in one pane alone."""
    return [
        Binding(action.keys, f"screen.{action.name}", action.label, show=False, id=action.name)
        for action in ACTIONS
        if action.keys and action.where == where
    ]


def library_bindings() -> list[Binding]:
    """Returns the bindings of the library. Those without a description are not in the palette."""
    return [
        Binding(
            action.keys,
            action.name,
            action.label if action.palette else "",
            show=False,
            id=f"library.{action.name}",
        )
        for action in LIBRARY
    ]
