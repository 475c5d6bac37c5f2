"""One line of what a field can be set to."""

from typing import NamedTuple

from qemutui.core.edit import Edit


class Choice(NamedTuple):
    """A value that is offered for a field."""

    value: str
    """As it is typed into the field; one that ends in `=` or `/` is the beginning of a value."""
    description: str = ""
    """What it is, in QEMU's words or those of the profile: to be cleaned before it is drawn."""
    reason: str = ""
    """Why it is of no use here; it can be chosen all the same."""
    deprecated: bool = False
    is_default: bool = False
    edits: tuple[Edit, ...] = ()
    """What else is done once the field has this value."""
    creates: bool = False
    """Whether what the field then refers to is made."""
    is_fix: bool = False
    """Whether it makes a finding of the field go."""
