"""What the published description says beyond what the operations say themselves: so that it tells no lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.schema import NinjaGenerateJsonSchema

from gemba.quality.records.screen import Screen, screens
from gemba.quality.records.screen.query import OPERATORS
from gemba.server.api import schemas
from gemba.server.api.readings import readings_path, readings_schemas

PROBLEM = {"$ref": "#/components/schemas/Problem"}
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "Any text of your own: the request is done once, however often it is sent with it.",
    "schema": {"type": "string", "maxLength": 200},
}
VERSION = {
    "in": "header",
    "name": "If-Match",
    "description": "The ETag that was read.",
    "schema": {"type": "string", "pattern": r'^"[0-9]{1,9}"$'},
    "example": '"1"',
}
ETAG = {"ETag": {"description": "The version of the record.", "schema": {"type": "string"}}}
BESIDE = ("add_remark", "list_remarks", "open_task", "attach_file")
FOLLOWED = {"open_task": "complete_task", "attach_file": "get_attachment"}
"""Operation -> the one that goes on with the id it gave."""
ASKS = {
    "is": "Any of these, with commas.",
    "has": "Contains this.",
    "from": "This or more, or later.",
    "to": "This or less, or earlier; a day is meant to its end.",
    "empty": "yes: only those without; no: only those with a value.",
}


OWN = (
    "Fields of your own, which differ from plant to plant, narrow and sort the list too: own-KEY, "
    "own-KEY.has, own-KEY.from, own-KEY.to, own-KEY.empty and sort=own-KEY or sort=-own-KEY; "
    "each is a value of every row."
)


class PlantAPI(NinjaAPI):
    """The API with its description made whole, once for each language and to be left as it is."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._described: dict[tuple[str, str | None], OpenAPISchema] = {}

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        root = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        asked = root, get_language()
        if asked not in self._described:
            self._described[asked] = self._describe(root)
        return self._described[asked]

    def _describe(self, root: str) -> OpenAPISchema:
        made = super().get_openapi_schema(path_prefix=root)
        made["paths"][f"/{root.strip('/')}/readings"] = readings_path()
        made["components"]["schemas"].update(readings_schemas() | _problem_schemas())
        made["components"]["securitySchemes"] = _security()
        by_name = {screen.kind.name: screen for screen in screens()}
        operations = {item["operationId"]: item for _, _, item in operations_of(made)}
        for path, method, operation in operations_of(made):
            operation["security"] = [{"Token": []}, {"Session": []}]
            _say_problems(operation)
            _say_headers(path, method, operation)
            _say_filters(operation, by_name)
            _say_links(operation, operations)
        return made


def operations_of(made: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of every operation."""
    for path, item in made["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _security() -> dict[str, Any]:
    return {
        "Token": {"type": "http", "scheme": "bearer"},
        "Session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
    }


def _problem_schemas() -> dict[str, Any]:
    """Of a problem, once: as the model of each status of each operation it costs a second of every start."""
    made = schemas.Problem.model_json_schema(
        ref_template=REF_TEMPLATE, schema_generator=NinjaGenerateJsonSchema, mode="serialization"
    )
    inner: dict[str, Any] = made.pop("$defs")
    return {**inner, "Problem": made}


def _say_problems(operation: dict[str, Any]) -> None:
    for status, answer in operation["responses"].items():
        if int(status) >= 400:
            answer["content"] = {"application/problem+json": {"schema": PROBLEM}}


def _say_headers(path: str, method: str, operation: dict[str, Any]) -> None:
    parameters = operation.setdefault("parameters", [])
    if method == "patch":
        parameters.append({**VERSION, "required": True})
    elif "/moves/" in path:
        parameters.append({**VERSION, "required": False})
    if method == "post" and not path.endswith(("/readings", "/attachments")):
        parameters.append(KEY)
    for answer in operation["responses"].values():
        if "/ObjectOut" in str(answer.get("content")):
            answer["headers"] = ETAG


def _say_filters(operation: dict[str, Any], by_name: Mapping[str, Screen]) -> None:
    kind, _, name = operation["operationId"].partition("_")
    screen = by_name.get(name) if kind == "list" else None
    if screen is None:
        return
    sorts = [sign + column for column in screen.sortable() for sign in ("", "-")]
    for parameter in operation["parameters"]:
        if parameter["name"] == "sort":
            parameter["schema"] = {"type": "string", "enum": ["", *sorts], "default": ""}
    operation["description"] = OWN
    for item in screen.filters:
        source = screen.source(item.name)
        for operator in OPERATORS[source.kind]:
            operation["parameters"].append(_filter(item.name, operator, source.choices))


def _filter(name: str, operator: str, choices: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "in": "query",
        "name": name if operator == "is" else f"{name}.{operator}",
        "required": False,
        "description": ASKS[operator],
        "schema": {"type": "string"},
    }
    if operator == "is" and choices:
        made["description"] += f" One of: {', '.join(value for value, _ in choices)}."
        made["example"] = choices[0][0]
    return made


def _say_links(operation: dict[str, Any], operations: Mapping[str, Any]) -> None:
    """Which operations go on with what this one gave."""
    kind, _, name = operation["operationId"].partition("_")
    reference = {"reference": "$response.body#/id"}
    if kind == "create":
        about = [item for item in operations if item.endswith(f"_{name}")]
        onward: dict[str, Mapping[str, str]] = dict.fromkeys(about, reference)
        onward = {item: asks for item, asks in onward.items() if not item.startswith(("list_", "create_"))}
        onward[f"change_{name}"] = reference | {"header.If-Match": "$response.header.ETag"}
        _link(operation, 201, onward | dict.fromkeys(BESIDE, reference))
    if operation["operationId"] in FOLLOWED:
        onward = {FOLLOWED[operation["operationId"]]: {"identity": "$response.body#/id"}}
        _link(operation, 201, onward)


def _link(operation: dict[str, Any], status: int, onward: Mapping[str, Mapping[str, str]]) -> None:
    links = {name: {"operationId": name, "parameters": dict(asks)} for name, asks in onward.items()}
    operation["responses"][status]["links"] = links
