"""The URLs of signing in, listed by hand: allauth's own list would open sign-up."""

from django.urls import path

from .views import cannot_get_in, sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-in/second-factor/", sign_in.second_step, name="mfa_authenticate"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("sign-in/forgot/", sign_in.forgot_password, name="account_reset_password"),
    path("sign-in/forgot/sent/", sign_in.forgot_password_sent, name="account_reset_password_done"),
    path("sign-in/forgot/done/", sign_in.new_password_chosen, name="account_reset_password_from_key_done"),
    path(
        "sign-in/forgot/<slug:uidb36>/<str:key>/", sign_in.choose_new_password, name="account_reset_password_from_key"
    ),
    path("sign-in/cannot-get-in/", cannot_get_in.ask, name="cannot_get_in"),
    path("sign-in/cannot-get-in/sent/", cannot_get_in.asked, name="cannot_get_in_asked"),
    path("sign-in/cannot-get-in/done/", cannot_get_in.confirmed, name="cannot_get_in_confirmed"),
    path("sign-in/cannot-get-in/<slug:uidb36>/<str:key>/", cannot_get_in.confirm, name="confirm_cannot_get_in"),
    path("my-page/password/", sign_in.change_password, name="account_change_password"),
]
