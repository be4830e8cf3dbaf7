from django.apps import AppConfig


class RunningConfig(AppConfig):
    name = "peersupport.running"
    label = "running"
