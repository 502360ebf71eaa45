"""Routes of the checkout. Each answers with and without its last slash: a redirect would lose a POST."""

from django.urls import include, path, re_path

from .views import alerts, basket, buy, download, find, intent, order, returns, webhook

ITEM = r"(?P<item_id>[0-9]{1,19})"
TOKEN = r"(?P<token>[\w-]{1,64})"  # noqa: S105 - a pattern
SIGNED = r"(?P<token>[\w:-]{1,200})"

urlpatterns = [
    re_path(rf"^buy/{ITEM}/?$", buy.buy, name="buy"),
    re_path(r"^order/new/?$", order.order_new, name="order_new"),
    re_path(r"^order/find/?$", find.order_find, name="order_find"),
    re_path(rf"^order/put/{TOKEN}/?$", order.order_put, name="order_put"),
    re_path(rf"^order/set/{TOKEN}/?$", order.order_set, name="order_set"),
    re_path(rf"^order/discount/{TOKEN}/?$", order.order_discount, name="order_discount"),
    re_path(rf"^order/shipping/{TOKEN}/?$", order.order_shipping, name="order_shipping"),
    re_path(rf"^order/note/{TOKEN}/?$", order.order_note, name="order_note"),
    re_path(rf"^order/again/{TOKEN}/?$", basket.basket_again, name="order_again"),
    re_path(rf"^order/buy/{TOKEN}/?$", buy.order_buy, name="order_buy"),
    re_path(rf"^order/intent/{TOKEN}/?$", intent.order_intent, name="order_intent"),
    re_path(rf"^order/pay/{TOKEN}/?$", intent.order_pay, name="order_pay"),
    re_path(rf"^order/downloads/{TOKEN}/?$", download.downloads_renew, name="order_downloads"),
    re_path(r"^download/(?P<signed>[\w:.-]{1,200})/?$", download.download, name="download"),
    re_path(rf"^order/{TOKEN}/?$", order.order_show, name="order"),
    re_path(r"^basket/?$", basket.basket_show, name="basket"),
    re_path(rf"^basket/add/{ITEM}/?$", basket.basket_add, name="basket_add"),
    re_path(r"^checkout/return/?$", returns.checkout_return, name="checkout_return"),
    re_path(r"^stripe/webhook/?$", webhook.stripe_webhook, name="stripe_webhook"),
    re_path(rf"^back-in-stock/{ITEM}/?$", alerts.ask, name="back_in_stock"),
    re_path(rf"^back-in-stock/confirm/{SIGNED}/?$", alerts.confirm, name="back_in_stock_confirm"),
    re_path(rf"^back-in-stock/stop/{SIGNED}/?$", alerts.stop, name="back_in_stock_stop"),
    path("", include("checkout.sandbox.urls")),
]
