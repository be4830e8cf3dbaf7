from django.apps import AppConfig


class ProgramConfig(AppConfig):
    name = "peersupport.program"
    label = "program"

    def ready(self) -> None:
        from .forms.error_messages import say_in_our_words  # fields are ready when the apps are

        say_in_our_words()
