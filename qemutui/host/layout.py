"""Edits TOML text so that it says something else and looks the same.

The document is cut into blocks and entries (`toml_scan`), hung into a tree of the data, changed
there where the data differ, and joined again. What comes out is parsed and compared; where the
layout cannot be kept, first the top-level tables concerned and then the whole document are written
anew, so that the data are right in any case.
"""

import tomllib
from typing import Any

from qemutui.host.matching import match, same
from qemutui.host.toml_order import arranged
from qemutui.host.toml_scan import Block, Entry, Path, ScanError, scan
from qemutui.host.toml_tree import Array, Node, Table, pieces, tree
from qemutui.host.toml_value import dotted, rewritten, written

Data = dict[str, Any]


def rewrite(source: str, old: Data, new: Data) -> str:
    """Returns `source`, which says `old`, changed so that it says `new`.

    Args:
        source: A valid TOML document.
        old: What `tomllib.loads(source)` gives.
        new: Data of the same kinds. The order of keys counts in items of lists; elsewhere it is
            kept where TOML can.

    Raises:
        UnicodeError: A text has half a surrogate pair, which no file can hold.
    """
    if same(old, new, ordered=True):
        return source
    newline = "\r\n" if "\r\n" in source else "\n"
    differing = {key for key in (*old, *new) if not same(old.get(key), new.get(key))}
    for text, anew in ((source, set()), (source, differing), ("", set(new))):
        try:
            edited = _Editor(text, newline).edit(old if text else {}, new, anew)
            if same(tomllib.loads(edited), new):
                return edited
        except (ScanError, tomllib.TOMLDecodeError):
            continue
    raise ValueError("these data cannot be written as TOML")


