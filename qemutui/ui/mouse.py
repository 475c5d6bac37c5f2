"""Whose the mouse is: ours, or the terminal's, which selects text with it."""

from textual.driver import Driver

OURS = "The mouse is qemutui's again."
THEIRS = "The mouse is the terminal's; select freely. F9 takes it back."


def give(driver: Driver) -> None:
    """Leaves the mouse to the terminal; coming back from the shell leaves it there."""
    # Private to Textual, which has no other way; its flag is looked at when the app resumes.
    getattr(driver, "_disable_mouse_support", _nothing)()
    driver._mouse = False


def take(driver: Driver) -> None:
    """Has the terminal report the mouse again, in pixels where it did so before."""
    driver._mouse = True
    getattr(driver, "_enable_mouse_support", _nothing)()
    if getattr(driver, "_mouse_pixels", False):
        getattr(driver, "_enable_mouse_pixels", _nothing)()
    driver.flush()


def _nothing() -> None:
    pass
