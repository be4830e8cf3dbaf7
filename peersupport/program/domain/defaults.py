"""The program's built-in settings and texts. Before the launch the texts are approved and the crisis lines called."""

from typing import NamedTuple

from peersupport.core.sentences import gettext_noop as _

AGENCY = _("Your agency")
NAME = _("Peer Support")


class Line(NamedTuple):
    """A line of the crisis card: who answers, the number to call, the number to text, the word to text."""

    name: str
    description: str
    call: str = ""
    text_to: str = ""
    text_body: str = ""


# A change reaches only installations that have never saved crisis lines of their own; where a number changes, the
# coordinator's confirmation lapses (crisis_lines_digest) and the launch checklist asks for a new one.
CRISIS_LINES: tuple[Line, ...] = (
    Line(
        _("988 Suicide & Crisis Lifeline"),
        _("Call, text or chat, day and night. Veterans press 1; for Spanish, press 2."),
        call="988",
        text_to="988",
    ),
    Line(_("CopLine"), _("Answered by retired officers. Not affiliated with any agency."), call="1-800-267-5463"),
    Line(
        _("Crisis Text Line"),
        _("Text BADGE or HOME, and a trained person will text you back."),
        text_to="741741",
        text_body="BADGE",
    ),
    Line(_("Safe Call Now"), _("For people in public safety and their families."), call="206-459-3020"),
    Line("911", _("When someone is in immediate danger. Your own dispatch may answer."), call="911"),
)

# After the federal model text (34 USC 50901) and the program's brochure; not legal advice.
EXCEPTIONS = _("""\
Your peer is a member of the team. Members are required by law to report illegal activity, or a danger to yourself or \
to others. A member shares what you say, and no more than is needed, when:

- you say that you intend to die by suicide, and have a plan or the means
- you threaten serious harm to another person, and it may be soon
- a child, an older person or a vulnerable person is being abused or neglected
- you admit to a crime
- a court orders it
- another law requires it
- you say it's OK

A member who isn't sure may ask the Clinical Director or a designee, who keeps it confidential too. You can ask a \
member where the line is before you say anything.""")

# After the brochure's section on confidentiality; counsel should read it before anybody signs it.
AGREEMENT = _("""\
I give peer support because my colleagues trust me. I have read this agreement, and I agree to it.

- I keep what I learn as a member of the team to myself. I do not tell other employees, family or friends, \
supervisors, management or the public.
- I may talk about it with the Clinical Director or a designee, for my own support or for advice. They keep it \
confidential too.
- I report what the law requires me to report: illegal activity, or a danger to oneself or to others. Before \
anyone confides in me, I make sure they know the exceptions to confidentiality.
- I keep no notes and no records of the people I talk to. My tallies name nobody.
- I do not support anyone I supervise or who supervises me, and I say so when I am too close to someone.
- I know that a breach of confidentiality ends my membership, and that this agreement still binds me after I leave.

I sign this of my own free will. I can step down from the team at any time, without giving a reason.""")

# After the same sources, in safe-messaging terms: asking does not cause it, no method is named, each case has a
# next step.
DUTY_TO_REPORT = _("""\
Most of what you hear stays with you. This page is for the moment when you aren't sure. Reading it leaves no \
record, and no report is ever made through this program.

Thoughts of suicide, without intent: this is what you are here for.

- Stay: in the room, or on the phone.
- Ask directly, and say the word. Asking about suicide does not cause it.
- Listen and support. Offer to call or text 988 together.
- Consult the Clinical Director or a designee afterward. You don't need to give a name.

Intent, with a plan or the means: act now.

- Do not leave them alone.
- Call 988 together. When someone is in immediate danger, call 911.
- Then call the Clinical Director or a designee.
- Tell the person what you are doing and why, and share no more than is needed.

The law also requires you to act, and you can't keep it to yourself, when:

- someone threatens serious harm to another person, and it may be soon
- a child, an older person or a vulnerable person is being abused or neglected
- someone admits to a crime
- a court orders it
- another law requires it

You may also share what the person allows you to share. When nobody is in danger right now and you aren't sure, \
consult first.""")

TEXTS = {
    "confidentiality_exceptions": EXCEPTIONS,
    "confidentiality_agreement": AGREEMENT,
    "duty_to_report": DUTY_TO_REPORT,
}
