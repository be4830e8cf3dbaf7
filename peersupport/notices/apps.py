from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "peersupport.notices"
    label = "notices"
