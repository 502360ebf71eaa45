"""Addresses of the catalogue. The last one takes every page address, so this module is included after all others."""

from django.urls import re_path

from . import feeds, views

urlpatterns = [
    # at most nine digits: more is no id, and Python refuses to read numbers of thousands of digits
    re_path(r"^item/(?P<item_id>[0-9]{1,9})/?$", views.item, name="item"),
    re_path(r"^search/?$", views.search, name="search"),
    re_path(r"^search/suggest/?$", views.suggest, name="suggest"),
    re_path(r"^sitemap\.xml/?$", views.sitemap, name="sitemap"),
    re_path(r"^robots\.txt/?$", views.robots, name="robots"),
    re_path(r"^feeds/merchant\.xml/?$", views.merchant, name="merchant"),
    re_path(r"^feeds/items\.rss/?$", feeds.ItemFeed(), name="feed"),
    # `_util/…` is Wagtail's own
    re_path(r"^(?P<path>(?:(?!_)[\w-]+(?:/[\w-]+)*)?)/?$", views.page, name="page"),
]
