"""What the host is asked about a profile: files, ports, and the board of its machine."""

from collections.abc import Mapping
from typing import NamedTuple

from qemutui.core import board_words, config_file
from qemutui.core.catalog import Catalog
from qemutui.core.facts import NamedFile, item_files, table_files
from qemutui.core.groups import GROUPS, Group
from qemutui.core.per_item import PerItem
from qemutui.core.ports import NamedPort, item_peers, item_ports, qmp_peers, qmp_ports
from qemutui.core.profile import Item, Profile


class _Asked(NamedTuple):
    """What is asked because of one item."""

    files: tuple[NamedFile, ...] = ()
    ports: tuple[NamedPort, ...] = ()
    peers: tuple[NamedPort, ...] = ()
    replaced: str = ""
    """The driver for which the board lacks a device."""


def _asked(group: Group, item: Item, index: int) -> _Asked:
    if item.off:
        return _Asked()
    return _Asked(
        tuple(item_files(group, item, index)),
        tuple(item_ports(group, item, index)),
        tuple(item_peers(group, item, index)),
        board_words.replaced_by(item) if group.name == "device" else "",
    )


class Questions:
    """Tells of profiles one after the other whether the host is asked the same."""

    def __init__(self) -> None:
        self._items = PerItem(_asked)

    def about(
        self, profile: Profile, catalog: Catalog | None, configs: Mapping[str, str]
    ) -> tuple[object, ...]:
        """Returns what is equal as long as the host would answer the same, if nothing changes
        there.

        `catalog` is what the profile's QEMU offers, where that is known, and `configs` what is in
        its files of `-readconfig`.
        """
        asked = {group.name: self._items.of(group, profile.items(group.name)) for group in GROUPS}
        board = None
        if catalog is not None:
            whole = config_file.expanded(profile, configs).profile
            board = board_words.words(whole, catalog, {one.replaced for one in asked["device"]})
        return (
            tuple(table_files(profile)),
            tuple(qmp_ports(profile)),
            tuple(qmp_peers(profile)),
            tuple(asked.values()),
            board,
        )
