"""The support plane. A row reveals nothing: a random id, a key id, a lookup tag, and sealed bytes of one size."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention, Sealed
from peersupport.sealing.fields import ShredKeyField

from .domain.escalation import Times

UNTIL_CLOSED = _(
    "Until it is closed, or until 45 days have passed with no activity. Its key is destroyed first, so no copy can be "
    "opened."
)
UNTIL_CLOSED_OR_SET_ASIDE = _(
    "Until it is closed, or until 45 days have passed with no activity. If two peers took it for a test or a mistake, "
    "within a week, unless you send it again. Its key is destroyed first, so no copy can be opened."
)


class Request(models.Model):
    """An open request for support. Its content and its routing are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_id = ShredKeyField()
    tag = models.BinaryField(max_length=32, unique=True)
    routing = models.BinaryField()
    card = models.BinaryField()
    words = models.BinaryField()

    retention = Retention(
        title=_("Your request"),
        plane="support",
        reason=_("So that someone who asks for support can be answered."),
        lifetime=UNTIL_CLOSED_OR_SET_ASIDE,
        readers=_(
            "The officer who has the seven words, and the peer who accepts. The peers who are asked read the "
            "card. The people who run the server could see where it stands and which peers are asked, but not what "
            "it says or what it is about."
        ),
        fields={
            "id": _("A random number."),
            "key_id": _("A random number: which key opens the sealed parts."),
            "tag": _("Finds the request by its seven words. Useless once the weekly key is gone."),
            "routing": Sealed(
                _(
                    "Who is asked, in which order, how soon, and since which half hour. A deadline less than half "
                    "an hour away is kept to the minute. Also which peers may know the officer."
                )
            ),
            "card": Sealed(_("What it is about, how soon, and what was asked for, for the peers who are asked.")),
            "words": Sealed(_("The message and how to reach the officer, for the peer who accepts.")),
        },
    )

    def __str__(self) -> str:
        return "request"


class Message(models.Model):
    """One message of a thread. Its author, time and number are sealed with it."""

    id = models.UUIDField(primary_key=True, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="messages")
    body = models.BinaryField()

    retention = Retention(
        title=_("A message between the two of you"),
        plane="support",
        reason=_("So that the officer and the peer can write to each other."),
        lifetime=UNTIL_CLOSED,
        readers=_(
            "The officer who has the seven words, and the peer who accepted. The people who run the server could "
            "see which side wrote and in which half hour, but not a word of what it says."
        ),
        fields={
            "id": _("A random number. Pressing “Send” twice gives the same one."),
            "request": _("Which request it belongs to."),
            "body": Sealed(_("Who wrote it, in which half hour, in which order, and what it says.")),
        },
    )

    def __str__(self) -> str:
        return "message"


