from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "peersupport.incidents"
    label = "incidents"
