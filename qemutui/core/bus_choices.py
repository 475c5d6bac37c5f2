"""The buses that the field `bus` of a device can be set to."""

from qemutui.core.board import Board
from qemutui.core.bus_words import a_bus
from qemutui.core.catalog import Catalog
from qemutui.core.choice import Choice
from qemutui.core.keyval import Path
from qemutui.core.placing import buses_for
from qemutui.core.profile import Profile


def choices(
    profile: Profile, path: Path, board: Board | None, catalog: Catalog | None
) -> tuple[Choice, ...]:
    """Returns the buses of the type that the device needs; those with room first.

    Empty where the field is another one, or the buses of the machine are not known.
    """
    if catalog is None or len(path) != 3 or path[0] != "device" or path[2] != "bus":
        return ()
    offered = buses_for(profile, int(path[1]), board, catalog)
    found = sorted(offered, key=lambda bus: (bus.reason != "", not bus.of_board))
    return tuple(
        Choice(bus.name, a_bus(bus.type) + (" of the machine" if bus.of_board else ""), bus.reason)
        for bus in found
    )
