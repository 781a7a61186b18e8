from accounts.models.grants import RoleGrant
from accounts.models.institutions import Institution
from accounts.models.organisations import Membership, Organisation
from accounts.models.people import Person

__all__ = ["Institution", "Membership", "Organisation", "Person", "RoleGrant"]
