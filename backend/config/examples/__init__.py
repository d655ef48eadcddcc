"""Examples of what is sent and answered, by operation; one file for each part of the API.

The tests wrote them: `scripts/examples` (CONTRIBUTING.md).
"""

from functools import cache
from pathlib import Path
from typing import Any

import orjson

FOLDER = Path(__file__).parent


@cache
def examples() -> dict[str, dict[str, Any]]:
    """By operation id: `status`, and `request` and `response` where the operation has them."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(FOLDER.glob("*.json")):
        found |= orjson.loads(path.read_bytes())
    return found


def show(operation: dict[str, Any]) -> None:
    """Put the examples of an operation into its OpenAPI description."""
    example = examples().get(operation["operationId"], {})
    if "request" in example:
        _into(operation.get("requestBody", {}), example["request"])
    if "response" in example:
        answers = {str(status): answer for status, answer in operation["responses"].items()}
        _into(answers.get(str(example["status"]), {}), example["response"])


def _into(place: dict[str, Any], example: Any) -> None:
    content = place.get("content", {}).get("application/json")
    if content is not None:
        content["example"] = example
