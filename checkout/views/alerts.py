"""“Tell me when it is back”: the form, the link that confirms, the link that ends it.

Links only show a button, which posts: programs that look into mails follow every link.
"""

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language, gettext, gettext_lazy

from products import catalogue, languages
from products.models import ItemPage

from .. import alerts, lines, ratelimit, refusals, visitors
from ..models import StockAlert
from ..refusals import Refused
from .buy import refuse_foreign_post
from .find import ThenMail
from .http import params, route, wants_html, whole_id

SENT = gettext_lazy(
    "Please look into your mailbox and confirm that it was you. If you did so before, there is nothing left to do."
)
PAGE = "checkout/alert.html"


@route("GET", "POST")
def ask(request: HttpRequest, item_id: str) -> HttpResponse:
    """The form by itself, and its one neutral answer."""
    refuse_foreign_post(request)
    given = params(request)
    language = languages.supported(given.get("language") or get_language() or "")
    translation.activate(language)  # the page that the form stood on; LanguageMiddleware sets it anew for each request
    if request.method != "POST":
        return _form(request, _item(item_id), given)
    visitor = visitors.visitor_of(request)
    ratelimit.check("alert", visitor.identity, 10, 60)
    wanted = lines.thing(whole_id(item_id), given.get("variant", ""))
    item, kind = wanted.item, wanted.kind
    email = given.get("email", "").strip()
    if not _is_address(email):
        return _form(request, item, given, gettext("Please give an e-mail address, like name@example.com."))
    if not alerts.is_sold_out(item, kind):
        return _in_stock(request, item)
    alerts.ask(item=item, variant=kind, email=email, language=language)
    response = ThenMail(render_to_string(PAGE, {"title": _title(), "notice": SENT, "item": item}, request))
    if not wants_html(request):
        response = ThenMail(JsonResponse({"message": SENT}).content, content_type="application/json")
    visitors.remember(request, response, visitor)
    return response


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= 254  # the column's length; the validator lets longer ones pass


def _title() -> str:
    return gettext("Tell me when it is back")


def _item(item_id: str) -> ItemPage:
    try:
        return catalogue.item_for_sale(whole_id(item_id))
    except catalogue.ItemNotFound:
        raise refusals.not_found() from None


def _form(request: HttpRequest, item: ItemPage, given: dict[str, str], error: str = "") -> HttpResponse:
    """Once more with what was typed. In JSON the error alone."""
    choices = catalogue.choices(item)
    out = [choice.name for choice in choices if choice.available <= 0]
    if not error and not (out if choices else alerts.is_sold_out(item, None)):
        return _in_stock(request, item)
    if not wants_html(request):
        raise refusals.bad_request(error or gettext("Send item, variant and e-mail address by POST."))
    context = {"title": _title(), "item": item, "names": out, "given": given, "error": error}
    return render(request, PAGE, context, status=400 if error else 200)


def _in_stock(request: HttpRequest, item: ItemPage) -> HttpResponse:
    text = gettext("“%(name)s” can be bought now: there is nothing to wait for.") % {"name": item.title}
    if not wants_html(request):
        raise Refused("in_stock", text, 409)
    context = {"title": gettext("It is in stock"), "notice": text, "item": item}
    return render(request, PAGE, context, status=409)


@route("GET", "POST")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The person behind the address says that it was them."""
    alert = _of_link(alerts.CONFIRM, token)
    if alert is None:
        raise _no_link()
    if request.method == "POST":
        alerts.confirm(alert)
    done = request.method == "POST" or alert.confirmed_at is not None
    text = gettext("You get one mail when it can be bought again, and then your address is deleted.")
    return _about(request, alert, _title(), done=done, text=text, action=gettext("Yes, tell me"))


@route("GET", "POST")
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ends it: by the page's button, or by a mail program that posts by itself."""
    alert = _of_link(alerts.STOP, token)
    if alert is not None and request.method == "POST":
        alerts.stop(alert)
        alert = None
    text = gettext("We no longer have your address for this, and send no mail about it.")
    return _about(
        request, alert, gettext("No mail about this"), done=alert is None, text=text, action=gettext("No mail, please")
    )


def _of_link(purpose: str, token: str) -> StockAlert | None:
    try:
        alert = alerts.find(purpose, token)
    except BadSignature:
        raise _no_link() from None
    if alert is not None:
        translation.activate(languages.supported(alert.language))
    return alert


def _no_link() -> Refused:
    return Refused("link_expired", gettext("This link no longer works. You can ask again on the item’s page."), 410)


def _about(
    request: HttpRequest, alert: StockAlert | None, title: str, *, done: bool, text: str, action: str
) -> HttpResponse:
    if not wants_html(request):
        return JsonResponse({"done": done})
    context = {"title": title, "notice": text if done else "", "action": action}
    if alert is not None:
        page = alerts.page_of(alert)
        context |= {"thing": alerts.name_of(alert, page), "item": page}
    return render(request, PAGE, context)
