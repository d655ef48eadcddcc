"""What can be imported. `profile_called` finds a profile, `PROFILES` lists them."""

from alawael.core.errors import Text, one_error
from alawael.exchange.profiles.base import Profile
from alawael.exchange.profiles.online_retail import OnlineRetailProfile
from alawael.exchange.profiles.parties import PartiesProfile
from alawael.exchange.profiles.products import ProductsProfile

PROFILES: dict[str, Profile] = {
    profile.key: profile for profile in (ProductsProfile(), PartiesProfile(), OnlineRetailProfile())
}


def profile_called(key: str) -> Profile:
    """Raises Invalid."""
    if key not in PROFILES:
        known = ", ".join(PROFILES)
        raise one_error(
            "/profile",
            "unknown_profile",
            Text(f"Choose one of: {known}.", f"اختر واحدًا من: {known}."),
        )
    return PROFILES[key]