class PlaneKey(models.Model):
    """The key by which a receipt finds its request. Renewed weekly; the old one is destroyed."""

    key_id = ShredKeyField()
    week = models.PositiveIntegerField()

    retention = Retention(
        title=_("The key that finds requests"),
        plane="support",
        reason=_(
            "So that an old copy of the database can't even show whether seven words that someone found ever "
            "opened a request."
        ),
        lifetime=_("A week; longer only while there is a request that can't be opened."),
        readers=_("Nobody. Only the program uses it."),
        fields={
            "id": _("Always 1: there is only one."),
            "key_id": _("A random number: which key it is."),
            "week": _("The week in which it was made, counted from 1970."),
        },
    )

    class Meta:
        constraints = [models.CheckConstraint(name="one_plane_key", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return "plane key"


class SubmittedForm(models.Model):
    """A form that was submitted, so that a second press, or a replay after closing, makes no second request.

    The moment of a sending, a proof that has counted and the end of a visit have such a mark too. No mark tells which
    of them it is; but a half day further ahead than a form could be sent is of a visit on somebody's own phone.
    """

    mark = models.BinaryField(primary_key=True, max_length=32)
    half_day = models.PositiveIntegerField()

    retention = Retention(
        title=_("The mark of a form that was sent"),
        plane="support",
        reason=_("So that nothing is sent twice, and that nothing comes back after Exit."),
        lifetime=_(
            "As long as the form could be sent again: 12 to 24 hours. After Exit up to a day and a half, or as long as "
            "the visit could have lasted on someone's own phone: seven days and a half."
        ),
        readers=_("Nobody. Only the program compares it."),
        fields={
            "mark": _(
                "A hash of the form's random number and what was typed, of the number alone where the browser had done "
                "a calculation for it, or of a visit. It reveals none."
            ),
            "half_day": _("The half day after which it can be deleted."),
        },
    )

    def __str__(self) -> str:
        return "submitted form"


class ArrivalCount(models.Model):
    """How many requests came in the last minutes, all together; sealed."""

    body = models.BinaryField()

    retention = Retention(
        title=_("How many requests came lately"),
        plane="support",
        reason=_("So that a flood of requests is noticed within seconds, and slows down nobody who needs help."),
        lifetime=_("It counts the last ten minutes, and is sealed anew each minute."),
        readers=_("Only the program. The people who run the server could open it."),
        fields={
            "id": _("Always 1: there is only one."),
            "body": Sealed(
                _(
                    "How many came in the last five minutes and in the five before, in which minute the slow lane last "
                    "moved, and whether someone waits in it."
                )
            ),
        },
    )

    class Meta:
        constraints = [models.CheckConstraint(name="one_count_of_arrivals", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return "arrivals"


class PendingTally(models.Model):
    """A contact that has ended and that its peer has not tallied yet. Whose it is is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_id = ShredKeyField()
    body = models.BinaryField()

    retention = Retention(
        title=_("A contact that hasn't been counted yet"),
        plane="support",
        reason=_("So that a peer can count a contact after it was erased."),
        lifetime=_("Until it is counted, seven days at most."),
        readers=_(
            "The peer, on their desk. The people who run the server could see which peer it belongs to, but "
            "nothing about the officer."
        ),
        fields={
            "id": _("A random number."),
            "key_id": _("A random number: which key opens it."),
            "body": Sealed(_("The peer, the year, how soon they accepted, and when this is deleted.")),
        },
    )

    def __str__(self) -> str:
        return "pending tally"


class ClosingNote(models.Model):
    """A note that an officer left for their peer on closing. Only that peer can open it, and only once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_id = ShredKeyField()
    body = models.BinaryField()

    retention = Retention(
        title=_("A closing note"),
        plane="support",
        reason=_("So that a peer can read the note that an officer left them."),
        lifetime=_("Until the peer has read it, seven days at most. Then its key is destroyed."),
        readers=_(
            "The peer whose contact it was, once. The people who run the server could see which peer it is for, "
            "but not what it says."
        ),
        fields={
            "id": _("A random number."),
            "key_id": _("A random number: which key opens it."),
            "body": Sealed(
                _("Which peer it is for, its last day, and what it says, which only that peer's key opens.")
            ),
        },
    )

    def __str__(self) -> str:
        return "closing note"


class Consultation(models.Model):
    """A member asks to be called by the clinical director or a designee. Who, by whom and how soon are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_id = ShredKeyField()
    body = models.BinaryField()

    retention = Retention(
        title=_("A member's request for a call"),
        plane="support",
        reason=_("So that a member who isn't sure about something gets a call from someone they may tell."),
        lifetime=_("Until the call is made or canceled, 14 days at most. Then its key is destroyed."),
        readers=_("The member, and the person who was asked. The people who run the server could open it."),
        fields={
            "id": _("A random number."),
            "key_id": _("A random number: which key opens it."),
            "body": Sealed(_("The member, who is asked, how soon, and the half hour. Nothing about anyone else.")),
        },
    )

    def __str__(self) -> str:
        return "consultation"


class MatchingPreferences(models.Model):
    """What a member tells only the matching: concerns they would rather not take now, and lived experience."""

    member = models.OneToOneField("team.Member", primary_key=True, on_delete=models.CASCADE, related_name="+")
    body = models.BinaryField()

    retention = Retention(
        title=_("What a member tells only the matching"),
        plane="support",
        reason=_(
            "So that others are asked first about what a member can't take on now, and the member a little more often "
            "about what they've been through."
        ),
        lifetime=_("Until the member changes it; what they had before, until they change it once more."),
        readers=_(
            "The member, and the matching. It is in no list and no export. The people who run the server could open it."
        ),
        fields={
            "member": _("Which member it belongs to."),
            "body": Sealed(
                _(
                    "Concerns set to “Not now”, and what they've been through. Padded, so that its size doesn't "
                    "show how many."
                )
            ),
        },
    )

    def __str__(self) -> str:
        return "matching preferences"


class TelephoneOnly(models.Model):
    """Requests are taken by telephone only, until then. There is no row while the form takes them."""

    since = models.DateTimeField()
    until = models.DateTimeField()

    retention = Retention(
        title=_("By telephone only"),
        plane="program",
        reason=_("So that the form says whom to call while nobody would look at it in time."),
        lifetime=_("Four hours at most."),
        readers=_("Everyone reads until when it is. The audit log has who decided it."),
        in_backup=False,
        fields={
            "id": _("Always 1: there is only one."),
            "since": _("Since when. What was being written before is still taken for half an hour."),
            "until": _("Until when: it ends by itself."),
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="by_telephone_only_once", condition=Q(id=1)),
            models.CheckConstraint(name="by_telephone_only_ends", condition=Q(until__gt=models.F("since"))),
        ]

    def __str__(self) -> str:
        return "by telephone only"


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def _minutes(default: timedelta) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(default=default // MINUTE)


def _hours(default: timedelta) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(default=default // HOUR)


class RequestSettings(models.Model):
    """The one row that says how long each step may take, and when night is."""

    now_again_minutes = _minutes(Times.now_again)
    now_available_minutes = _minutes(Times.now_available)
    now_oversight_minutes = _minutes(Times.now_oversight)
    now_nobody_minutes = _minutes(Times.now_nobody)
    today_minutes = _minutes(Times.today)
    when_you_can_hours = _hours(Times.when_you_can)
    answer_now_minutes = _minutes(Times.answer_now)
    answer_today_hours = _hours(Times.answer_today)
    answer_when_you_can_hours = _hours(Times.answer_when_you_can)
    night_from = models.PositiveSmallIntegerField(default=Times.night_from)
    night_until = models.PositiveSmallIntegerField(default=Times.night_until)

    retention = Retention(
        title=_("Request settings"),
        plane="program",
        reason=_("So that each program decides how fast peers are asked and how long they have."),
        lifetime=_("As long as the program runs."),
        readers=_("The coordinator, who sets them."),
        fields={
            "id": _("Always 1: there is only one program."),
            "now_again_minutes": _("“Now”: after how long people on call are alerted again."),
            "now_available_minutes": _("“Now”: after how long everyone who is available is asked too."),
            "now_oversight_minutes": _("“Now”: after how long the coordinator and the designee are told."),
            "now_nobody_minutes": _("“Now”: after how long the officer is told nobody was available."),
            "today_minutes": _("“Today”: how long one peer may take before the next is asked."),
            "when_you_can_hours": _("“When you can”: the same."),
            "answer_now_minutes": _("“Now”: how long the first answer may take before the peer is reminded."),
            "answer_today_hours": _("“Today”: the same."),
            "answer_when_you_can_hours": _("“When you can”: the same."),
            "night_from": _("The hour at which the night begins: what can wait is held until morning."),
            "night_until": _("The hour at which the night ends."),
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="one_row_of_times", condition=Q(id=1)),
            models.CheckConstraint(
                name="now_goes_step_by_step",
                condition=Q(now_again_minutes__gte=1)
                & Q(now_available_minutes__gt=models.F("now_again_minutes"))
                & Q(now_oversight_minutes__gt=models.F("now_available_minutes"))
                & Q(now_nobody_minutes__gt=models.F("now_oversight_minutes")),
            ),
            models.CheckConstraint(
                name="nobody_is_given_no_time",
                condition=Q(today_minutes__gte=10)
                & Q(when_you_can_hours__gte=1)
                & Q(answer_now_minutes__gte=5)
                & Q(answer_today_hours__gte=1)
                & Q(answer_when_you_can_hours__gte=1),
            ),
            models.CheckConstraint(
                name="night_is_on_the_clock", condition=Q(night_from__lte=23) & Q(night_until__lte=23)
            ),
        ]

    def __str__(self) -> str:
        return "times"

    @property
    def times(self) -> Times:
        return Times(
            now_again=timedelta(minutes=self.now_again_minutes),
            now_available=timedelta(minutes=self.now_available_minutes),
            now_oversight=timedelta(minutes=self.now_oversight_minutes),
            now_nobody=timedelta(minutes=self.now_nobody_minutes),
            today=timedelta(minutes=self.today_minutes),
            when_you_can=timedelta(hours=self.when_you_can_hours),
            answer_now=timedelta(minutes=self.answer_now_minutes),
            answer_today=timedelta(hours=self.answer_today_hours),
            answer_when_you_can=timedelta(hours=self.answer_when_you_can_hours),
            night_from=self.night_from,
            night_until=self.night_until,
        )

    @classmethod
    def of(cls, times: Times) -> "RequestSettings":
        """The row that says this, not saved yet."""
        return cls(
            pk=1,
            now_again_minutes=times.now_again // MINUTE,
            now_available_minutes=times.now_available // MINUTE,
            now_oversight_minutes=times.now_oversight // MINUTE,
            now_nobody_minutes=times.now_nobody // MINUTE,
            today_minutes=times.today // MINUTE,
            when_you_can_hours=times.when_you_can // HOUR,
            answer_now_minutes=times.answer_now // MINUTE,
            answer_today_hours=times.answer_today // HOUR,
            answer_when_you_can_hours=times.answer_when_you_can // HOUR,
            night_from=times.night_from,
            night_until=times.night_until,
        )
