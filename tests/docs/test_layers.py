"""The page of layers is what their docstrings say."""

from tests.docs.layers import PAGE, page


def test_the_page_of_layers_is_read_off_the_layers() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.docs.layers"
