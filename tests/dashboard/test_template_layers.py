"""Templates keep the layers that modules keep: none loads, includes or extends anything of a room above its own."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
CONTRACT = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
# From the top down; rooms of one layer are on one line.
LAYERS = [{room.strip() for room in line.split("|")} for line in CONTRACT["layers"]]
# Folders not named after their room. Templates outside any folder are the program's.
ROOM_OF_FOLDER = {"account": "team", "bootstrap5": "program", "components": "program", "": "program"}
LIBRARIES = engines["django"].engine.libraries  # type: ignore[attr-defined]

TAG = re.compile(r"{%\s*(load|include|extends|slot)\s+(.*?)\s*%}", re.DOTALL)


def height(room: str) -> int:
    """Of the layer that the room is in; the lowest is 0."""
    for number, layer in enumerate(reversed(LAYERS)):
        if any(name in (room, f"peersupport.{room}") for name in layer):
            return number
    raise LookupError(room)


def room_of_template(name: str) -> str:
    folder = name.rpartition("/")[0].partition("/")[0]
    return ROOM_OF_FOLDER.get(folder, folder)


def room_of_module(module: str) -> str | None:
    """None for a module of a library."""
    rooms = [name for layer in LAYERS for name in layer if f"{module}.".startswith(f"{name}.")]
    return rooms[0] if rooms else None


def used_by(text: str) -> Iterator[tuple[str, str | None]]:
    """Each name that a template's text loads, includes or extends, with its room; None for a library's."""
    for tag, argument in TAG.findall(text):
        if tag == "load":
            for library in argument.partition(" from ")[2].split() or argument.split():
                yield library, room_of_module(LIBRARIES.get(library, ""))
        elif tag != "slot":  # a name from a variable is written in Python
            name = re.match(r'"([^"]+)"', argument)
            if name:
                yield name[1], room_of_template(name[1])


def upward(template: str, text: str) -> list[str]:
    own = height(room_of_template(template))
    return [name for name, room in used_by(text) if room is not None and height(room) > own]


def sources() -> dict[str, str]:
    paths = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})
    return {str(path.relative_to(TEMPLATES)): path.read_text() for path in paths}


def test_no_template_uses_anything_of_a_room_above():
    found = {template: names for template, text in sources().items() if (names := upward(template, text))}
    assert found == {}
    assert len(sources()) > 150


def test_no_room_names_a_template_of_a_room_above_in_python():
    """Which template a page includes may be for its view or presenter to choose. Rooms below the pages say nothing."""
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in ROOT.rglob("*.py")
        if (room := room_of_module(".".join(path.relative_to(ROOT).with_suffix("").parts)))
        for name in re.findall(r'"([\w/]+\.(?:html|txt))"', path.read_text())
        if (TEMPLATES / name).exists() and height(room_of_template(name)) > height(room) >= height("program")
    ]
    assert found == []


@pytest.mark.parametrize(
    ("template", "text", "names"),
    [
        ("team/roster.html", "{% load standing %}", ["standing"]),
        ("team/roster.html", "{% load crispy_forms_tags page standing %}", ["standing"]),
        ("team/roster.html", "{% load matrix_rows from standing %}", ["standing"]),
        ("public.html", '{% extends "base.html" %}{% load standing static %}', ["standing"]),
        ("account/login.html", '{% include "requests_app/advice.html" with a=b %}', ["requests_app/advice.html"]),
        ("components/rail.html", '{%include "dashboard/home.html"%}', ["dashboard/home.html"]),
        ("requests_app/desk.html", '{% load standing %}{% include "team/shift.html" %}', []),
    ],
)
def test_upward_use_is_found(template: str, text: str, names: list[str]):
    assert upward(template, text) == names


def test_every_slot_is_filled_from_a_room_above_and_every_filling_has_its_slot():
    slots = {
        argument.strip('"'): template
        for template, text in sources().items()
        for tag, argument in TAG.findall(text)
        if tag == "slot"
    }
    assert slots.keys() == settings.TEMPLATE_SLOTS.keys()
    for slot, template in slots.items():
        assert height(room_of_template(settings.TEMPLATE_SLOTS[slot])) > height(room_of_template(template)), slot
