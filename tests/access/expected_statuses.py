"""The status that every address answers to six people, by GET and by POST of an empty form. One row for each address.

Derived from the table of permissions, and never recorded from what the program does. The columns are anonymous, member,
coordinator, clinical director, designee, operator. 302 leads to the sign-in page if nobody is signed in, and to the
next page after a form was accepted. 404: missing, or forbidden. 405: GET only, or POST only. 200 after POST: the form
is back with errors.
"""

from typing import NamedTuple

WHO = ("anonymous", "member", "coordinator", "director", "designee", "operator")


class Row(NamedTuple):
    get: str
    post: str


PROGRAM = {
    "program:home": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "program:about": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "program:confidentiality": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "program:what_we_keep": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "program:resources": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "program:report_a_weakness": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "program:security_txt": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "program:settings": Row("302 404 200 404 404 404", "302 404 200 404 404 404"),
    "program:poster": Row("302 404 200 404 404 404", "302 404 405 404 404 404"),
    "program:pocket_card": Row("302 404 200 404 404 404", "302 404 405 404 404 404"),
    "program:texts": Row("302 404 200 200 200 404", "302 404 405 405 405 404"),
    "program:text": Row("302 404 200 200 200 404", "302 404 405 405 405 404"),
    "program:confirm_lines": Row("302 404 200 404 404 404", "302 404 302 404 404 404"),
    "program:duty_to_report": Row("302 200 200 200 200 404", "302 405 405 405 405 404"),
    "program:write_text": Row("302 404 200 404 404 404", "302 404 200 404 404 404"),
    "program:approve_text": Row("302 404 404 405 405 404", "302 404 404 302 302 404"),
}

RUNNING = {
    "operations:healthz": Row("503 503 503 503 503 503", "405 405 405 405 405 405"),  # the tests run no worker
    "operations:health": Row("302 404 404 404 404 200", "302 404 404 404 404 200"),
    "dashboard:home": Row("302 302 200 200 200 200", "302 405 405 405 405 405"),  # a member's home is the desk
    "dashboard:launch_checklist": Row("302 404 200 404 404 404", "302 404 405 404 404 404"),
}

SIGN_IN = {
    "account_login": Row("200 302 302 302 302 302", "200 302 302 302 302 302"),
    # Without a password before it: back to that step. Who has signed in is past it.
    "mfa_authenticate": Row("302 302 302 302 302 302", "302 302 302 302 302 302"),
    "account_logout": Row("302 200 200 200 200 200", "302 302 302 302 302 302"),
    "account_reset_password": Row("200 200 200 200 200 200", "200 200 200 200 200 200"),
    "account_reset_password_done": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "account_reset_password_from_key": Row("200 200 200 200 200 200", "200 200 200 200 200 200"),
    "account_reset_password_from_key_done": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
    # Anonymous and signed in alike: whoever has the link, or an address to type.
    "cannot_get_in": Row("200 200 200 200 200 200", "200 200 200 200 200 200"),
    "cannot_get_in_asked": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "cannot_get_in_confirmed": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "confirm_cannot_get_in": Row("200 200 200 200 200 200", "302 302 302 302 302 302"),
    "account_change_password": Row("302 200 200 200 200 200", "302 200 200 200 200 200"),
}

