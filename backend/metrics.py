"""What Prometheus may know of the office: counts and times, never whose."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

REQUESTS = Histogram("office_request_seconds", "Time of an answer.", ["method", "route"])
ERRORS = Counter("office_errors_total", "Answers that were refusals, by key.", ["key"])
