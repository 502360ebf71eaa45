"""Small parameter factories for tests."""


def line(unit_amount: int = 1999, quantity: int = 1, currency: str = "usd", name: str = "Print", **more) -> dict:
    price = {"currency": currency, "unit_amount": unit_amount, "product_data": {"name": name}}
    return {"quantity": quantity, "price_data": price, **more}


def session(*lines: dict, **more) -> dict:
    return {
        "mode": "payment",
        "success_url": "http://testserver/checkout/return/?session_id={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://testserver/order/abc",
        "line_items": list(lines) or [line()],
        **more,
    }
