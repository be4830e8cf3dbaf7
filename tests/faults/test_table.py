from .table import PAGE, page


def test_the_page_says_what_the_tests_say() -> None:
    assert PAGE.read_text() == page(), "Run: .venv/bin/python -m tests.faults.table"