TEAM = {
    "team:public": Row("200 200 200 200 200 200", "200 200 200 200 200 200"),
    "team:invitation": Row("200 200 200 200 200 200", "200 200 200 200 200 200"),
    "team:invite": Row("302 404 200 404 404 200", "302 404 200 404 404 200"),
    "team:cancel_invitation": Row("302 404 405 404 404 405", "302 404 302 404 404 302"),
    "team:send_invitation_again": Row("302 404 405 404 404 405", "302 404 302 404 404 302"),
    "team:correct_invitation_address": Row("302 404 200 404 404 200", "302 404 200 404 404 200"),
    "team:correct_account_address": Row("302 404 200 404 404 200", "302 404 200 404 404 200"),
    "team:change_address": Row("302 200 200 200 200 200", "302 200 200 200 200 200"),
    "team:confirm_address": Row("200 200 200 200 200 200", "302 302 302 302 302 302"),
    "team:address_changed": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "team:roster": Row("302 404 200 200 200 404", "302 404 405 405 405 404"),
    "team:member": Row("302 404 200 200 200 404", "302 404 405 405 405 404"),
    "team:record_facts": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),
    "team:import_roster": Row("302 404 200 404 404 404", "302 404 200 404 404 404"),
    "team:confirm_roster": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),  # none waits: refused
    "team:discard_roster": Row("302 404 405 404 404 404", "302 404 302 404 404 404"),
    "team:roster_template": Row("302 404 200 404 404 404", "302 404 405 404 404 404"),
    "team:export_roster": Row("302 404 200 200 200 404", "302 404 405 405 405 404"),
    "team:accounts": Row("302 404 200 404 404 200", "302 404 405 404 404 405"),
    "team:account": Row("302 404 200 404 404 200", "302 404 200 404 404 200"),
    # Two of coordinator, clinical director and operator; the designee isn't one of them.
    "team:lost_factors": Row("302 404 200 200 404 200", "302 404 405 405 404 405"),
    "team:lost_factor": Row("302 404 200 200 404 200", "302 404 405 405 404 405"),
    "team:ask_lift": Row("302 404 405 405 404 405", "302 404 302 302 404 302"),
    "team:second_lift": Row("302 404 405 405 404 405", "302 404 302 302 404 302"),
    "team:take_back_lift": Row("302 404 405 405 404 405", "302 404 302 302 404 302"),
    "team:cancel_lift": Row("200 200 200 200 200 200", "302 302 302 302 302 302"),
    "team:lift_canceled": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "team:own_lift": Row("302 200 200 200 200 200", "302 302 302 302 302 302"),
    "team:renew": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),
    "team:agreement": Row("302 200 404 404 404 404", "302 200 404 404 404 404"),
    "team:take_leave": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),
    "team:return_from_leave": Row("302 404 405 404 404 404", "302 404 302 404 404 404"),
    "team:end_membership": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),
    "team:member_hours": Row("302 404 200 404 404 404", "302 404 200 404 404 404"),
    "team:end_member_hours": Row("302 404 405 404 404 404", "302 404 302 404 404 404"),
    "team:confirm_key": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),
    "team:on_call": Row("302 200 200 200 200 404", "302 405 405 405 405 404"),
    "team:offer_shift": Row("302 405 404 404 404 404", "302 200 404 404 404 404"),
    "team:take_shift": Row("302 405 404 404 404 404", "302 200 404 404 404 404"),
    "team:decline_shift": Row("302 405 404 404 404 404", "302 200 404 404 404 404"),
    "incidents:activation": Row("302 404 200 404 404 404", "302 404 302 404 404 404"),
    "incidents:call_out": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),
    "incidents:raise_caps": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),
    "incidents:publish_notice": Row("302 404 405 404 404 404", "302 404 302 404 404 404"),  # an empty text removes it
    "incidents:plan_group_session": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),
    "incidents:cancel_group_session": Row("302 404 405 404 404 404", "302 404 302 404 404 404"),
    "incidents:end_activation": Row("302 404 405 404 404 404", "302 404 302 404 404 404"),
    "incidents:acknowledge_follow_up": Row("302 404 405 404 404 404", "302 404 302 404 404 404"),
    "incidents:answer_call": Row("302 405 404 404 404 404", "302 302 404 404 404 404"),
    "team:me": Row("302 200 200 200 200 200", "302 405 405 405 405 405"),
    "team:sign_out_everywhere": Row("302 405 405 405 405 405", "302 302 302 302 302 302"),
    "team:update_profile": Row("302 405 404 404 404 404", "302 200 404 404 404 404"),
    "team:own_hours": Row("302 200 404 404 404 404", "302 200 404 404 404 404"),
    "team:end_own_hours": Row("302 405 404 404 404 404", "302 302 404 404 404 404"),
    "team:pause": Row("302 405 404 404 404 404", "302 200 404 404 404 404"),
    "team:end_pause": Row("302 405 404 404 404 404", "302 302 404 404 404 404"),
    "team:phone_alert": Row("302 200 200 200 200 200", "302 200 200 200 200 200"),
    "team:test_phone_alert": Row("302 405 405 405 405 405", "302 302 302 302 302 302"),
    "team:remove_phone_alert": Row("302 405 405 405 405 405", "302 302 302 302 302 302"),
    "team:second_factor": Row("302 200 200 200 200 200", "302 405 405 405 405 405"),
    "team:add_app": Row("302 200 200 200 200 200", "302 200 200 200 200 200"),
    "team:add_passkey": Row("302 200 200 200 200 200", "302 200 200 200 200 200"),
    "team:rename_passkey": Row("302 404 404 404 404 404", "302 404 404 404 404 404"),  # somebody else's
    "team:remove_factor": Row("302 404 404 404 404 404", "302 404 404 404 404 404"),
    "team:backup_codes": Row("302 200 200 200 200 200", "302 200 200 200 200 200"),
    "team:keep_backup_codes": Row("302 302 302 302 302 302", "302 302 302 302 302 302"),  # none are there yet
    "team:check_recovery_code": Row("302 405 404 404 404 404", "302 200 404 404 404 404"),
    "team:renew_recovery_code": Row("302 200 404 404 404 404", "302 200 404 404 404 404"),
}

