"""Commands some of whose words are QEMU's own."""

import click


class WithArguments(click.Command):
    """A command that leaves all after `--` to QEMU, in `context.meta["arguments"]`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        ctx.meta["arguments"] = tuple(args[end + 1 :])
        return super().parse_args(ctx, args[:end])


class WithCommand(click.Command):
    """A command whose words, from the first that is no option of it, are a command of QEMU."""

    allow_interspersed_args = False

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            ctx.fail(
                f"{self.name} has no option {error.option_name}; "
                "what is QEMU's stands behind a program, or behind --."
            )
