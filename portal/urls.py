from django.contrib import admin
from django.urls import include, path

from portal import look, views

urlpatterns = [
    path("", include("complaints.urls")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("site.css", look.site_css, name="site_css"),
    path("site.svg", look.site_mark, name="site_mark"),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
]

handler400 = "complaints.views.pages.bad_request"
handler403 = "complaints.views.pages.forbidden"
handler404 = "complaints.views.pages.not_found"
handler500 = "complaints.views.pages.broken"
