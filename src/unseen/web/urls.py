"""The desk's pages. Who may open which stands in one table: accounts/permissions.py."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from unseen.accounts import views as accounts
from unseen.exchange import desk_views as exchange
from unseen.journal import views as journal
from unseen.statistics import views as statistics
from unseen.takedown import case_views as cases
from unseen.takedown import notice_views as notices
from unseen.takedown import today_views as today
from unseen.takedown import views as takedown
from unseen.web import views as web

urlpatterns: list[URLPattern] = [
    path("", accounts.home, name="home"),
    path("log-in", accounts.LogIn.as_view(redirect_authenticated_user=True), name="login"),
    path("log-in/passkey", accounts.passkey_login, name="passkey-login"),
    path("log-in/passkey/question", accounts.passkey_asked, name="passkey-asked"),
    path("log-out", LogoutView.as_view(), name="logout"),
    path("begin", accounts.enrol, name="enrol"),
    path("language", web.language, name="language"),
    path("account", web.account, name="account"),
    path("account/looks", accounts.ask_looks, name="ask-looks"),
    path("account/passkeys", accounts.passkey_add, name="passkey-add"),
    path("account/passkeys/question", accounts.passkey_begin, name="passkey-begin"),
    path("account/passkeys/<int:passkey>/remove", accounts.passkey_remove, name="passkey-remove"),
    path("staff", accounts.staff_page, name="staff"),
    path("staff/ask", accounts.staff_ask, name="staff-ask"),
    path("approvals", accounts.approvals, name="approvals"),
    path("approvals/<int:approval>", accounts.decide, name="decide"),
    path("today", today.page, name="today"),
    path("today/live", today.live, name="live"),
    path("today/answers", today.answers, name="answers"),
    path("today/answers/<uuid:group>/undo", today.undo, name="undo"),
    path("search", cases.search_page, name="search"),
    path("cases/<slug:reference>", cases.case_page, name="case"),
    path("cases/<slug:reference>/take", cases.take_case, name="take-case"),
    path("cases/<slug:reference>/say", cases.say_to_reporter, name="say"),
    path("cases/<slug:reference>/material/<int:position>/verify", exchange.verify, name="verify-material"),
    path("cases/<slug:reference>/disputes/<int:dispute>", exchange.dispute, name="dispute"),
    path("disputes", exchange.disputes, name="disputes"),
    path("items", takedown.item_list, name="items"),
    path("items/<int:number>", takedown.item_page, name="item"),
    path("items/<int:number>/answer", takedown.answer, name="answer"),
    path("items/<int:number>/look", cases.look, name="look"),
    path("items/<int:number>/notices/<uuid:notice_id>/sent", takedown.say_sent, name="sent"),
    path("items/<int:number>/preview", notices.preview, name="preview"),
    path("items/<int:number>/notices/<uuid:notice_id>/task", notices.task, name="task"),
    path("verify", notices.verify, name="verify"),
    path("numbers", statistics.numbers, name="numbers"),
    path("platforms", statistics.platform_list, name="platforms"),
    path("platforms/<str:key>", statistics.platform_page, name="platform"),
    path("journal", journal.page, name="journal"),
]
