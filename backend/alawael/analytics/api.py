from ninja import Field, Query, Router, Schema

from alawael.accounts.permissions import SignedInRequest, may
from alawael.analytics import queries
from alawael.analytics.schemas import DashboardOut
from alawael.core.clock import business_day, now
from alawael.core.schemas import PROBLEMS, Day

router = Router()


class DashboardQuery(Schema):
    end: Day | None = Field(None, description="Last month; the last one with sales if left out.")
    months: int = Field(12, ge=1, le=36)


@router.get(
    "/dashboard",
    auth=may("report:read"),
    response={200: DashboardOut, **PROBLEMS},
    operation_id="dashboard",
    summary="Revenue by month, best products and customers, receivables by age",
)
def dashboard(request: SignedInRequest, query: Query[DashboardQuery]) -> queries.Dashboard:
    return queries.dashboard(
        today=business_day(now()), end=query.end, months=query.months, sight=request.sight
    )
