from django.urls import path

from .views import agreeing, bell, coming_in, hours, own_page, public, roster, roster_file

app_name = "team"
urlpatterns = [
    path("team/", public.team, name="public"),
    path("invitation/<str:token>/", coming_in.invitation, name="invitation"),
    path("members/", roster.roster, name="roster"),
    path("members/invite/", coming_in.invite, name="invite"),
    path("members/invite/<int:pk>/take-back/", coming_in.take_back, name="take_back"),
    path("members/import/", roster_file.upload, name="roster_file"),
    path("members/import/confirm/", roster_file.confirm, name="confirm_roster"),
    path("members/import/leave/", roster_file.leave, name="leave_roster"),
    path("members/import/template.<slug:kind>", roster_file.template, name="roster_template"),
    path("members/roster.<slug:kind>", roster_file.export, name="export_roster"),
    path("members/<int:pk>/", roster.member, name="member"),
    path("members/<int:pk>/facts/", roster.record_facts, name="record_facts"),
    path("members/<int:pk>/designation/", roster.designate, name="designate"),
    path("members/<int:pk>/renewal/", roster.renew, name="renew"),
    path("members/<int:pk>/leave/", roster.take_leave, name="take_leave"),
    path("members/<int:pk>/return/", roster.return_from_leave, name="return_from_leave"),
    path("members/<int:pk>/end/", roster.de_select, name="de_select"),
    path("members/<int:pk>/hours/", hours.of_member, name="member_hours"),
    path("members/<int:pk>/hours/<int:hours>/end/", hours.end_of_member, name="end_member_hours"),
    path("members/keys/<int:pk>/confirm/", roster.confirm_key, name="confirm_key"),
    path("my-page/", own_page.me, name="me"),
    path("my-page/profile/", own_page.update_profile, name="update_profile"),
    path("my-page/hours/", hours.own, name="own_hours"),
    path("my-page/hours/<int:pk>/end/", hours.end_own, name="end_own_hours"),
    path("my-page/pause/", hours.pause, name="pause"),
    path("my-page/pause/end/", hours.end_pause, name="end_pause"),
    path("my-page/bell/", bell.bell, name="bell"),
    path("my-page/bell/test/", bell.ring, name="ring"),
    path("my-page/bell/remove/", bell.remove, name="remove_bell"),
    path("my-page/agreement/", agreeing.agreement, name="agreement"),
    path("my-page/recovery-code/", own_page.check_recovery_code, name="check_recovery_code"),
    path("my-page/recovery-code/new/", own_page.renew_recovery_code, name="renew_recovery_code"),
]
