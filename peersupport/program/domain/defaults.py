"""The program's built-in settings and texts. Before the launch the texts are approved and the crisis lines called."""

from peersupport.core.sentences import gettext_noop as _

AGENCY = _("Your agency")
NAME = _("Peer Support")

# Each line: its name, who answers, the number to call, the number to text, the word to text. A change reaches only
# installations that have never saved crisis lines of their own; where a number changes, the coordinator's confirmation
# lapses (crisis_lines_digest) and the launch checklist asks for a new one.
CRISIS_LINES: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "988 Suicide & Crisis Lifeline",
        _("Call, text or chat, day and night. Veterans press 1, for Spanish press 2."),
        "988",
        "988",
        "",
    ),
    ("CopLine", _("Answered by retired officers, not affiliated with any agency."), "1-800-267-5463", "", ""),
    (_("Crisis Text Line"), _("Text BADGE or HOME and a trained person writes back."), "", "741741", "BADGE"),
    (_("Safe Call Now"), _("For people in public safety and their families."), "206-459-3020", "", ""),
    ("911", _("When someone is in immediate danger. Your own dispatch may answer."), "911", "", ""),
)

# After the federal model text (34 USC 50901) and the program's brochure; not legal advice.
EXCEPTIONS = _("""\
Members are required by law to report illegal activity, or a danger to yourself or to others. A member cannot keep \
it to themselves, and passes on no more than is needed, when:

- you say that you intend to die by suicide, and have a plan or the means
- you threaten serious harm to another person, and it may be soon
- a child, an older person or a vulnerable person is being abused or neglected
- you admit to a crime
- a court orders it
- another law requires it
- you allow it

A member who is not sure may ask the Clinical Director or a designee, who keeps it confidential too. You can ask a \
member where the line is before you say anything.""")

# After the brochure's section on confidentiality; counsel should read it before anybody signs it.
AGREEMENT = _("""\
I give peer support because colleagues trust me. I have read this, and I agree to it.

- I keep what I learn as a member of the team to myself. I do not tell it to other employees, to family or friends, to \
supervisors, to management or to the public.
- I may talk to the Clinical Director or a designee about it, for support of my own or for advice. They keep it \
confidential too.
- I pass on what the law requires me to report: illegal activity, or a danger to somebody's self or to others. Before \
somebody confides in me, I see to it that they know the exceptions to confidentiality.
- I keep no notes and no records of the people I talk to. What I tally names nobody.
- I do not look after somebody whom I supervise, or who supervises me, and I say so when I am too close to somebody.
- I know that a breach of confidentiality ends my membership, and that this agreement stays with me when I leave.

I sign it of my own free will. I can step down from the team at any time, without giving a reason.""")

# After the same sources, in safe-messaging terms: asking does not cause it, no method is named, each case has a
# next step.
DUTY_TO_REPORT = _("""\
Most of what you hear stays with you. This is for the moment when you are not sure. Nothing is recorded by reading \
it, and no report is ever made through this program.

Thoughts of suicide, without intent, are what you are here for.

- Stay: in the room, or on the phone.
- Ask directly, and say the word. Asking about suicide does not cause it.
- Listen and support. Offer to call or text 988 together.
- Consult the Clinical Director or a designee afterwards. You need no name for that.

Intent, with a plan or the means: act now.

- Do not leave them alone.
- Call 988 together. When someone is in immediate danger, call 911.
- Then call the Clinical Director or a designee.
- Tell the person what you do and why, and pass on no more than is needed.

The law also requires you to act, and you cannot keep it to yourself, when:

- somebody threatens serious harm to another person, and it may be soon
- a child, an older person or a vulnerable person is being abused or neglected
- somebody admits to a crime
- a court orders it
- another law requires it

You may also pass on what the person allows you to. Where nobody is in danger now and you are not sure, consult \
first.""")

TEXTS = {
    "confidentiality_exceptions": EXCEPTIONS,
    "confidentiality_agreement": AGREEMENT,
    "duty_to_report": DUTY_TO_REPORT,
}
