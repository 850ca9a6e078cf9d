// Several reports together, as the pages show them: what the pages for employers and holders are composed of.

export { loadTexts, switchInPlace } from "/static/texts.js";
export { frameworksIn } from "../frameworks";
export { renderBadges } from "../view/badges-list";
export { renderRecord } from "../view/record-panel";
export { renderRequirementCheck, renderResult } from "../view/requirement-form";
export { parseRequirements, requirementJson } from "../view/requirement-json";
export { checkRequirement } from "../view/requirements";
export { renderSkillMaps } from "../view/skill-map-table";
export { renderSummary, summaryLine } from "../view/summary";
export { renderTimeline } from "../view/timeline";
