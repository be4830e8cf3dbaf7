from django.apps import AppConfig


class SealingConfig(AppConfig):
    name = "peersupport.sealing"
    label = "sealing"
