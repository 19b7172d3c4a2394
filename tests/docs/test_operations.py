"""The page of operations is what the records say."""

from tests.docs.operations import PAGE, page


def test_the_page_of_operations_is_read_off_the_records() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.docs.operations"
