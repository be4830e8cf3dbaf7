from django.http import HttpRequest

from .queries import ProgramContext


def program(request: HttpRequest) -> dict[str, object]:
    """`program` on every page: `program.agency`, `program.crisis_lines` and the rest, read when first used."""
    return {"program": ProgramContext()}
