from typing import Annotated
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict, StringConstraints, field_validator

from alawael.accounts.schemas import PermissionOut, PermissionText, RoleKeyText
from alawael.core.schemas import In, Out, storable

AskedText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class ViewAsIn(In):
    model_config = ConfigDict(json_schema_extra={"example": {"role": "sales"}})

    role: RoleKeyText


class AboutQuery(Schema):
    user_id: UUID | None = Field(None, description="About whom; left out: about the caller.")


class ExplainQuery(AboutQuery):
    permission: PermissionText | None = Field(None, description="May they do this?")
    operation: AskedText | None = Field(
        None, description="May they call this route (its operationId)?", examples=["post_invoice"]
    )
    kind: AskedText | None = Field(
        None, description="May they see this kind of record?", examples=["sales_order"]
    )
    record: AskedText | None = Field(
        None, description="Which one of the kind: its id or its number.", examples=["SO-000001"]
    )

    @field_validator("*", mode="after")
    @classmethod
    def _storable(cls, value: object) -> object:
        return storable(value)


class StepOut(Out):
    rule: str = Field(
        description=(
            "active, password, second_factor, token, permission, whole_company, record, "
            "customers, warehouses or fields."
        ),
        examples=["customers"],
    )
    passed: bool
    said_en: str
    said_ar: str
    change_en: str = Field(description="What would change it; empty when nothing has to.")
    change_ar: str


class PersonOut(Out):
    id: UUID
    name_en: str
    name_ar: str


class ExplanationOut(Out):
    user: PersonOut
    allowed: bool = Field(description="Hidden figures (the step “fields”) refuse nothing.")
    steps: list[StepOut]


class KindOut(Out):
    kind: str = Field(examples=["sales_order"])
    name_en: str
    name_ar: str


class ChoicesOut(Out):
    kinds: list[KindOut]
    permissions: list[PermissionOut]


class HeldRoleOut(Out):
    key: str
    name_en: str
    name_ar: str
    own_customers_only: bool
    own_warehouses_only: bool


class GrantedOut(PermissionOut):
    roles: list[str] = Field(description="The keys of the person's roles that grant it.")


class RightsOut(Out):
    user: PersonOut
    roles: list[HeldRoleOut]
    permissions: list[GrantedOut]
    own_customers_only: bool
    warehouse_ids: list[UUID] | None = Field(description="Null means all.")
    hidden: list[PermissionOut] = Field(
        description="What the person would need to see all fields of what they see."
    )
