from pydantic import ConfigDict

from alawael.accounts.schemas import RoleKeyText
from alawael.core.schemas import In


class ViewAsIn(In):
    model_config = ConfigDict(json_schema_extra={"example": {"role": "sales"}})

    role: RoleKeyText
