"""Which path leads to which stage's pages."""

from django.urls import URLPattern, URLResolver, include, path
from ninja import NinjaAPI

from unseen.exchange.views import router as exchange_router
from unseen.intake.views import router as intake_router

api = NinjaAPI(title="Unseen", version="1", docs_url=None, openapi_url="/openapi.json")
api.add_router("/intake", intake_router)
api.add_router("/exchange", exchange_router)

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("", include("unseen.web.urls")),
]
