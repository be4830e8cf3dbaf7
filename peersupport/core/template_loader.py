"""Leaves out of pages the whitespace that only their source needs: a sixth of the request form, which must be short."""

import re

from django.template import Origin
from django.template.loaders import filesystem

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
# A line with nothing but a tag or a remark that draws nothing.
SILENT_LINE = re.compile(
    r"^({% (?:block|elif|else|empty|endblock|endfor|endif|extends|for|if|load)\b[^%\n]*%}|{#[^\n]*#})\n", re.MULTILINE
)


class Loader(filesystem.Loader):
    def get_contents(self, origin: Origin) -> str:
        source = super().get_contents(origin)
        return SILENT_LINE.sub(r"\1", INDENTATION.sub("", source)) if str(origin.name).endswith(".html") else source
