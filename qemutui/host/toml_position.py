"""Where in a TOML text a value stands, for messages."""

from qemutui.host.toml_scan import Path, ScanError, members, scan


def position(source: str, path: Path) -> tuple[int, int] | None:
    """Returns line and column, both from 1, of the key, header or element at a data path.

    None if nothing at that path is written in the source. Of a table that several lines make up
    it is the first.
    """
    try:
        offset = _offset(source, path)
    except ScanError:
        return None
    if offset is None:
        return None
    return source.count("\n", 0, offset) + 1, offset - source.rfind("\n", 0, offset)


def _offset(source: str, path: Path) -> int | None:
    depth = len(path)
    for block in scan(source).blocks:
        if depth and block.path[:depth] == path:
            return block.at
        if block.path != path[: len(block.path)]:
            continue
        inside = path[len(block.path) :]
        for entry in block.entries:
            shared = len(entry.parts)
            if inside and entry.parts[: len(inside)] == inside:
                return entry.at
            if shared < len(inside) and entry.parts == inside[:shared]:
                return _inside(source, entry.value_at, inside[shared:])
    return None


def _inside(source: str, start: int, path: Path) -> int | None:
    if source[start] not in "[{":
        return None
    for index, member in enumerate(members(source, start).members):
        parts: Path = member.parts or (index,)
        shared = len(parts)
        if parts[: len(path)] == path:
            return member.at
        if parts == path[:shared]:
            return _inside(source, member.at + len(member.key), path[shared:])
    return None
