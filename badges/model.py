"""The words of Open Badges 3.0 as frozen dataclasses, each with its JSON.

They are for building credentials only: what arrives from outside is verified as text, never through these classes.

Source: Open Badges 3.0 §B (#data-models).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache, cached_property
from typing import ClassVar, Final

from badges.errors import ClaimsError

# The official schema's pattern for extensions is not anchored, so that "foo ext:x!" passes it. Ours is.
EXTENSION: Final = re.compile(r"ext:[A-Za-z0-9._-]+")

ACHIEVEMENT_TYPES: Final = frozenset(
    {
        "Achievement",
        "ApprenticeshipCertificate",
        "Assessment",
        "Assignment",
        "AssociateDegree",
        "Award",
        "BachelorDegree",
        "Badge",
        "Certificate",
        "CertificateOfCompletion",
        "Certification",
        "CoCurricular",
        "CommunityService",
        "Competency",
        "Course",
        "Degree",
        "Diploma",
        "DoctoralDegree",
        "Fieldwork",
        "GeneralEducationDevelopment",
        "JourneymanCertificate",
        "LearningProgram",
        "License",
        "MasterCertificate",
        "MasterDegree",
        "Membership",
        "MicroCredential",
        "ProfessionalDoctorate",
        "QualityAssuranceCredential",
        "ResearchDoctorate",
        "SecondarySchoolDiploma",
    }
)
TARGET_TYPES: Final = frozenset(
    {
        "ceasn:Competency",
        "ceterms:Credential",
        "CFItem",
        "CFRubric",
        "CFRubricCriterion",
        "CFRubricCriterionLevel",
        "CTDL",
    }
)
RESULT_TYPES: Final = frozenset(
    {
        "GradePointAverage",
        "LetterGrade",
        "Percent",
        "PerformanceLevel",
        "PredictedScore",
        "RawScore",
        "Result",
        "RubricCriterion",
        "RubricCriterionLevel",
        "RubricScore",
        "ScaledScore",
        "Status",
    }
)
RESULT_STATUSES: Final = frozenset(
    {
        "Completed",
        "Enrolled",
        "Failed",
        "InProgress",
        "OnHold",
        "Provisional",
        "Withdrew",
    }
)
IDENTITY_TYPES: Final = frozenset(
    {
        "name",
        "sourcedId",
        "systemId",
        "productId",
        "userName",
        "accountId",
        "emailAddress",
        "nationalIdentityNumber",
        "isbn",
        "issn",
        "lisSourcedId",
        "oneRosterSourcedId",
        "sisSourcedId",
        "ltiContextId",
        "ltiDeploymentId",
        "ltiToolId",
        "ltiPlatformId",
        "ltiUserId",
        "identifier",
    }
)


def require_word(word: str | None, words: frozenset[str], member: str) -> None:
    """Refuse a word that is neither in the enumeration nor an extension of it (`ext:…`).

    Raises:
        ClaimsError: `unknown-word`; `member` names the JSON member.
    """
    if word is not None and word not in words and not EXTENSION.fullmatch(word):
        raise ClaimsError("unknown-word", pointer=f"/{member}")


@dataclass(frozen=True)
class Model:
    """What all classes of the data model share: how they become JSON."""

    # OB 3.0 writes the type of some classes as a string, of others as an array, and of some not at all.
    TYPE: ClassVar[str | tuple[str, ...] | None] = None

    @classmethod
    @cache
    def member_names(cls) -> tuple[tuple[str, str], ...]:
        """Return the fields in their order, each with the JSON member that it becomes."""
        return tuple((field.name, re.sub("_(.)", lambda found: found[1].upper(), field.name)) for field in fields(cls))

    def to_json(self) -> dict[str, object]:
        """Return the JSON object: members without a value are left out, members of many values are arrays."""
        members: dict[str, object] = {}
        for field, member in self.member_names():
            value = getattr(self, field)
            if value is None or value == ():
                continue
            if isinstance(value, Model):
                members[member] = value.to_json()
            elif isinstance(value, tuple):
                members[member] = [entry.to_json() if isinstance(entry, Model) else entry for entry in value]
            else:
                members[member] = value
        if self.TYPE is not None:
            members["type"] = list(self.TYPE) if isinstance(self.TYPE, tuple) else self.TYPE
        return members


@dataclass(frozen=True)
class Image(Model):
    """A picture, by its URL or data URI (PNG or SVG)."""

    TYPE = "Image"

    id: str
    caption: str | None = None


@dataclass(frozen=True)
class IdentifierEntry(Model):
    """A further, public identifier of a profile."""

    TYPE = "IdentifierEntry"

    identifier: str
    identifier_type: str

    def __post_init__(self) -> None:
        require_word(self.identifier_type, IDENTITY_TYPES, "identifierType")


@dataclass(frozen=True)
class Profile(Model):
    """Who vouches, as they describe themselves."""

    TYPE = ("Profile",)

    id: str
    name: str | None = None
    url: str | None = None
    phone: str | None = None
    description: str | None = None
    image: Image | None = None
    email: str | None = None
    other_identifier: tuple[IdentifierEntry, ...] = ()
    official: str | None = None


@dataclass(frozen=True)
class Criteria(Model):
    """What it took: a page, a text (Markdown), or both."""

    id: str | None = None
    narrative: str | None = None

    def __post_init__(self) -> None:
        if self.id is None and self.narrative is None:
            raise ClaimsError("empty-criteria", pointer="/criteria")


@dataclass(frozen=True)
class Alignment(Model):
    """A link to an entry of a skill standard."""

    TYPE = ("Alignment",)

    target_name: str
    target_url: str
    target_code: str | None = None
    target_description: str | None = None
    target_framework: str | None = None
    target_type: str | None = None

    def __post_init__(self) -> None:
        require_word(self.target_type, TARGET_TYPES, "targetType")


@dataclass(frozen=True)
class RubricCriterionLevel(Model):
    """A step that a result can reach; `id` is a URI, unique within the achievement."""

    TYPE = ("RubricCriterionLevel",)

    id: str
    name: str
    alignment: tuple[Alignment, ...] = ()
    description: str | None = None
    level: str | None = None
    points: str | None = None


@dataclass(frozen=True)
class ResultDescription(Model):
    """What kind of result an achievement gives; its values and levels run from low to high."""

    TYPE = ("ResultDescription",)

    id: str
    name: str
    result_type: str
    alignment: tuple[Alignment, ...] = ()
    allowed_value: tuple[str, ...] = ()
    required_level: str | None = None
    required_value: str | None = None
    rubric_criterion_level: tuple[RubricCriterionLevel, ...] = ()
    value_max: str | None = None
    value_min: str | None = None

    def __post_init__(self) -> None:
        require_word(self.result_type, RESULT_TYPES, "resultType")
        levels = [level.id for level in self.rubric_criterion_level]
        require_distinct(levels, "/rubricCriterionLevel")
        if self.required_level is not None and self.required_level not in levels:
            raise ClaimsError("unknown-level", pointer="/requiredLevel")


@dataclass(frozen=True)
class Achievement(Model):
    """What can be earned."""

    TYPE = ("Achievement",)

    id: str
    name: str
    description: str
    criteria: Criteria
    achievement_type: str | None = None
    alignment: tuple[Alignment, ...] = ()
    creator: Profile | None = None
    field_of_study: str | None = None
    human_code: str | None = None
    image: Image | None = None
    in_language: str | None = None
    result_description: tuple[ResultDescription, ...] = ()
    specialization: str | None = None
    tag: tuple[str, ...] = ()
    version: str | None = None

    def __post_init__(self) -> None:
        require_word(self.achievement_type, ACHIEVEMENT_TYPES, "achievementType")
        require_distinct([description.id for description in self.result_description], "/resultDescription")

    @cached_property
    def _json(self) -> dict[str, object]:
        return super().to_json()

    def to_json(self) -> dict[str, object]:
        """Return the JSON object, made once: every credential of the achievement shares it, so copy before changing.

        A batch renders the same achievement a thousand times, which is a third of what issuing a VC-JWT costs.
        """
        return self._json


@dataclass(frozen=True)
class IdentityObject(Model):
    """Whom the credential is about, by a salted hash (`badges.identity`) or in plain text."""

    TYPE = "IdentityObject"

    hashed: bool
    identity_hash: str
    identity_type: str
    salt: str | None = None

    def __post_init__(self) -> None:
        require_word(self.identity_type, IDENTITY_TYPES, "identityType")


@dataclass(frozen=True)
class Result(Model):
    """How well the subject did."""

    TYPE = ("Result",)

    result_description: str | None = None
    achieved_level: str | None = None
    alignment: tuple[Alignment, ...] = ()
    status: str | None = None
    value: str | None = None

    def __post_init__(self) -> None:
        if self.status is not None and self.status not in RESULT_STATUSES:
            raise ClaimsError("unknown-word", pointer="/status")


@dataclass(frozen=True)
class Subject(Model):
    """Whom the claims are about (`AchievementSubject`), and what they earned.

    Raises:
        ClaimsError: A result speaks of a description or a level that the achievement does not have
            (`unknown-result-description`, `unknown-level`, `unknown-value`), or lacks its status (`status-missing`).
    """

    TYPE = ("AchievementSubject",)

    id: str
    achievement: Achievement
    identifier: tuple[IdentityObject, ...] = ()
    result: tuple[Result, ...] = ()
    role: str | None = None

    def __post_init__(self) -> None:
        descriptions = {description.id: description for description in self.achievement.result_description}
        for index, result in enumerate(self.result):
            check_result(result, descriptions, f"/result/{index}")


def require_distinct(ids: Iterable[str], pointer: str) -> None:
    """Refuse a repeated id: a reference to it would be ambiguous."""
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ClaimsError("repeated-id", pointer=pointer)
        seen.add(one)


def check_result(result: Result, descriptions: dict[str, ResultDescription], pointer: str) -> None:
    """Check that a result speaks of what its achievement describes; no JSON Schema can say this."""
    if result.result_description is None:
        if result.achieved_level is not None:
            raise ClaimsError("unknown-level", pointer=f"{pointer}/achievedLevel")
        return
    description = descriptions.get(result.result_description)
    if description is None:
        raise ClaimsError("unknown-result-description", pointer=f"{pointer}/resultDescription")
    levels = [level.id for level in description.rubric_criterion_level]
    if result.achieved_level is not None and result.achieved_level not in levels:
        raise ClaimsError("unknown-level", pointer=f"{pointer}/achievedLevel")
    if result.value is not None and description.allowed_value and result.value not in description.allowed_value:
        raise ClaimsError("unknown-value", pointer=f"{pointer}/value")
    if result.status is None and description.result_type == "Status":
        raise ClaimsError("status-missing", pointer=f"{pointer}/status")
