import { hygieneChecks } from '../analysis/hygiene/index.ts';
import type { HygieneResult } from '../core/hygiene.ts';
import { readInventory } from '../signals/inventory.ts';
import type { Parts } from './parts.ts';

/** Reads what is declared and looks for what should be tidied. Protected namespaces are somebody else's business. */
export async function inspectHygiene({ cluster, config }: Parts): Promise<readonly HygieneResult[]> {
  const inventory = await readInventory(cluster.reader, {
    namespaces: config.cluster.namespaces,
    except: config.policy.protectedNamespaces,
  });
  return hygieneChecks.map(({ title, why, find }) => ({ title, why, found: find(inventory) }));
}
