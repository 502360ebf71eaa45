from django.urls import include, path

urlpatterns = [path("", include("checkout.sandbox.urls"))]
