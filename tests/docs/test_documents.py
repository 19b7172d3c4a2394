"""The code in the README and in docs/ runs, prints what it says, and gets from mypy what it says."""

from typing import Any

import pytest

from tests.docs.documents import (
    DOCUMENTS,
    Block,
    Document,
    Report,
    as_said,
    check_blocks,
    expected_reports,
    run_block,
    run_console,
    with_reports,
)

ALL = [Document(path) for path in DOCUMENTS]
KINDS = {"python", "python check", "console", "sh", "toml", "ini", "text", "mermaid", ""}
every_document = pytest.mark.parametrize("document", ALL, ids=lambda document: document.path.name)

# mypy runs once for all documents: one worker takes them.
pytestmark = pytest.mark.xdist_group("documents")


@pytest.fixture(scope="module")
def reports() -> dict[Block, list[Report]]:
    return check_blocks(ALL)


@every_document
def test_every_block_is_of_a_known_kind(document: Document) -> None:
    assert {block.kind for block in document.blocks} <= KINDS


@every_document
def test_the_code_runs_and_prints_what_it_says(document: Document) -> None:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    problems = [problem for block in document.of_kind("python") for problem in run_block(block, namespace)]
    assert not problems, "\n\n".join(problems)


@every_document
def test_mypy_says_what_the_comments_say(document: Document, reports: dict[Block, list[Report]]) -> None:
    for block in document.of_kind("python check"):
        assert as_said(reports[block]) == as_said(expected_reports(block)), f"{block}\n{block.text}"


@every_document
def test_what_mypy_accepts_runs(document: Document, reports: dict[Block, list[Report]]) -> None:
    for block in document.of_kind("python check"):
        if not any(report.severity == "error" for report in reports[block]):
            program, _ = document.program(block)
            namespace = {"__name__": "example", "reveal_type": lambda value: value}
            exec(compile(program, str(block), "exec", dont_inherit=True), namespace)


@every_document
def test_commands_print_what_is_shown(document: Document) -> None:
    for block in document.of_kind("console"):
        assert run_console(document, block) == block.text, str(block)


# --- the runner itself ------------------------------------------------------------------------------------------------

WRONG = """\
x = 1
y: str = (
    x
    # error: Incompatible types in assignment (expression has type "int",
    #     variable has type "str")  [assignment]
)
# another comment
reveal_type(x)
# note: Revealed type is "int"
"""


def block_of(tmp_path: Any, text: str, info: str = "python check") -> tuple[Document, Block]:
    path = tmp_path / "page.md"
    path.write_text(f"# A page\n\n```{info}\n{text}```\n")
    document = Document(path)
    return document, document.blocks[0]


def test_comments_are_read_and_written(tmp_path: Any) -> None:
    document, block = block_of(tmp_path, WRONG)
    assert [(report.line, report.severity) for report in expected_reports(block)] == [(3, "error"), (8, "note")]
    found = check_blocks([document])[block]
    assert as_said(found) == as_said(expected_reports(block))
    rewritten = with_reports(block, found)
    assert as_said(expected_reports(Block(block.document, block.line, block.info, rewritten))) == as_said(found)
    assert expected_reports(Block(block.document, block.line, block.info, with_reports(block, []))) == []


def test_a_wrong_output_is_a_problem(tmp_path: Any) -> None:
    _, block = block_of(tmp_path, ">>> 1 + 1\n3\n>>> 1 / 0\n", "python")
    first, second = run_block(block, {})
    assert first.endswith("page.md:4: 1 + 1\nexpected: 3\n     got: 2\n")
    assert "ZeroDivisionError: division by zero" in second
