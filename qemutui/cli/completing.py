"""What a shell is offered for a word that is being typed."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def complete(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Offers names of profiles to a shell; files where no name fits. Raises Problem."""
    from click.shell_completion import CompletionItem

    from qemutui.cli.profiles import listed

    names = [] if "/" in incomplete else [one.name for one in listed()]
    found = [CompletionItem(name) for name in names if name.startswith(incomplete)]
    return found or [CompletionItem(incomplete, type="file")]


def complete_file(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Leaves it to a shell to offer files."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def complete_program(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Offers the QEMUs on PATH to a shell as a first word; files otherwise."""
    from click.shell_completion import CompletionItem

    from qemutui.host.completion import programs

    first = not context.params.get("words")
    names = [name for name in programs("qemu-system-") if name.startswith(incomplete)]
    found = [CompletionItem(name) for name in names if first]
    return found or complete_file(context, parameter, incomplete)


def complete_offer(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Offers QEMUs on PATH, lists, and the names of what is known already; nothing is run."""
    from click.shell_completion import CompletionItem

    from qemutui.cli.cataloging import known_words

    words = context.params.get("words") or ()
    names = [one for one in known_words(words) if one.startswith(incomplete)]
    if not words and (not names or "/" in incomplete):
        return complete_file(context, parameter, incomplete)
    return [CompletionItem(name) for name in names]


def complete_run(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Offers names of runs to a shell, those that live first."""
    from click.shell_completion import CompletionItem

    from qemutui.host import runs

    records = sorted(runs.all_runs().records, key=lambda one: one.ended is not None)
    return [CompletionItem(one.id) for one in records if one.id.startswith(incomplete)]
