"""Where a provider's public documents are read, and skill standards."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Addresses:
    """The public addresses that the others begin with, from the settings alone."""

    issuer: str
    registry: str

    def achievement(self, provider: str, achievement_id: str, version: int) -> str:
        """Return the address that is `achievement.id`."""
        return f"{self.issuer}/providers/{provider}/achievements/{achievement_id}/{version}"

    def profile(self, provider: str) -> str:
        """Return the address of a provider's profile."""
        return f"{self.issuer}/providers/{provider}"

    def status_list(self, provider: str, number: int) -> str:
        """Return the address of a status list."""
        return f"{self.issuer}/providers/{provider}/status/revocation/{number}"

    def claim_link(self, token: str) -> str:
        """Return the link with which a learner claims; the token stands where no server sees it."""
        return f"{self.issuer}/c#{token}"
