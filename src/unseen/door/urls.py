"""The public pages. Their path begins with their language: /en/door, /ko/door; a path without one is led to it."""

from django.urls import URLPattern, path

from unseen.door import help_views, receipt_views, report_views

urlpatterns: list[URLPattern] = [
    path("door", report_views.start, name="door"),
    path("door/report", report_views.report, name="door_report"),
    path("door/receipt", receipt_views.come_back, name="door_receipt"),
    path("door/case", receipt_views.case, name="door_case"),
    path("door/away", receipt_views.away, name="door_away"),
    path("door/pack.pdf", help_views.pack, name="door_pack"),
    path("door/help/<slug:key>", help_views.help_page, name="door_help"),
]
