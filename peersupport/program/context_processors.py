from django.http import HttpRequest

from .queries import ProgramForPages


def program(request: HttpRequest) -> dict[str, object]:
    """For templates, on every page: `program.agency`, `program.crisis_lines` and the rest, read when first used."""
    return {"program": ProgramForPages()}
