import { z } from 'zod';

/** Who wants or decides something: a Slack user, and those user groups of theirs that the configuration names. */
export const Actor = z.object({
  user: z.string(),
  /** Absent where Slack could not say it. */
  groups: z.array(z.string()).readonly().optional(),
});
export type Actor = Readonly<z.infer<typeof Actor>>;
