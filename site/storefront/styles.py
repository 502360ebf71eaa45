"""The style page for developers: every component on one page, with made-up contents. It exists only with DEBUG."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from products import cards, catalogue
from products.tree import tree

COLOURS = ("paper", "sheet", "plate", "ink", "soft", "line", "edge", "accent", "good", "wash", "night")


def styles(request: HttpRequest) -> HttpResponse:
    shelves = tree(request)
    states = [cards.availability(units) for units in (9, 2, 0)]
    options = [cards.Option(name, name, "", "", state) for name, state in zip(("A3", "A2", "A1"), states, strict=True)]
    order = {
        "changes": ["The price of “Blue Heron” has changed since you added it: $26.00 instead of $24.50."],
        "rows": [
            ("Subtotal", "$48.00", "subtotal"),
            ("Welcome (TEN)", "−$4.80", "discount"),
            ("Total", "$43.20", "total"),
        ],
        "currency": "USD",
        "downloads": {
            "files": [{"title": "A3 print", "path": "#", "filename": "heron-a3.pdf", "size": "4.2 MB"}],
            "until": timezone.now() + timedelta(days=7),
        },
        "timeline": [{"label": "Paid", "at": timezone.now()}, {"label": "Next: we pack your order."}],
    }
    chips = [{"label": label, "url": "#"} for label in ("In stock", "from 20")]
    context = {
        "colours": COLOURS,
        "states": states,
        "options": options,
        "choices": ["Size"],
        "trail": shelves.menu[:1],
        "items": cards.item_cards(shelves, catalogue.newest_ids(4)),
        "removed": {"name": "Blue Heron", "action": "#", "item_id": 1, "quantity": 1, "variant": ""},
        "order": order,
        "filters": {"active": chips, "action": "#", "clear": "#"},
        "paging": {"pages": [{"number": 1, "url": "#", "current": True}, {"number": 2, "url": "#"}], "next": "#"},
    }
    return render(request, "developers/styles.html", context)
