"""qemutui: build, understand, check, launch and watch any QEMU command line."""

__version__ = "0.1.0"
