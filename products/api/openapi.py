"""The API in words that programs read (OpenAPI 3.1). Kept true by a test that asks the API itself."""

from typing import Any

AMOUNT = {"type": "integer", "description": "Minor units as Stripe counts them: 1999 is 19.99 USD, 500 is 500 JPY."}
AVAILABILITY = {"type": "string", "enum": ["in", "few", "out"], "description": "in stock, only a few left, sold out"}
PRICE = {
    "type": ["object", "null"],
    "description": "What it costs now; regular_amount is more than amount during a sale. Amounts are minor units.",
    "properties": {
        "amount": AMOUNT,
        "regular_amount": AMOUNT,
        "currency": {"type": "string", "examples": ["USD"]},
        "from": {"type": "boolean", "description": "Variants differ in price; this is the lowest."},
        "sale_ends": {"type": ["string", "null"], "format": "date-time"},
    },
}
VARIANT = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "sku": {"type": "string"},
        "amount": AMOUNT,
        "regular_amount": AMOUNT,
        "availability": AVAILABILITY,
    },
}
PICTURE = {
    "type": "object",
    "properties": {
        "url": {"type": "string", "format": "uri"},
        "width": {"type": "integer"},
        "height": {"type": "integer"},
        "alt": {"type": "string", "description": "What can be seen."},
    },
}
ITEM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "integer", "description": "The id in /item/<id> and /buy/<id>."},
        "meta": {"type": "object", "description": "Address, slug, language, time of first publication."},
        "title": {"type": "string", "description": "The name."},
        "summary": {"type": "string", "description": "One sentence."},
        "sku": {"type": "string", "description": "The article number."},
        "price": PRICE,
        "availability": AVAILABILITY,
        "description": {"type": "array", "items": {"type": "object"}, "description": "Blocks of text and pictures."},
        "variants": {"type": "array", "items": VARIANT, "description": "Sizes, colours; empty for most items."},
        "tags": {"type": "array", "items": {"type": "string"}, "description": "Words, in the item's language."},
        "pictures": {"type": "array", "items": PICTURE, "description": "The gallery."},
    },
}
PAGE = {
    "type": "object",
    "properties": {"id": {"type": "integer"}, "meta": {"type": "object"}, "title": {"type": "string"}},
}


def document(base_url: str) -> dict[str, Any]:
    """The whole description; `base_url` is the shop's own address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Catalogue",
            "version": "2",
            "description": "What the shop sells, for reading. No key is needed; nothing of drafts, stock or buyers.",
        },
        "servers": [{"url": base_url}],
        "paths": {
            "/api/v2/items/": _listing("Items that are for sale", "Item"),
            "/api/v2/items/{id}/": _one("One item", "Item"),
            "/api/v2/pages/": _listing("Public pages", "Page"),
            "/api/v2/pages/{id}/": _one("One page", "Page"),
        },
        "components": {"schemas": {"Item": ITEM, "Page": PAGE}},
    }


def _listing(summary: str, schema: str) -> dict[str, Any]:
    of = {"type": "array", "items": {"$ref": f"#/components/schemas/{schema}"}}
    found = {
        "type": "object",
        "properties": {"meta": {"type": "object", "properties": {"total_count": {"type": "integer"}}}, "items": of},
    }
    parameters = [
        _parameter("limit", "integer", "At most 20."),
        _parameter("offset", "integer", "How many to leave out."),
        _parameter("search", "string", "Words to look for."),
        _parameter("order", "string", "A field, with a minus for the other way round."),
        _parameter("fields", "string", "Which fields, separated by commas; * for all."),
    ]
    return {"get": {"summary": summary, "parameters": parameters, "responses": _answers(found)}}


def _one(summary: str, schema: str) -> dict[str, Any]:
    where = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    answers = _answers({"$ref": f"#/components/schemas/{schema}"}) | {"404": {"description": "Not public, or unknown."}}
    return {"get": {"summary": summary, "parameters": [where], "responses": answers}}


def _parameter(name: str, kind: str, words: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": kind}, "description": words}


def _answers(schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "200": {"description": "Found.", "content": {"application/json": {"schema": schema}}},
        "400": {"description": "A parameter is not understood; the message says which."},
    }
