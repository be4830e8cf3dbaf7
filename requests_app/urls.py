from django.urls import path

from .views import consulting, counting, desk, handing_on, last_word, officer, officer_thread, opening, times, waiting

app_name = "requests_app"
urlpatterns = [
    path("request/", officer.ask, name="ask"),
    path("request/return/", officer.come_back, name="return"),
    path("request/thread/", officer_thread.thread, name="thread"),
    path("request/send-on/", officer_thread.send_on, name="send_on"),
    path("request/change-peer/", officer_thread.change_peer, name="change_peer"),
    path("request/let-read/", officer_thread.let_next_read, name="let_next_read"),
    path("request/close/", officer_thread.close, name="close"),
    path("exit/", officer.leave, name="exit"),
    path("desk/", desk.home, name="desk"),
    path("desk/offers/<uuid:request_id>/accept/", desk.accept, name="accept"),
    path("desk/offers/<uuid:request_id>/decline/", desk.decline, name="decline"),
    path("desk/known/<uuid:request_id>/", handing_on.know_this_person, name="know_this_person"),
    path("desk/contacts/<uuid:request_id>/", desk.contact, name="contact"),
    path("desk/contacts/<uuid:request_id>/suggest/", desk.suggest_closing, name="suggest_closing"),
    path("desk/contacts/<uuid:request_id>/close/", desk.close, name="close_contact"),
    path("desk/last-word/<uuid:word_id>/", last_word.read, name="last_word"),
    path("desk/contacts/<uuid:request_id>/not-real/", desk.discard, name="discard_contact"),
    path("desk/tally/", counting.tally, name="tally"),
    path("desk/tally/others/", counting.others, name="tally_others"),
    path("desk/tally/group/", counting.group, name="tally_group"),
    path("desk/tally/given/", counting.given, name="tally_given"),
    path("desk/consult/", consulting.ask, name="consult"),
    path("desk/consult/<uuid:consultation_id>/", consulting.take_back, name="take_back_consultation"),
    path("consultations/", consulting.waiting, name="consultations"),
    path("consultations/<uuid:consultation_id>/", consulting.answer, name="answer_consultation"),
    path("desk/boundaries/", desk.boundaries, name="boundaries"),
    path("opening/", opening.open_program, name="open_program"),
    path("settings/times/", times.times, name="times"),
    path("waiting/", waiting.summary, name="waiting"),
]
