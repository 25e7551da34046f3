"""The addresses of the room: signing in and out, a person's own pages, people and access of a business.

The pages of django-allauth stand here one by one, each behind a rule of ours: what is not listed cannot be opened
(signing oneself up, mail, password by mail).
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path
from django.views.i18n import set_language

from letopis.access import pages
from letopis.access.roles import person_page, public_page

FORM = ("GET", "POST")
own_page = person_page(methods=FORM)

urlpatterns = [
    path("", pages.home, name="access_home"),
    path("login", public_page(reason="signing in", methods=FORM)(account.login), name="account_login"),
    path(
        "login/code",
        public_page(reason="the second half of signing in", methods=FORM)(mfa.authenticate),
        name="mfa_authenticate",
    ),
    path("logout", public_page(reason="signing out asks nobody", methods=FORM)(account.logout), name="account_logout"),
    path(
        "login/inactive",
        public_page(reason="says that an account is switched off")(account.account_inactive),
        name="account_inactive",
    ),
    path(
        "language",
        public_page(reason="the language of the pages before signing in", methods=("POST",))(set_language),
        name="access_language",
    ),
    path("me", pages.profile, name="access_profile"),
    path("me/theme", pages.theme, name="access_theme"),
    path("me/sessions", pages.where_signed_in, name="access_sessions"),
    path("me/sessions/end", pages.end_sessions, name="access_sessions_end"),
    path("me/password", own_page(account.password_change), name="account_change_password"),
    path("me/confirm", own_page(account.reauthenticate), name="account_reauthenticate"),
    path("me/confirm/code", own_page(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("me/security", person_page()(mfa.index), name="mfa_index"),
    path("me/security/app", own_page(totp.activate_totp), name="mfa_activate_totp"),
    path("me/security/app/off", own_page(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("me/security/codes", person_page()(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("me/security/codes/new", own_page(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("me/security/codes/file", person_page()(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("b/<uuid:business>/access", pages.people_and_access, name="access_people"),
    path("b/<uuid:business>/access/factor", pages.want_factor, name="access_factor"),
    path("b/<uuid:business>/access/people", pages.add_person, name="access_add_person"),
    path("b/<uuid:business>/access/people/<int:person>/end", pages.end_access, name="access_end"),
    path("b/<uuid:business>/access/people/<int:person>/asking", pages.let_ask, name="access_let_ask"),
]
