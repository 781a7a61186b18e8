"""The id that ties a request's log lines, audit entries and error page together."""

from contextvars import ContextVar

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="")