APPLYING = {
    # The candidate's and their referees': by private link, and everybody is as anonymous as anybody.
    "apply:form": Row("200 200 200 200 200 200", "200 200 200 200 200 200"),
    "apply:done": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "apply:send_again": Row("200 200 200 200 200 200", "200 200 200 200 200 200"),
    "apply:draft": Row("200 200 200 200 200 200", "200 200 200 200 200 200"),
    "apply:delete_draft": Row("405 405 405 405 405 405", "302 302 302 302 302 302"),
    "apply:confirm": Row("200 200 200 200 200 200", "302 302 302 302 302 302"),
    "apply:status": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "apply:correct": Row("200 200 200 200 200 200", "200 200 200 200 200 200"),
    "apply:withdraw": Row("405 405 405 405 405 405", "302 302 302 302 302 302"),
    "apply:reference": Row("200 200 200 200 200 200", "200 200 200 200 200 200"),
    "apply:interview": Row("200 200 200 200 200 200", "200 200 200 200 200 200"),
    "apply:interview_calendar": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
}

APPLICATIONS = {
    # A member sees the list of what they were asked to review, and of others not even that there is one.
    "applications:list": Row("302 200 200 200 200 404", "302 405 405 405 405 404"),
    "applications:csv": Row("302 404 200 200 200 404", "302 404 405 405 405 404"),
    "applications:workbook": Row("302 404 200 200 200 404", "302 404 405 405 405 404"),
    "applications:settings": Row("302 404 200 404 404 404", "302 404 200 404 404 404"),
    "applications:detail": Row("302 404 200 200 200 404", "302 405 405 405 405 404"),
    "applications:begin_review": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),
    "applications:assign": Row("302 404 405 404 404 404", "302 404 302 404 404 404"),
    "applications:name_reviewer": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),
    "applications:review": Row("302 404 404 404 404 404", "302 404 404 404 404 404"),
    "applications:recuse": Row("302 405 405 405 405 404", "302 404 200 200 200 404"),  # nobody waits for theirs
    "applications:propose_times": Row("302 404 200 404 404 404", "302 404 200 404 404 404"),
    "applications:cancel_interview": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),
    "applications:calendar": Row("302 404 200 200 200 404", "302 405 405 405 405 404"),
    "applications:decide": Row("302 404 200 404 404 404", "302 404 405 404 404 404"),
    "applications:letter": Row("302 404 200 404 404 404", "302 404 200 404 404 404"),
    "applications:abandon": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),
    "applications:invite_again": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),
    "applications:resume": Row("302 404 200 200 200 404", "302 405 405 405 405 404"),
    "applications:pdf": Row("302 404 200 200 200 404", "302 405 405 405 405 404"),
}

