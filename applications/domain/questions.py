"""What a candidate is asked, on the form as on the pages and papers that show the answers. Pure."""

from peersupport.core.sentences import gettext_noop as _

# By field of the application, in the order of the form.
QUESTIONS: dict[str, str] = {
    "why": _("Why would you like to join?"),
    "qualifications": _("What are your qualifications?"),
    "benefit": _("How could you help the program?"),
    "training": _("What training or experience could help?"),
    "availability": _("When would you be available?"),
}
