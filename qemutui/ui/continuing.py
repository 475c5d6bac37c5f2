"""Going on after having been stopped, by a signal that nobody can catch too."""

import os
import signal
import termios
from types import FrameType
from typing import Any

from textual.app import App


class Continuing:
    """What SIGCONT does to an app on a terminal.

    Textual takes each SIGCONT for the end of a suspension of its own, and starts one more reader of
    the keyboard. But a second one may come, of the shell and of our parent; and after a SIGSTOP
    nothing was given back before, while whoever had the terminal may have left other modes.
    """

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._is_at_it = False

    def install(self) -> None:
        """Takes the place of the driver's own handler, if there is one."""
        if hasattr(self._app._driver, "_sigcont_application"):
            signal.signal(signal.SIGCONT, self._continued)

    def _continued(self, _number: int, _frame: FrameType | None) -> None:
        driver: Any = self._app._driver
        if self._is_at_it or driver is None or not driver._auto_restart:
            return
        self._is_at_it = True
        try:
            if driver._must_signal_resume:
                driver._sigcont_application()
            else:
                self._take_again(driver)
        except (OSError, termios.error):  # the terminal is gone, which the app is told elsewhere
            return
        finally:
            self._is_at_it = False

    def _take_again(self, driver: Any) -> None:
        if os.tcgetpgrp(driver.fileno) != os.getpgrp():  # the terminal is still another's
            os.kill(os.getpid(), signal.SIGSTOP)
            return
        if termios.tcgetattr(driver.fileno)[3] & termios.ICANON:
            driver.suspend_application_mode()
            driver._must_signal_resume = True
            driver.resume_application_mode()
            return
        driver.write("\x1b[?1049h\x1b[?25l")
        driver._enable_mouse_support()
        driver._enable_bracketed_paste()
        driver.flush()
        self._app.call_later(self._app.refresh, repaint=True, layout=True)