REQUESTS = {
    # The officer's: everybody is as anonymous as anybody. Without their cookie, they are asked for their receipt.
    "requests_app:new_request": Row("200 200 200 200 200 200", "200 200 200 200 200 200"),
    "requests_app:return": Row("200 200 200 200 200 200", "200 200 200 200 200 200"),
    "requests_app:thread": Row("302 302 302 302 302 302", "302 302 302 302 302 302"),
    "requests_app:offer_again": Row("302 302 302 302 302 302", "302 302 302 302 302 302"),
    "requests_app:change_peer": Row("302 302 302 302 302 302", "302 302 302 302 302 302"),
    "requests_app:share_thread": Row("302 302 302 302 302 302", "302 302 302 302 302 302"),
    "requests_app:close": Row("302 302 302 302 302 302", "200 200 200 200 200 200"),
    "requests_app:exit": Row("302 302 302 302 302 302", "405 405 405 405 405 405"),
    # The member's own: nobody else, least of all the operator.
    "requests_app:desk": Row("302 200 404 404 404 404", "302 405 404 404 404 404"),
    "requests_app:offers": Row("302 200 404 404 404 404", "302 405 404 404 404 404"),
    "requests_app:not_real": Row("302 405 404 404 404 404", "302 302 404 404 404 404"),
    "requests_app:put_back": Row("302 405 404 404 404 404", "302 302 404 404 404 404"),
    "requests_app:accept": Row("302 405 404 404 404 404", "302 302 404 404 404 404"),
    "requests_app:decline": Row("302 405 404 404 404 404", "302 302 404 404 404 404"),
    "requests_app:recuse": Row("302 405 404 404 404 404", "302 302 404 404 404 404"),
    "requests_app:contact": Row("302 200 404 404 404 404", "302 200 404 404 404 404"),
    "requests_app:suggest_closing": Row("302 405 404 404 404 404", "302 302 404 404 404 404"),
    "requests_app:close_contact": Row("302 405 404 404 404 404", "302 302 404 404 404 404"),
    "requests_app:closing_note": Row("302 405 404 404 404 404", "302 302 404 404 404 404"),
    "requests_app:discard_contact": Row("302 405 404 404 404 404", "302 302 404 404 404 404"),
    "requests_app:tally": Row("302 200 404 404 404 404", "302 200 404 404 404 404"),
    "requests_app:tally_others": Row("302 200 404 404 404 404", "302 200 404 404 404 404"),
    "requests_app:tally_group": Row("302 200 404 404 404 404", "302 200 404 404 404 404"),
    "requests_app:record_education": Row("302 200 404 404 404 404", "302 200 404 404 404 404"),
    "requests_app:request_consultation": Row("302 200 404 404 404 404", "302 200 404 404 404 404"),
    "requests_app:cancel_consultation": Row("302 405 404 404 404 404", "302 302 404 404 404 404"),
    "requests_app:consultations": Row("302 404 404 200 200 404", "302 404 404 405 405 404"),
    "requests_app:answer_consultation": Row("302 404 404 405 405 404", "302 404 404 302 302 404"),
    "requests_app:matching_preferences": Row("302 200 404 404 404 404", "302 302 404 404 404 404"),
    "dashboard:audit": Row("302 404 200 200 200 404", "302 404 405 405 405 404"),
    "dashboard:audit_csv": Row("302 404 200 200 200 404", "302 404 405 405 405 404"),
    "dashboard:paper": Row("302 404 200 404 404 404", "302 404 405 404 404 404"),
    "dashboard:confirm_paper": Row("302 404 405 404 404 404", "302 404 302 404 404 404"),
    "dashboard:launch": Row("302 404 405 404 404 404", "302 404 302 404 404 404"),
    "requests_app:request_times": Row("302 404 200 404 404 404", "302 404 200 404 404 404"),
    "requests_app:telephone_only": Row("302 200 200 404 404 404", "302 200 200 404 404 404"),
    "requests_app:waiting_summary": Row("302 404 200 200 200 404", "302 404 405 405 405 404"),
}

