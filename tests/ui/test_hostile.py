"""Hostile profiles: whatever they say, no key fails and nothing raw reaches the terminal."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qemutui.core.keyval import Path as KeyPath
from qemutui.ui import forms, sections
from tests.ui.opened import SMALL, hostile, opened

Write = Callable[..., Path]


@pytest.mark.parametrize("size", [SMALL, (200, 60)])
async def test_every_section_item_and_problem_is_drawn_clean(
    write: Write, size: tuple[int, int]
) -> None:
    async with opened(write(hostile()), size) as one:
        await one.checked()
        for section in sections.SECTIONS:
            if section is None:
                continue
            items: list[KeyPath | None] = [*forms.item_paths(one.profile, section)] or [None]
            for item in items:
                one.main.go_to(item or ("memory", "size"))
                if item is None:
                    one.main.sections.cursor = sections.section_index(section.name)
                    one.main.show_section()
                await one.rest()
                assert not one.raw(), (section.name, item)
                one.main.properties.scroll_end(animate=False, force=True)
                one.main.command.scroll_end(animate=False, force=True)
                await one.pilot.pause(0)
                assert not one.raw(), (section.name, item)
        await one.press("7")
        for _ in one.main.problems.findings:
            await one.press("down")
            assert not one.raw()


async def test_every_finding_leads_somewhere(write: Write) -> None:
    async with opened(write(hostile()), SMALL) as one:
        await one.checked()
        for finding in one.main.marks.ordered():
            one.main.go_to(finding.path)
            await one.rest()
            assert one.main.sections.section.name == sections.section_of(finding.path)
            assert not one.raw()
