from django.urls import path, re_path

from config.api import api
from config.web_app import web_app

urlpatterns = [
    path("api/", api.urls),
    re_path(r"^(?P<path>.*)$", web_app),
]