TRAINING = {
    # A member's own record; those of others, and of the whole team, only for those who see all training.
    "training:index": Row("302 200 200 200 200 404", "302 405 405 405 405 404"),
    "training:coverage": Row("302 404 200 200 200 404", "302 404 405 405 405 404"),
    "training:coverage_workbook": Row("302 404 200 200 200 404", "302 404 405 405 405 404"),
    "training:coverage_pdf": Row("302 404 200 200 200 404", "302 404 405 405 405 404"),
    "training:member": Row("302 404 200 200 200 404", "302 405 405 405 405 404"),
    "training:transcript": Row("302 404 200 200 200 404", "302 405 405 405 405 404"),
    "training:designation": Row("302 200 200 200 200 404", "302 405 405 405 405 404"),
    "training:designate": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),
    "training:record": Row("302 404 200 404 404 404", "302 404 200 404 404 404"),
    "training:record_certificate": Row("302 404 200 200 200 404", "302 405 405 405 405 404"),
    "training:delete_record": Row("302 404 405 404 404 404", "302 404 302 404 404 404"),
    "training:subjects": Row("302 404 200 200 200 404", "302 404 405 405 405 404"),
    "training:add_subject": Row("302 404 200 404 404 404", "302 404 200 404 404 404"),
    "training:subject": Row("302 404 200 404 404 404", "302 404 200 404 404 404"),
    "training:set_validity": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),
    "training:retire_subject": Row("302 404 405 404 404 404", "302 404 302 404 404 404"),
    "training:reinstate_subject": Row("302 404 405 404 404 404", "302 404 302 404 404 404"),
    "training:sessions": Row("302 200 200 200 200 404", "302 405 405 405 405 404"),
    "training:session": Row("302 200 200 200 200 404", "302 405 405 405 405 404"),
    "training:plan_session": Row("302 404 200 404 404 404", "302 404 200 404 404 404"),
    "training:change_session": Row("302 404 200 404 404 404", "302 404 200 404 404 404"),
    "training:cancel_session": Row("302 404 405 404 404 404", "302 404 302 404 404 404"),
    "training:enroll": Row("302 405 404 404 404 404", "302 302 404 404 404 404"),
    "training:withdraw": Row("302 405 404 404 404 404", "302 302 404 404 404 404"),
    "training:attendance": Row("302 404 200 404 404 404", "302 404 200 404 404 404"),
    "training:attendance_sheet": Row("302 404 200 200 200 404", "302 404 405 405 405 404"),
    "training:calendar": Row("302 200 200 200 200 404", "302 405 405 405 405 404"),
    "training:given_sessions": Row("302 404 200 200 200 404", "302 404 200 404 404 404"),
    "training:delete_given_session": Row("302 404 405 404 404 404", "302 404 302 404 404 404"),
    "training:imports": Row("302 404 200 404 404 404", "302 404 200 404 404 404"),
    "training:import_template": Row("302 404 200 404 404 404", "302 404 405 404 404 404"),
    "training:import": Row("302 404 200 404 404 404", "302 404 405 404 404 404"),
    "training:confirm_import": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),  # not read yet: refused
    "training:discard_import": Row("302 404 405 404 404 404", "302 404 302 404 404 404"),
    "training:report_external_training": Row("302 200 404 404 404 404", "302 200 404 404 404 404"),
    "training:external_training": Row("302 404 200 200 200 404", "302 405 405 405 405 404"),
    "training:verify_external_training": Row("302 404 405 404 404 404", "302 404 302 404 404 404"),
    "training:send_back_external_training": Row("302 404 405 404 404 404", "302 404 200 404 404 404"),
    "training:external_certificate": Row("302 404 200 200 200 404", "302 405 405 405 405 404"),
    "training:requirements": Row("302 404 200 200 200 404", "302 404 200 404 404 404"),
}

STATISTICS = {
    "stats:index": Row("302 200 200 200 200 404", "302 405 405 405 405 404"),
    "stats:now": Row("302 200 200 200 200 404", "302 405 405 405 405 404"),
    "stats:report": Row("302 200 200 200 200 404", "302 405 405 405 405 404"),
    "stats:report_json": Row("302 200 200 200 200 404", "302 405 405 405 405 404"),
    "stats:report_csv": Row("302 200 200 200 200 404", "302 405 405 405 405 404"),
    "stats:report_xlsx": Row("302 200 200 200 200 404", "302 405 405 405 405 404"),
    "stats:report_pdf": Row("302 200 200 200 200 404", "302 405 405 405 405 404"),
    "stats:compare_years": Row("302 200 200 200 200 404", "302 405 405 405 405 404"),
    "stats:publish": Row("302 404 404 405 405 404", "302 404 404 302 302 404"),
    "stats:withdraw": Row("302 404 404 405 405 404", "302 404 404 302 302 404"),
    "results:index": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "results:year": Row("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "stats:close": Row("302 404 404 200 200 404", "302 404 404 200 200 404"),
    "stats:restart": Row("302 404 404 200 200 404", "302 404 404 200 200 404"),
}

EXPECTED: dict[str, Row] = (
    PROGRAM | RUNNING | SIGN_IN | TEAM | APPLYING | APPLICATIONS | REQUESTS | TRAINING | STATISTICS
)
