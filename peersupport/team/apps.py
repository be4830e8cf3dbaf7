from django.apps import AppConfig


class TeamConfig(AppConfig):
    name = "peersupport.team"
    label = "team"
