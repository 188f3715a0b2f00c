"""How the door for readings is described: beside the API's framework, and inside its description."""

from __future__ import annotations

from typing import Any

import msgspec

from gemba.quality.control.collecting.reading import Receipt
from gemba.server.ingest.bodies import MOST_READINGS, SentReading

REFUSALS = {
    400: "The body is no JSON",
    401: "Sign in first",
    403: "Not allowed",
    405: "Only POST",
    409: "Refused whole",
    413: "Too large",
    422: "A reading cannot be read; nothing was stored",
    429: "Too much waits already; send it again",
    500: "Our fault; nothing was stored",
    503: "The store cannot be written; send it again",
}


def readings_schemas() -> dict[str, Any]:
    """The schemas of a reading, of its receipt and of the answer to many."""
    _, made = msgspec.json.schema_components(
        [SentReading, Receipt], ref_template="#/components/schemas/{name}"
    )
    value = {"anyOf": [{"type": "string", "maxLength": 60}, {"type": "number"}]}
    sent = made["SentReading"]
    sent["properties"] |= {
        "value": value,
        "size": value | {"default": ""},
        "nominal": value | {"default": ""},
    }
    number = {"type": "integer", "minimum": 0}
    counts = dict.fromkeys(("accepted", "quarantined", "refused", "repeated"), number)
    receipts = {"type": "array", "items": _ref("Receipt")}
    many = {"counts": {"type": "object", "properties": counts}, "receipts": receipts}
    made["Receipts"] = {"type": "object", "properties": many, "required": list(many)}
    return {name: made[name] for name in ("SentReading", "Receipt", "Receipts")}


def readings_path() -> dict[str, Any]:
    """The one operation of the door."""
    many = {"type": "array", "items": _ref("SentReading"), "minItems": 1, "maxItems": MOST_READINGS}
    answer = {"anyOf": [_ref("Receipt"), _ref("Receipts")]}
    responses: dict[int, Any] = {
        200: {
            "description": "What became of each reading, after it is durable and judged",
            "content": {"application/json": {"schema": answer}},
        }
    }
    for status, words in REFUSALS.items():
        responses[status] = {"description": words, "content": {"application/json": {}}}
    return {
        "post": {
            "operationId": "send_readings",
            "summary": "Send one reading or many; each key of source and sequence is taken once",
            "description": "As application/x-ndjson: one reading a line, answered by one receipt a line.",
            "tags": ["Readings"],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"anyOf": [_ref("SentReading"), many]}}},
            },
            "responses": responses,
        }
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
