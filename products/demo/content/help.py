"""The pages that answer questions, by slug: title and text."""

ARTICLES = {
    "contact": (
        "Contact",
        "Write to hello@slowline.example and we answer on the next working day. The order number helps us find things.",
    ),
    "delivery": (
        "Delivery",
        "Small things leave the next working day, prints within three. Postage is in the price. From Ghent, allow a "
        "week "
        "inside Europe and two outside it.",
    ),
    "returns": (
        "Returns",
        "Within thirty days, in the wrapping it came in. Write first, and we send the address and refund the lot.",
    ),
    "privacy": (
        "Privacy",
        "This is a demo shop. It sets cookies for the basket and the language alone, loads nothing from others "
        "before you "
        "pay, and hands data only to Stripe, to carry out the payment.",
    ),
}
