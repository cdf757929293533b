import type { HygieneCheck } from './check.ts';
import { floatingImage } from './floating-image.ts';
import { hostAccess } from './host-access.ts';
import { missingRequests } from './missing-requests.ts';
import { privileged } from './privileged.ts';
import { unusedConfigMap } from './unused-config-map.ts';

/** Every check, in the order of the report. Adding one is one file and one line here. */
export const hygieneChecks = [
  missingRequests,
  privileged,
  hostAccess,
  floatingImage,
  unusedConfigMap,
] as const satisfies readonly HygieneCheck[];
