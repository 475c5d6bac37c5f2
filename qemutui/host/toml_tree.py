"""The layout of a TOML document hung into a tree of its data."""

from typing import TypeAlias

from qemutui.host.toml_scan import Block, Entry, Layout, Path, ScanError


class Table:
    """A table: made by a header, by dotted keys, or only by the headers below it."""

    def __init__(self, path: Path, home: Block | None, prefix: tuple[str, ...]) -> None:
        self.path = path
        self.home = home
        """The block in which its entries stand; None if only headers below it make the table."""
        self.prefix = prefix
        """What its keys begin with in that block."""
        self.children: dict[str, Node] = {}


class Array:
    """An array of tables, one header for each item."""

    def __init__(self) -> None:
        self.items: list[Table] = []


Node: TypeAlias = "Table | Array | Entry"
"""What a key stands for; an entry is a leaf, whatever its value holds."""


def tree(layout: Layout) -> Table:
    root = Table((), layout.blocks[0], ())
    for block in layout.blocks:
        table = _reach(root, block.path)
        table.home = block
        for entry in block.entries:
            here = table
            for depth, part in enumerate(entry.parts[:-1], 1):
                below = here.children.setdefault(part, Table((*here.path, part), None, ()))
                if not isinstance(below, Table):
                    raise ScanError("a dotted key goes through a value")
                if below.home is None:
                    below.home, below.prefix = block, entry.parts[:depth]
                here = below
            here.children[entry.parts[-1]] = entry
    return root


def _reach(root: Table, path: Path) -> Table:
    """Returns the table at a path, made with all above it where it is not there yet."""
    here = root
    for depth, part in enumerate(path, 1):
        if isinstance(part, int):
            continue
        if depth < len(path) and isinstance(path[depth], int):
            array = here.children.setdefault(part, Array())
            if not isinstance(array, Array):
                raise ScanError("an item of a table that is no array")
            index = path[depth]
            if index == len(array.items):
                array.items.append(Table(path[: depth + 1], None, ()))
            here = array.items[int(index)]
        else:
            table = here.children.setdefault(part, Table(path[:depth], None, ()))
            if not isinstance(table, Table):
                raise ScanError("a table below a value")
            here = table
    return here


def pieces(node: Node) -> tuple[list[Block], list[Entry]]:
    """Returns the blocks that a node has to itself, and the entries that make it up."""
    blocks: list[Block] = []
    entries: list[Entry] = []
    waiting: list[Node] = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Entry):
            entries.append(here)
        elif isinstance(here, Array):
            waiting.extend(reversed(here.items))
        else:
            if here.home and not here.prefix and here.path:
                blocks.append(here.home)
            waiting.extend(reversed(here.children.values()))
    return blocks, entries
