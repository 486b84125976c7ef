"""A body that is read by whoever it is for: all that is wrong with it can then be told at once."""

from typing import Annotated, Any

from fastapi import Body
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from contracts.api import NewReferral


class _AsReferral:
    """Any object to whoever sends it, a NewReferral to whoever reads the documentation."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler(source)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(NewReferral.__pydantic_core_schema__)


TypedReferral = Annotated[dict[str, Any], _AsReferral(), Body()]
"""A referral as typed, whole and right or not."""
