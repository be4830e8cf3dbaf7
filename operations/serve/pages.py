"""The pages that nginx answers with by itself, where the program isn't asked or isn't there: each whole in one file."""

from dataclasses import dataclass
from pathlib import Path
from string import Template

TEMPLATE = Path(__file__).parent / "page.html.template"


@dataclass(frozen=True)
class Text:
    """paragraphs: in HTML."""

    title: str
    paragraphs: tuple[str, ...]


TEXTS = {
    "400": Text(
        "That didn't come through",
        (
            "This site couldn't read what your browser asked for. Nothing was sent, and nothing was stored.",
            'Check the address, or <a href="/">start at the first page</a>.',
        ),
    ),
    "413": Text(
        "That was too large to send",
        (
            "Nothing was sent, and nothing was stored.",
            "Press Back. Your browser may still have what you typed. If you chose a file, choose a smaller "
            "one: up to 5 MB with an application, up to 10 MB elsewhere.",
        ),
    ),
    "503": Text(
        "We'll be back soon",
        (
            "This site is being restarted, or is too busy to answer. Nothing you did caused it.",
            "Wait a minute, then reload this page. If you had just sent something, it may not have arrived: "
            "your browser asks whether to send it again, and you can say yes.",
            "If you'd rather see what you typed first, press Back. Your browser may still have it, but that "
            "isn't certain.",
        ),
    ),
}


def html(name: str) -> str:
    text = TEXTS[name]
    paragraphs = "\n".join(f"    <p>{paragraph}</p>" for paragraph in text.paragraphs)
    return Template(TEMPLATE.read_text()).substitute(title=text.title, paragraphs=paragraphs)


def write(folder: Path) -> None:
    for name in TEXTS:
        (folder / f"{name}.html").write_text(html(name))
