from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from complaints.views.whose import acts_on

from . import static_files, views
from .look import site

urlpatterns = [
    path("", include("complaints.urls")),
    path("admin/", admin.site.urls),
    path("i18n/setlang/", acts_on()(set_language), name="set_language"),
    path("site.css", site.site_css, name="site_css"),
    path("site.svg", site.site_mark, name="site_mark"),
    path("static/<path:path>", static_files.of_another_version),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
]

handler400 = "complaints.views.public.pages.bad_request"
handler403 = "complaints.views.public.pages.forbidden"
handler404 = "complaints.views.public.pages.not_found"
handler500 = "complaints.views.public.pages.broken"
