"""Pages lose the whitespace of their source, and nothing that is read or drawn."""

from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Engine

SOURCE = """{% load i18n %}
<p>
  {% translate "one" %}
  {% if yes %}
    {# a remark #}
    {% blocktranslate trimmed %}
      two
    {% endblocktranslate %}
    <b>three</b>
  {% endif %}
  {{ typed }}
</p>
"""
DRAWN = {
    "page.html": "<p>\none\ntwo\n<b>three</b>\n  typed\n    so\n</p>\n",
    "mail.txt": "\n<p>\n  one\n  \n    \n    two\n    <b>three</b>\n  \n    typed\n    so\n</p>\n",
}


@pytest.mark.parametrize("name", DRAWN)
def test_only_pages_lose_indentation_and_silent_lines(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(SOURCE)
    engine = Engine(
        dirs=[str(tmp_path)],
        loaders=["peersupport.core.template_loader.Loader"],
        libraries={"i18n": "django.templatetags.i18n"},
    )
    typed: Any = "  typed\n    so"
    assert engine.get_template(name).render(Context({"yes": True, "typed": typed})) == DRAWN[name]
