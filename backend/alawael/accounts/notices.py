"""Mail about somebody's own account, in their language. No text of a stranger gets into it."""

import re
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage

from alawael.accounts.models import Session, User
from alawael.core.clock import BUSINESS_ZONE
from alawael.core.errors import Text

_BROWSERS = [
    (r"Edg/", "Edge"),
    (r"OPR/", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/", "Firefox"),
    (r"Chrome/|CriOS/", "Chrome"),
    (r"Safari/", "Safari"),
]
_SYSTEMS = [
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"Linux", "Linux"),
]
_UNKNOWN = Text("an unknown program", "برنامج غير معروف")

_NEW_DEVICE_SUBJECT = Text("New sign-in to Alawael ERP", "تسجيل دخول جديد إلى نظام الأوائل")
_NEW_DEVICE = Text(
    "Hello {name},\n\n"
    "somebody signed in to your account from a browser that we have not seen before.\n\n"
    "When: {when} (Riyadh)\n"
    "With: {device}\n"
    "Address: {ip}\n\n"
    "If it was you, there is nothing to do. If it was not you, end that session, change your "
    "password, and tell your administrator:\n{link}\n",
    "مرحبًا {name}،\n\n"
    "تم تسجيل الدخول إلى حسابك من متصفح لم نره من قبل.\n\n"
    "الوقت: {when} (بتوقيت الرياض)\n"
    "الجهاز: {device}\n"
    "العنوان: {ip}\n\n"
    "إن كنت أنت من سجّل الدخول فلا يلزمك شيء. وإن لم تكن أنت، فأنهِ تلك الجلسة وغيّر كلمة مرورك "
    "وأبلغ مدير النظام:\n{link}\n",
)

_ANOMALY_SUBJECT = Text("Somebody attacks Alawael ERP", "محاولات اختراق لنظام الأوائل")
_ANOMALY = Text(
    "Hello {name},\n\n"
    "within ten minutes this happened {count} times or more: {what}.\n\n"
    "The program has refused all of it. Where it came from, and in whose name, is told here:\n"
    "{link}\n",
    "مرحبًا {name}،\n\n"
    "خلال عشر دقائق تكرر ما يلي {count} مرة على الأقل: {what}.\n\n"
    "رفض النظام ذلك كله. تجد مصدر المحاولات والحسابات المعنية هنا:\n{link}\n",
)
_ANOMALIES = {
    "many_locks": Text("sign-ins were locked", "قُفل تسجيل الدخول"),
    "token_reused": Text("a session was copied", "نُسخت جلسة"),
    "tokens_forged": Text("forged tokens were sent", "أُرسلت رموز مزوّرة"),
    "probing": Text(
        "somebody tried what their role does not allow", "حاول أحدهم ما لا يسمح به دوره"
    ),
    "guessing": Text("somebody guessed passwords", "خمّن أحدهم كلمات المرور"),
}


def new_device(session: Session) -> None:
    """Tell the owner of an account that it was opened from an unknown browser."""
    user = session.user
    body = _NEW_DEVICE.within(
        user.language,
        {
            "name": _name_of(user),
            "when": _moment(session.created_at),
            "device": device_name(session.device) or _UNKNOWN.within(user.language),
            "ip": session.ip_address or "–",
            "link": f"{settings.SITE_URL}/sessions",
        },
    )
    EmailMessage(_NEW_DEVICE_SUBJECT.within(user.language), body, to=[user.email]).send()


def anomaly(user: User, *, rule: str, count: int) -> None:
    """Tell somebody who watches over the installation what stands out; no address, no name."""
    body = _ANOMALY.within(
        user.language,
        {
            "name": _name_of(user),
            "what": _ANOMALIES.get(rule, Text(rule, rule)).within(user.language),
            "count": count,
            "link": f"{settings.SITE_URL}/security",
        },
    )
    EmailMessage(_ANOMALY_SUBJECT.within(user.language), body, to=[user.email]).send()


def device_name(agent: str) -> str:
    """ "Chrome, Windows" out of what a browser calls itself; empty when we know neither."""
    found = [
        next((name for sign, name in known if re.search(sign, agent)), "")
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in found if name)


def _name_of(user: User) -> str:
    names = (user.name_ar, user.name_en) if user.language == "ar" else (user.name_en, user.name_ar)
    return next((name for name in names if name), user.email)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(BUSINESS_ZONE):%Y-%m-%d %H:%M}"
