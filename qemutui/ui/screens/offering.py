"""How the main screen learns what the profile's QEMU offers."""

import asyncio
from typing import TYPE_CHECKING

from textual import work

from qemutui.core import argv
from qemutui.ui.screens.going import GoingView

if TYPE_CHECKING:
    from qemutui.core.catalog import Catalog


class OfferingView(GoingView):
    """The main screen with the catalog of its QEMU."""

    def on_mount(self) -> None:
        self.call_after_refresh(self._ask)

    @work(group="catalog", exclusive=True)
    async def _ask(self) -> None:
        """Asks QEMU, away from the screen."""
        binary = argv.binary(self.session.profile)
        self.catalog = await asyncio.to_thread(self._catalog_of, binary)
        self.catalog_came()

    def _catalog_of(self, binary: str) -> "Catalog | None":
        from qemutui.host import catalogs

        try:
            return catalogs.of(binary, self.session.directory)
        except catalogs.ProbeError:
            return None

    def catalog_came(self) -> None:
        """Is called when it is known what QEMU offers, or that it is not."""
