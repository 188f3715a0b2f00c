"""Every address of the pages and the API; who may is said in ``access``."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from gemba.server.api.api import make_api
from gemba.server.web.page import twin
from gemba.server.web.views import (
    accounts,
    additions,
    bringing,
    capas,
    changes,
    charts,
    coverage,
    lists,
    objects,
    people,
    points,
    policies,
    printing,
    quarantine,
    readings,
    settings,
    style,
    thread,
    trail,
    uploads,
    work,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/login", account.login, name="account_login"),
    path("account/logout", account.logout, name="account_logout"),
    path("account/inactive", account.account_inactive, name="account_inactive"),
    path("account/signup", account.signup, name="account_signup"),
    path("account/reauthenticate", account.reauthenticate, name="account_reauthenticate"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("setup/<str:secret>", accounts.setup, name="setup"),
    path("trust", accounts.trust, name="trust"),
    path("trust/authority.crt", accounts.trust_certificate, name="trust_certificate"),
    path("api/v1/", make_api().urls),
    *twin("", work.home, "home"),
    *twin("me", accounts.me, "me"),
    *twin("style", style.style, "style"),
    *twin("tasks", work.tasks, "tasks"),
    *twin("desk", work.tasks, "tasks"),
    path("tasks/<int:identity>", work.task_done, name="task"),
    *twin("search", trail.search, "search"),
    path("find.json", trail.palette, name="find"),
    *twin("loop", work.loop, "loop"),
    *twin("loop/failed", work.deliveries, "deliveries"),
    *twin("trail", trail.trail, "trail"),
    *twin("people", people.people, "people"),
    *twin("people/<int:identity>", people.person, "person"),
    *twin("people/tokens", people.tokens, "tokens"),
    *twin("sites", people.sites, "sites"),
    *twin("rules", policies.rules, "rules"),
    *twin("sites/<str:code>/calendar", settings.calendar, "calendar"),
    *twin("fields", settings.fields, "fields"),
    *twin("readings/<int:identity>", readings.reading, "reading"),
    *twin("coverage", coverage.coverage, "coverage"),
    *twin("charts", charts.charts, "charts"),
    *twin("charts/<int:stream>", charts.chart, "chart"),
    path("charts/<int:stream>/capability.pdf", printing.chart_capability, name="chart_capability"),
    path("charts/<int:stream>/side", charts.chart_side, name="chart_side"),
    path("charts/<int:stream>/figure.json", charts.chart_figure, name="chart_figure"),
    path("charts/<int:stream>/histogram.json", charts.chart_histogram, name="chart_histogram"),
    *twin("charts/<int:stream>/points/<str:point>", points.chart_point, "chart_point"),
    *twin("quarantine", quarantine.quarantine, "quarantine"),
    path("upload", uploads.upload, name="upload"),
    *twin("brought/<int:identity>", bringing.brought, "brought"),
    *twin("upload/<slug:mark>", uploads.look, "upload_look"),
    path("upload/<slug:mark>/<slug:which>.json", uploads.figure, name="upload_figure"),
    path("upload/<slug:mark>/refused.csv", uploads.refused, name="upload_refused"),
    path("capas/<int:identity>/figure.json", capas.figure, name="capa_figure"),
    path("records/<slug:type_name>/<str:reference>/add", additions.add, name="record_add"),
    path("files/<int:identity>", additions.file, name="attachment"),
    *twin("records/<slug:type_name>", lists.record_list, "records"),
    *twin("records/<slug:type_name>/new", changes.new_record, "record_new"),
    *twin("records/<slug:type_name>/<str:reference>/edit", changes.edit_record, "record_edit"),
    *twin("records/<slug:type_name>/<str:reference>/moves/<slug:move>", changes.move_record, "record_move"),
    *twin(
        "records/<slug:type_name>/<str:reference>/versions/<int:number>", objects.differences, "differences"
    ),
    *twin("records/<slug:type_name>/<str:reference>/thread", thread.thread, "record_thread"),
    path("records/<slug:type_name>/<str:reference>/print", printing.record_print, name="record_print"),
    *twin("records/<slug:type_name>/<str:reference>", objects.record, "record"),
]
handler400 = "gemba.server.web.problems.bad_request"
handler404 = "gemba.server.web.problems.not_found"
handler500 = "gemba.server.web.problems.server_error"
