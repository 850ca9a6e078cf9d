// The link that adds a badge to a LinkedIn profile: it leads there when a person presses it, and not before.

import type { ShownCredential } from "../verify/report";
import { tidy } from "./lines";

const FORM = "https://www.linkedin.com/profile/add";

/**
 * Return the link to LinkedIn's form for certifications, filled in: the achievement, the issuer, the month of issue, and
 * the badge's id. `checkedAt` is the address under which the badge can be checked, if it has a public one; whoever
 * follows the link shows it to LinkedIn.
 */
export function linkedInLink(credential: ShownCredential, checkedAt: string | null): string {
  const { achievement, issuer } = credential;
  const issued = /^(\d{4})-(\d{2})/.exec(credential.awardedDate ?? credential.validFrom ?? "");
  const until = /^(\d{4})-(\d{2})/.exec(credential.validUntil ?? "");
  const fields = {
    startTask: "CERTIFICATION_NAME",
    name: tidy(achievement.name || credential.name),
    organizationName: tidy(issuer.registered?.name ?? issuer.claimedName),
    issueYear: issued?.[1],
    issueMonth: issued && String(Number(issued[2])),
    expirationYear: until?.[1],
    expirationMonth: until && String(Number(until[2])),
    certUrl: checkedAt,
    certId: credential.id,
  };
  const filled = Object.entries(fields).filter((field): field is [string, string] => Boolean(field[1]));
  return `${FORM}?${filled.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
}
