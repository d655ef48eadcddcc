from typing import Any, Literal
from uuid import UUID

from ninja import Field

from alawael.accounts.models import Language
from alawael.accounts.schemas import EmailText, NameText, PasswordText
from alawael.core.schemas import In, Moment, Out
from alawael.parties.schemas import CompanyIn


class HealthOut(Out):
    status: Literal["ok", "degraded", "down"] = Field(examples=["ok"])
    database: Literal["connected", "unreachable"]
    cache: Literal["operational", "degraded", "disabled"]
    uptime: str = Field(examples=["30s"])
    memory: str = Field(examples=["86Mb"])
    version: str = Field(examples=["0.1.0"])
    environment: str
    engine: Literal["sqlite", "mongodb"]
    worker: Literal["working", "silent"]
    jobs_waiting: int
    dead_letters: int
    milliseconds: float = Field(description="How long the database took to answer.")


class LiveOut(Out):
    status: Literal["ok"]


class ReadyOut(Out):
    status: Literal["ready", "not_ready"]
    reason: str | None = None


class SetUpState(Out):
    needed: bool = Field(description="Whether this installation still belongs to nobody.")


class FirstAdministrator(In):
    email: EmailText
    name_en: NameText = ""
    name_ar: NameText = ""
    password: PasswordText
    language: Language = Language.ENGLISH


class SetUpIn(In):
    company: CompanyIn
    admin: FirstAdministrator


class JobOut(Out):
    id: UUID
    task: str = Field(examples=["alawael.exchange.jobs.run_import"])
    state: Literal["ready", "running", "done", "failed", "cancelled"]
    done: int = Field(description="Units done so far.")
    total: int = Field(description="Units in all; 0 while unknown.")
    message: str
    attempts: int
    max_attempts: int
    worker: str
    enqueued_at: Moment
    run_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    last_error: str
    result: Any = None


class AuditEventOut(Out):
    id: UUID
    at: Moment
    actor_id: UUID
    actor_name: str
    action: str = Field(examples=["product.changed"])
    record_type: str = Field(examples=["catalog.product"])
    record_id: UUID
    changes: dict[str, Any] = Field(description='{"field": [old, new]}, or facts of the action.')
    seal: int | None = Field(description="Number of the seal that covers it; null until sealed.")


class AuditProofOut(Out):
    holds: bool
    contradictions: list[str]
    sealed: int
    waiting: int