class _Editor:
    """One document on its way from what it says to what it shall say."""

    def __init__(self, source: str, newline: str) -> None:
        self._newline = newline
        self._layout = scan(source)
        self._gone: dict[int, Block | Entry] = {}
        """What goes, by identity."""
        self._root = tree(self._layout)

    def edit(self, old: Data, new: Data, anew: set[str]) -> str:
        """Returns the edited text; the top-level keys in `anew` are written without regard to
        their layout."""
        layout = self._layout
        root = layout.blocks[0]
        began = bool(root.entries)
        self._table(self._root, old, new, anew)
        layout.blocks, comments = arranged(layout.blocks, [], [], self._gone, self._newline)
        layout.end = comments + layout.end
        if began and not root.text() and len(layout.blocks) > 1:
            layout.blocks[1].gap = layout.blocks[1].gap.lstrip("\r\n")
        return layout.text(self._newline)

    def _table(self, table: Table, old: Data, new: Data, anew: set[str] | None = None) -> None:
        for key, value in old.items():
            child = table.children[key]
            rewrites = key in new and not (anew and key in anew)
            if rewrites and self._node(child, value, new[key], table is self._root):
                continue
            blocks, entries = pieces(child)
            self._gone.update((id(block), block) for block in blocks)
            self._gone.update((id(entry), entry) for entry in entries)
            del table.children[key]
        fresh: dict[str, list[Entry]] = {}
        for key, value in new.items():
            if key in table.children:
                continue
            if table is self._root and _blocklike(value):
                table.children[key] = self._new_blocks(key, value, new)
            else:
                home = self._home(table)
                entry = self._entry((*table.prefix, key), value, home)
                table.children[key] = entry
                fresh[key] = [entry]
        if table.home:
            self._arrange_entries(table, table.home, old, new, fresh)

    def _arrange_entries(
        self, table: Table, home: Block, old: Data, new: Data, fresh: dict[str, list[Entry]]
    ) -> None:
        rank = {id(entry): index for index, entry in enumerate(home.entries)}
        units = dict(fresh)
        for key in old:
            if key in table.children and key not in fresh:
                entries = pieces(table.children[key])[1]
                unit = sorted([e for e in entries if id(e) in rank], key=lambda e: rank[id(e)])
                if unit:
                    units[key] = unit
        kept = [units[key] for key in old if key in units and key not in fresh]
        order = [units[key] for key in new if key in units]
        first = not home.entries
        if table is self._root and kept and order[0] is not kept[0] and len(order) > len(kept):
            # A new first key of the file goes below the comments that begin it.
            old_units = {id(unit) for unit in kept}
            leading = next(index for index, unit in enumerate(order) if id(unit) in old_units)
            order = [*order[leading:], *order[:leading]]
        home.entries, comments = arranged(home.entries, kept, order, self._gone, "")
        home.tail = comments + home.tail
        if first and home is self._layout.blocks[0] and home.entries:
            self._make_room(home.entries[0])

    def _make_room(self, entry: Entry) -> None:
        """Puts the first entry of a file without entries below the comments that begin it."""
        layout = self._layout
        if len(layout.blocks) == 1:
            end = layout.end
            entry.gap = end if not end or end.endswith("\n") else end + self._newline
            layout.end = ""
            return
        below = layout.blocks[1]
        if "#" in below.gap:
            entry.gap, below.gap = below.gap, self._newline
        elif not below.gap:
            below.gap = self._newline

    def _node(self, node: Node, old: Any, new: Any, top: bool) -> bool:
        """Edits what a key stands for; False where it must be written anew."""
        if same(old, new, ordered=True):
            return True
        if isinstance(node, Entry):
            if top and not old and isinstance(old, list | dict) and _blocklike(new):
                return False
            node.value = rewritten(node.value, old, new, self._newline)
            return True
        if isinstance(node, Table) and isinstance(new, dict):
            if not new and (node.prefix or node.home is None):
                return False
            self._table(node, old, new)
            return True
        if isinstance(node, Array) and isinstance(new, list) and _blocklike(new):
            self._array(node, old, new)
            return True
        return False

    def _array(self, array: Array, old: list[Data], new: list[Data]) -> None:
        pairs = match(old, new)
        path = array.items[0].path[:-1]
        items: list[Table] = []
        for value, index in zip(new, pairs, strict=True):
            if index is None:
                items.append(self._new_item(path, value))
                continue
            item = array.items[index]
            items.append(item)
            if same(old[index], value, ordered=True):
                continue
            if _in_order(item, old[index], value):
                self._table(item, old[index], value)
            else:
                self._flatten(item, value)
        if pairs != list(range(len(old))):
            rank = {id(block): place for place, block in enumerate(self._layout.blocks)}

            def unit(item: Table) -> list[Block]:
                return sorted(pieces(item)[0], key=lambda block: rank.get(id(block), 0))

            places = [index for index in pairs if index is not None]
            units = {index: unit(array.items[index]) for index in places}
            for index, item in enumerate(array.items):
                if index not in units:
                    self._gone.update((id(block), block) for block in unit(item))
            kept = [units[index] for index in sorted(places)]
            order = [
                unit(item) if index is None else units[index]
                for item, index in zip(items, pairs, strict=True)
            ]
            self._layout.blocks, comments = arranged(
                self._layout.blocks, kept, order, self._gone, self._newline
            )
            self._layout.end = comments + self._layout.end
        array.items = items

    def _flatten(self, item: Table, value: Data) -> None:
        """Writes an item anew, without tables below it, so that its keys come in order."""
        blocks = pieces(item)[0]
        head = item.home
        if head is None:
            raise ScanError("an item has no header")
        self._gone.update((id(block), block) for block in blocks if block is not head)
        item.children = {}
        head.entries = []
        for key, element in value.items():
            entry = self._entry((key,), element, head)
            head.entries.append(entry)
            item.children[key] = entry

    def _home(self, table: Table) -> Block:
        """Returns the block for a table's entries, made if only tables below it had headers."""
        if table.home is None:
            table.home = self._new_block(table.path)
            blocks = self._layout.blocks
            depth = len(table.path)
            index = next(
                (i for i, block in enumerate(blocks) if block.path[:depth] == table.path),
                len(blocks),
            )
            self._insert([table.home], index)
        return table.home

    def _entry(self, parts: tuple[str, ...], value: Any, home: Block) -> Entry:
        sample = home.entries[-1].key if home.entries else ""
        indent = sample[: len(sample) - len(sample.lstrip(" \t"))]
        text = written(value, self._newline)
        return Entry(f"{indent}{dotted(parts)} = ", parts, text, self._newline)

    def _new_block(self, path: Path) -> Block:
        name = dotted([part for part in path if isinstance(part, str)])
        header = f"[[{name}]]" if isinstance(path[-1], int) else f"[{name}]"
        return Block(header + self._newline, path)

    def _new_item(self, path: Path, value: Data) -> Table:
        item = Table((*path, 0), self._new_block((*path, 0)), ())
        self._flatten(item, value)
        return item

    def _new_blocks(self, key: str, value: Any, new: Data) -> Node:
        """Writes a table, or an array of tables, of the top level below those that come before
        it in `new`."""
        node: Table | Array
        if isinstance(value, dict):
            node = Table((key,), self._new_block((key,)), ())
            self._flatten(node, value)
        else:
            node = Array()
            node.items = [self._new_item((key,), item) for item in value]
        blocks = self._layout.blocks
        before = 0
        keys = list(new)
        rank = {id(block): index for index, block in enumerate(blocks)}
        for name in reversed(keys[: keys.index(key)]):
            if above := pieces(self._root.children[name])[0]:
                before = max(rank[id(block)] for block in above)
                break
        self._insert(pieces(node)[0], before + 1)
        return node

    def _insert(self, added: list[Block], index: int) -> None:
        layout = self._layout
        for block in added:
            block.gap = self._newline
        if index == 1 and len(layout.blocks) > 1:
            below = layout.blocks[1]
            added[0].gap, below.gap = below.gap, self._newline
        elif index == 1 and not layout.blocks[0].text():
            end = layout.end
            added[0].gap = f"{end.rstrip()}{self._newline}{self._newline}" if end.strip() else ""
            layout.end = ""
        elif index < len(layout.blocks) and not layout.blocks[index].gap:
            layout.blocks[index].gap = self._newline
        layout.blocks[index:index] = added


def _blocklike(value: object) -> bool:
    """Tells whether a value is written with headers at the top level."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict) for item in value)
    return isinstance(value, dict)


def _in_order(table: Table, old: Data, new: Data) -> bool:
    """Tells whether the tables with headers below an item can stay where they are: behind all
    entries, in their order."""
    headed = [key for key in old if key in new and pieces(table.children[key])[0]]
    if list(new)[len(new) - len(headed) :] != headed:
        return False
    return all(
        _in_order(child, old[key], new[key])
        for key in headed
        if isinstance(child := table.children[key], Table) and isinstance(new[key], dict)
    )
