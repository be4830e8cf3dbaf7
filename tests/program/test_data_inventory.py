"""The public list of what is kept: the whole schema, and nothing in clear that was not argued for."""

import re
from html import unescape

import pytest
from django.apps import apps
from django.db import connection, models

from peersupport.core.retention import Retention, Sealed
from peersupport.program import data_inventory

# What may lie in clear on the support plane. Another field is sealed, or it is argued for here.
IN_CLEAR = {
    "keys_to_destroy": {"key_id"},
    # Says who, never what.
    "notices_notice": {"id", "recipient_id", "is_urgent", "channel", "claim", "claimed_until", "tries"},
    "notices_quiettime": {"mark", "until"},  # whom it is about is a keyed hash
    "requests_app_request": {"id", "key_id", "stamp", "tag"},
    "requests_app_message": {"id", "request_id"},
    "requests_app_planekey": {"id", "key_id", "week"},
    "requests_app_submittedform": {"mark", "half_day"},
    "requests_app_arrivalcount": {"id"},
    "requests_app_pendingtally": {"id", "key_id"},
    "requests_app_closingnote": {"id", "key_id"},
    "requests_app_matchingpreferences": {"member_id"},  # that a member has set something, not what
    "requests_app_consultation": {"id", "key_id"},
}


def tables() -> dict[str, data_inventory.Table]:
    return {table.name: table for _, found in data_inventory.tables_by_section() for table in found}


def page_of(client) -> str:
    return client.get("/what-we-keep/").content.decode()


def columns_on(page: str) -> dict[str, set[str]]:
    """Table and column names, as the page prints them."""
    parts = re.split(r"Table <code>(\w+)</code>", page)
    return {
        name: set(re.findall(r'<th scope="row"><code>(\w+)</code>', text))
        for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def test_page_and_schema_are_the_same(client, db):
    with connection.cursor() as cursor:
        schema = {
            name: {column.name for column in connection.introspection.get_table_description(cursor, name)}
            for name in connection.introspection.table_names(cursor)
        }
    shown = columns_on(page_of(client))
    assert shown == schema


def test_page_says_why_how_long_and_who_for_each_table(client, db):
    page = unescape(page_of(client))
    for table in tables().values():
        reasons = [column.reason for column in table.columns]
        for words in (
            table.retention.title,
            table.retention.reason,
            table.retention.lifetime,
            table.retention.readers,
            *reasons,
        ):
            assert str(words) in page, words


def test_sealed_and_not_sealed_are_said_once_for_each_column(client, db):
    for table in tables().values():
        for column in table.columns:
            assert "not sealed" not in column.reason.lower() and not column.reason.startswith("Sealed:")
    page = page_of(client)
    columns = [
        (section, column)
        for section, found in data_inventory.tables_by_section()
        for table in found
        for column in table.columns
    ]
    shown = [column for section, column in columns if section.plane in {"support", "statistics"}]
    assert page.count(">sealed</span>") == sum(column.is_sealed for column in shown)
    assert page.count(">not&nbsp;sealed</span>") == sum(not column.is_sealed for column in shown)


def test_support_plane_comes_first_and_has_all_its_tables(client, db):
    page = page_of(client)
    assert [part.plane for part, _ in data_inventory.tables_by_section()] == [
        "support",
        "statistics",
        "team",
        "program",
    ]
    assert page.index("requests_app_request") < page.index("stats_year") < page.index("team_member")
    assert {name for name, table in tables().items() if table.retention.plane == "support"} == set(IN_CLEAR)


def test_every_table_of_ours_has_its_place_and_a_table_without_one_comes_last(another_table):
    ours = {model._meta.db_table for model in apps.get_models() if hasattr(model, "retention")}
    assert set(data_inventory.ORDER) == ours
    another_table(retention=Retention(**SUPPORT, fields={"id": "Number."}))
    _, support = data_inventory.tables_by_section()[0]
    assert [table.name for table in support] == [
        *(name for name in data_inventory.ORDER if name in IN_CLEAR),
        "sealing_another",
    ]


@pytest.mark.parametrize("name", IN_CLEAR)
def test_columns_in_clear_on_the_support_plane_are_the_listed_ones(name):
    assert {column.name for column in tables()[name].columns if not column.is_sealed} == IN_CLEAR[name]


@pytest.fixture
def another_table(request):
    """Makes a model of the support plane for the length of a test."""

    def make(**attributes):
        meta = type("Meta", (), {"app_label": "sealing"})
        model = type("Another", (models.Model,), {"__module__": __name__, "Meta": meta, **attributes})
        request.addfinalizer(lambda: apps.all_models["sealing"].pop("another"))
        request.addfinalizer(apps.clear_cache)
        return model

    return make


SUPPORT = {"title": "Another", "plane": "support", "reason": "Why.", "lifetime": "A day.", "readers": "Nobody."}


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"retention": Retention(**SUPPORT, fields={})},
        {"retention": Retention(**SUPPORT, fields={"id": "Number."}), "phone": models.CharField(max_length=20)},
        {"retention": Retention(**SUPPORT, fields={"id": "Number.", "gone": "A field that is no more."})},
    ],
    ids=["no declaration", "no field declared", "one field more", "one field less"],
)
def test_undeclared_table_or_column_is_refused(another_table, attributes):
    another_table(**attributes)
    with pytest.raises(data_inventory.UndeclaredError):
        data_inventory.tables_by_section()


def test_declared_table_is_listed_with_what_is_sealed(another_table):
    fields = {"id": "Number.", "phone": "How to reach them.", "words": Sealed("What they wrote.")}
    another_table(
        retention=Retention(**SUPPORT, fields=fields), phone=models.CharField(max_length=20), words=models.BinaryField()
    )
    found = tables()["sealing_another"]
    assert [(column.name, column.is_sealed) for column in found.columns] == [
        ("id", False),
        ("phone", False),
        ("words", True),
    ]
