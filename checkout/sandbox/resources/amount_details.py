"""`amount_details` of a payment intent: the shop's own breakdown, which must add up to the amount.

https://docs.stripe.com/payments/payment-line-items
"""

from checkout.sandbox import params
from checkout.sandbox.errors import invalid

_tax = params.shape({"total_tax_amount": params.integer(0)}, ("total_tax_amount",))
_line = {
    "discount_amount": params.integer(0),
    "product_code": params.text(12),
    "product_name": params.text(1024),
    "quantity": params.integer(1),
    "tax": _tax,
    "unit_cost": params.integer(0),
    "unit_of_measure": params.text(12),
}
SHAPE = params.shape(
    {
        "discount_amount": params.integer(0),
        "enforce_arithmetic_validation": params.boolean,
        "line_items": params.listing(params.shape(_line, ("product_name", "quantity", "unit_cost")), 200),
        "shipping": params.shape(
            {"amount": params.integer(0), "from_postal_code": params.text(10), "to_postal_code": params.text(10)}
        ),
        "tax": _tax,
    }
)


def shown(details: dict, amount: int) -> dict:
    """The breakdown as the intent shows it. Refuses one that does not add up to `amount` (minor units),

    or notes the error inside it when `enforce_arithmetic_validation` is false.
    """
    enforced = details.get("enforce_arithmetic_validation", True)
    answer = {name: value for name, value in details.items() if name != "enforce_arithmetic_validation"}
    problem = _problem(answer, amount)
    if problem and enforced:
        raise invalid(problem, "amount_details", "amount_details_invalid")
    if problem:
        answer["error"] = {"code": "amount_details_invalid", "message": problem}
    return {"tip": {}, **answer}


def _problem(details: dict, amount: int) -> str:
    lines = details.get("line_items", [])
    for name, at_total, at_line in (
        ("discount", "discount_amount" in details, any("discount_amount" in line for line in lines)),
        ("tax", "tax" in details, any("tax" in line for line in lines)),
    ):
        if at_total and at_line:
            return f"The {name} can be given for the whole payment or for its line items, not both."
    if not lines:
        return ""
    goods = sum(line["unit_cost"] * line["quantity"] for line in lines)
    discount = details.get("discount_amount", 0) + sum(line.get("discount_amount", 0) for line in lines)
    tax = _tax_amount(details) + sum(_tax_amount(line) for line in lines)
    shipping = details.get("shipping", {}).get("amount", 0)
    total = goods - discount + tax + shipping
    if total == amount:
        return ""
    return (
        f"The amount {amount} does not match the sum of amount_details: line items {goods} - discount {discount} "
        f"+ tax {tax} + shipping {shipping} = {total}."
    )


def _tax_amount(part: dict) -> int:
    return part.get("tax", {}).get("total_tax_amount", 0)
