"""The desk's pages. All of them need a log-in, but the log-in itself and the page that verifies a notice."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from unseen.statistics import views as statistics
from unseen.takedown import notice_views as notices
from unseen.takedown import views as takedown
from unseen.web.views import LogIn

urlpatterns: list[URLPattern] = [
    path("log-in", LogIn.as_view(redirect_authenticated_user=True), name="login"),
    path("log-out", LogoutView.as_view(), name="logout"),
    path("", takedown.item_list, name="items"),
    path("items/<int:number>", takedown.item_page, name="item"),
    path("items/<int:number>/answer", takedown.answer, name="answer"),
    path("items/<int:number>/notices/<uuid:notice_id>/sent", takedown.say_sent, name="sent"),
    path("items/<int:number>/preview", notices.preview, name="preview"),
    path("items/<int:number>/notices/<uuid:notice_id>/task", notices.task, name="task"),
    path("verify", notices.verify, name="verify"),
    path("platforms", statistics.platform_list, name="platforms"),
    path("platforms/<str:key>", statistics.platform_page, name="platform"),
]
