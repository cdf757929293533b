import { detectors } from '../src/analysis/detectors/index.ts';
import { configJsonSchema } from '../src/config/json-schema.ts';

interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** Every file made from the code, with its content as it should be. */
export function generated(): readonly GeneratedFile[] {
  const params = Object.fromEntries(detectors.map((detector) => [detector.id, detector.params]));
  return [{ path: 'lifeguard.schema.json', text: `${JSON.stringify(configJsonSchema(params), null, 2)}\n` }];
}
