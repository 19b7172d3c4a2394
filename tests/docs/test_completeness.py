"""The documents name every function of the specification's page, and their links lead somewhere."""

import inspect
import re
import tomllib
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest

from tests.docs.documents import DOCUMENTS, ROOT, Document
from torchlean_mypy.config import Config
from torchlean_typed import autograd

LINK = re.compile(r"\]\((?P<file>[^)#\s]*)(?:#(?P<heading>[^)\s]*))?\)")
every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


def functions_of(module: ModuleType) -> list[str]:
    """The public functions that a module defines."""
    return [
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    ]


@pytest.mark.parametrize("module", [autograd.model, autograd.fn], ids=lambda module: module.__name__)
@pytest.mark.parametrize("document", ["README.md", "docs/autograd.md"])
def test_every_function_of_the_page_is_named(module: ModuleType, document: str) -> None:
    text = (ROOT / document).read_text()
    names = functions_of(module)
    assert len(names) > 8
    assert [name for name in names if not re.search(rf"(`|fn\.|model\.){name}\b", text)] == []


def headings_of(path: Path) -> set[str]:
    """The anchors of a document's headings."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@every_document
def test_links_lead_somewhere(path: Path) -> None:
    for link in LINK.finditer(path.read_text()):
        if link["file"].startswith("https://"):
            continue
        target = (path.parent / link["file"]).resolve() if link["file"] else path
        assert target.is_file(), link[0]
        assert link["heading"] is None or link["heading"] in headings_of(target), link[0]


def test_every_document_is_linked_from_the_readme() -> None:
    text = (ROOT / "README.md").read_text()
    assert [path.name for path in DOCUMENTS[1:] if f"(docs/{path.name}" not in text] == []


@every_document
def test_configurations_are_right(path: Path) -> None:
    options = {field.name for field in fields(Config)}
    for block in Document(path).of_kind("toml"):
        tool = tomllib.loads(block.text)["tool"]
        assert tool.get("mypy", {}) in ({}, {"plugins": ["torchlean_typed.mypy"]})
        assert set(tool.get("torchlean_typed", {})) <= options
