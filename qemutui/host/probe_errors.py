"""Why it is not known what a QEMU binary offers, each as one sentence for the user."""


class ProbeError(Exception):
    """It is not known what a binary offers."""

    def __init__(self, binary: str, sentence: str) -> None:
        super().__init__(sentence)
        self.binary = binary
        """As the profile or the user named it."""


class MissingError(ProbeError):
    """There is no such binary."""


class NoQemuError(MissingError):
    """There is no QEMU at all on PATH."""


class UntrustedError(ProbeError):
    """It was not run, as nobody has allowed it; `allowed.allow(path)` does."""

    def __init__(self, binary: str, path: str) -> None:
        reason = "is not on PATH" if "/" in binary else "is not called like a QEMU"
        super().__init__(binary, f"{binary} {reason} and was not run.")
        self.path = path
        """The file, from the root."""


class SilentError(ProbeError):
    """It did not answer in time."""

    def __init__(self, binary: str, seconds: float) -> None:
        super().__init__(binary, f"{binary} did not answer in {seconds:g} s.")


class BrokenError(ProbeError):
    """It cannot be run, ended without an answer, or said what no QEMU says."""

    def __init__(self, binary: str, reason: str) -> None:
        super().__init__(binary, f"{binary} did not answer: {reason.rstrip('.')}." if reason else
                         f"{binary} does not answer as QEMU does.")  # fmt: skip
        self.reason = reason


class StoppedError(ProbeError):
    """Nobody waits for the answer any more."""

    def __init__(self, binary: str) -> None:
        super().__init__(binary, f"{binary} was not asked to the end.")
