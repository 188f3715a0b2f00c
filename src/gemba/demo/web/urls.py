"""The addresses of a plant, and those that the demo adds."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from gemba.demo.web import views
from gemba.server import urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("demo/enter/<str:secret>", views.enter, name="demo_enter"),
    path("demo/be", views.be, name="demo_be"),
    path("demo/pass", views.let_pass, name="demo_pass"),
    path("demo/lines", views.lines, name="demo_lines"),
    *urls.urlpatterns,
]
handler400, handler404, handler500 = urls.handler400, urls.handler404, urls.handler500
