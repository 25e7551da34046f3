"""The read API: /api/v1/ with its OpenAPI document, put together from the `api` modules of the rooms."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from letopis.access.api import ReadKey
from letopis.app.refusals import PROBLEM
from letopis.app.rooms import ROOMS
from letopis.base.errors import SenderError

REFUSALS = {
    400: "A parameter cannot be understood",
    401: "No key, or none of ours",
    403: "A key that only sends",
    404: "There is no such thing in the business of this key",
    429: "Too often; Retry-After says when",
}
_TEXT = {"type": "string"}
_PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "field": {"type": "string", "description": "The parameter that is wrong"},
        "remedy": {"type": "string", "description": "What to do now"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}


class ReadApi(NinjaAPI):
    """The API whose document says how its addresses refuse, too."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"]["Problem"] = _PROBLEM_SCHEMA
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for path in schema["paths"].values():
            for operation in path.values():
                for status, meaning in REFUSALS.items():
                    operation["responses"].setdefault(status, {"description": meaning, "content": content})
        return schema


api = ReadApi(
    title="Letopis: read API",
    version="1",
    description="Read what Letopis knows of one business. Keys are made on the page Sources with the scope read.",
    auth=ReadKey(),
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)

for room in ROOMS:
    if find_spec(f"letopis.{room}.api"):
        api.add_router("", import_module(f"letopis.{room}.api").router)


def _problem(request: HttpRequest, status: int, title: str, **more: Any) -> HttpResponse:
    answer = api.create_response(
        request, {"type": "about:blank", "title": title, "status": status, **more}, status=status
    )
    answer["Content-Type"] = PROBLEM
    return answer


@api.exception_handler(AuthenticationError)
def no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = _problem(request, 401, "No valid key", detail="Send Authorization: Bearer with a read key.")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _problem(request, error.status_code, str(error))


@api.exception_handler(SenderError)
def wrong_value(request: HttpRequest, error: SenderError) -> HttpResponse:
    return _problem(request, 400, error.message, field=error.field, remedy=error.hint)


@api.exception_handler(ValidationError)
def wrong_values(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Names the fields and what is wrong with them, never the values."""
    wrong = [{"field": str(one["loc"][-1]), "remedy": one["msg"]} for one in error.errors]
    return _problem(request, 400, "A parameter cannot be understood", errors=wrong)
