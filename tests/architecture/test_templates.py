"""What lies in templates/ and static/ is used."""

import re
from pathlib import Path

import import_export
from allauth import account, mfa, usersessions

from portal.notifications.kinds import CODES
from portal.views.pages import SLUGS
from tests.architecture.tree import ROOT, code, name_of, text_of, tracked

BY_DJANGO = {"400.html", "403.html", "404.html", "500.html"}
LIBRARIES = [Path(library.__file__).parent / "templates" for library in (account, import_export, mfa, usersessions)]
LIBRARIES[1:1] = [Path(account.__file__).parent.parent / "templates"]
SENTENCE = re.compile(r"({% load [a-z_ ]+ %})?{% comment %}\s*\S")


def templates() -> dict[str, Path]:
    root = ROOT / "templates"
    return {path.relative_to(root).as_posix(): path for path in tracked() if path.is_relative_to(root)}


def sources() -> str:
    """Everything that can name a template or a static file."""
    return "\n".join(text_of(path) for path in [*code(), *templates().values()])


def test_every_template_is_used() -> None:
    text = sources()

    unused = {name for name in templates() if not _is_used(name, text)}

    assert unused == set()


def _is_used(name: str, text: str) -> bool:
    if f'"{name}"' in text or name in BY_DJANGO:
        return True
    if any((library / name).exists() for library in LIBRARIES):
        return True
    folder, _, last = name.rpartition("/")
    if folder.startswith("notifications/"):
        return folder.split("/")[1] in CODES
    if folder == "pages":
        return last.removesuffix(".html") in SLUGS
    return bool(re.search(rf'f"{re.escape(folder)}/[a-z_]*{{', text))


def test_every_static_file_is_used() -> None:
    text = sources()
    names = {path.relative_to(ROOT / "static").as_posix() for path in tracked() if path.is_relative_to(ROOT / "static")}

    assert {name for name in names if name not in text and not name.endswith(("LICENSE.txt", ".map"))} == set()


def test_every_component_says_what_it_needs_and_stands_in_the_gallery() -> None:
    gallery = text_of(ROOT / "templates" / "pages" / "gallery.html")
    frame = {"account_links", "languages", "messages", "nav_links"}
    components = [path for name, path in templates().items() if name.startswith("components/")]

    assert [name_of(path) for path in components if not SENTENCE.match(text_of(path))] == []
    assert [
        path.stem for path in components if path.stem not in frame and f"components/{path.name}" not in gallery
    ] == []
