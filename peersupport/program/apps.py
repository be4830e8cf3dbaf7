from django.apps import AppConfig


class ProgramConfig(AppConfig):
    name = "peersupport.program"
    label = "program"

    def ready(self) -> None:
        from .forms.error_messages import replace_django_messages  # importable once the apps are loaded

        replace_django_messages()
