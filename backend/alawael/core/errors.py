"""How the program says no: a stable code for programs, a sentence in two languages for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple


class Text(NamedTuple):
    """A sentence in both languages; `{names}` are filled from the facts of a refusal."""

    en: str
    ar: str

    def within(self, language: str, facts: dict[str, Any] | None = None) -> str:
        sentence = self.ar if language == "ar" else self.en
        return sentence.format(**facts) if facts else sentence


@dataclass(frozen=True)
class FieldError:
    """One wrong place in what was sent. `pointer` is a JSON pointer such as "/lines/0/quantity"."""

    pointer: str
    code: str
    message: Text


class Refusal(Exception):
    """A rule said no. Nothing has been changed.

    Subclasses stand beside the verb that raises them and give `code` and `message`; the keyword
    arguments fill the message and travel in the answer's `facts`.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    title: ClassVar[Text] = Text("This is not possible", "هذا غير ممكن")
    message: ClassVar[Text] = Text("The request was refused.", "تم رفض الطلب.")

    def __init__(self, *, errors: Sequence[FieldError] = (), **facts: Any) -> None:
        self.facts = facts
        self.errors = list(errors)
        super().__init__(self.message.within("en", facts))

    def sentence(self, language: str) -> str:
        return self.message.within(language, self.facts)


class Invalid(Refusal):
    """What was sent does not fit; `errors` names each place."""

    code = "invalid"
    status = 422
    title = Text("Please check what you entered", "يرجى مراجعة ما أدخلته")
    message = Text("Some values are missing or wrong.", "بعض القيم ناقصة أو غير صحيحة.")


class NotFound(Refusal):
    code = "not_found"
    status = 404
    title = Text("Not found", "غير موجود")
    message = Text(
        "There is no such record, or you may not see it.",
        "لا يوجد سجل كهذا، أو لا يحق لك الاطلاع عليه.",
    )


class Unauthenticated(Refusal):
    code = "unauthenticated"
    status = 401
    title = Text("Please sign in", "يرجى تسجيل الدخول")
    message = Text("Sign in to continue.", "سجّل الدخول للمتابعة.")


class Forbidden(Refusal):
    code = "forbidden"
    status = 403
    title = Text("Not allowed", "غير مسموح")
    message = Text(
        "You need the permission “{name}”. Ask an administrator.",
        "تحتاج إلى الصلاحية «{name_ar}». اطلبها من مدير النظام.",
    )


class VersionConflict(Refusal):
    code = "version_conflict"
    status = 412
    title = Text("Changed by somebody else", "عدّله شخص آخر")
    message = Text(
        "Somebody changed this record after you opened it. Load it again and repeat your change.",
        "عدّل شخص آخر هذا السجل بعد أن فتحته. أعد تحميله ثم كرر التعديل.",
    )


class AlreadyExists(Refusal):
    code = "already_exists"
    title = Text("Already there", "موجود مسبقًا")
    message = Text("A record with the same key exists already.", "يوجد سجل بالمفتاح نفسه بالفعل.")


def one_error(pointer: str, code: str, message: Text) -> Invalid:
    """An `Invalid` about a single place."""
    return Invalid(errors=[FieldError(pointer, code, message)])
