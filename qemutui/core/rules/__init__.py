"""The rules of `core.check`, by what they look at."""
