import { readArray, readNumber, readObject, readPath, readString } from '../../core/json.ts';
import { redact, redactVariable } from '../../core/redact.ts';
import type { ConditionView } from '../../core/views/object.ts';
import type { ContainerTemplate, RevisionView } from '../../core/views/workload.ts';
import { readConditions, readMetadata, readOwner, readScaling } from './metadata.ts';

const revisionAnnotation = 'deployment.kubernetes.io/revision';
const historyAnnotation = 'deployment.kubernetes.io/revision-history';

/** A ReplicaSet that belongs to a Deployment, as one of its revisions. */
export function slimReplicaSet(raw: unknown): RevisionView | undefined {
  const revision = Number(readString(raw, 'metadata', 'annotations', revisionAnnotation));
  return slimRevision(raw, {
    revision,
    reused: readString(raw, 'metadata', 'annotations', historyAnnotation) !== undefined,
    template: readPath(raw, 'spec', 'template'),
    scaledAt: readScaling(raw)?.at,
    failure: readConditions(raw, 'status', 'conditions').find(isFailure),
  });
}

function isFailure({ type, status }: ConditionView): boolean {
  return type === 'ReplicaFailure' && status === 'True';
}

/** A ControllerRevision of a StatefulSet or DaemonSet. Its `data` is a patch that holds the template. */
export function slimControllerRevision(raw: unknown): RevisionView | undefined {
  const template = readPath(raw, 'data', 'spec', 'template');
  return slimRevision(raw, { revision: readNumber(raw, 'revision') ?? Number.NaN, reused: false, template });
}

interface RevisionParts {
  readonly revision: number;
  readonly reused: boolean;
  readonly template: unknown;
  readonly scaledAt?: number | undefined;
  readonly failure?: ConditionView | undefined;
}

function slimRevision(raw: unknown, { template, ...parts }: RevisionParts): RevisionView | undefined {
  const metadata = readMetadata(raw);
  const owner = readOwner(raw);
  if (metadata === undefined || owner === undefined || !Number.isInteger(parts.revision)) return undefined;
  return { ...metadata, owner, ...parts, containers: slimContainers(template) };
}

function slimContainers(template: unknown): ContainerTemplate[] {
  const lists = ['initContainers', 'containers'] as const;
  return lists.flatMap((list) => readArray(template, 'spec', list).map(slimContainer));
}

function slimContainer(raw: unknown): ContainerTemplate {
  return {
    name: readString(raw, 'name') ?? '',
    image: readString(raw, 'image') ?? '',
    env: Object.fromEntries(readArray(raw, 'env').flatMap(slimVariable)),
    command: redact([...readArray(raw, 'command'), ...readArray(raw, 'args')].map(String).join(' ')),
    resources: slimResources(raw),
  };
}

function slimVariable(raw: unknown): [string, string][] {
  const name = readString(raw, 'name');
  if (name === undefined) return [];
  const literal = readString(raw, 'value');
  if (literal !== undefined) return [[name, redactVariable(name, literal)]];
  const source = readObject(raw, 'valueFrom');
  const [kind] = Object.keys(source);
  if (kind === undefined) return [[name, '']];
  const reference = [
    readString(source, kind, 'name'),
    readString(source, kind, 'key') ?? readString(source, kind, 'fieldPath'),
  ];
  return [[name, `from ${kind} ${reference.filter((part) => part !== undefined).join('/')}`]];
}

function slimResources(raw: unknown): Record<string, string> {
  const resources = readObject(raw, 'resources');
  return Object.fromEntries(
    (['requests', 'limits'] as const).flatMap((group) =>
      Object.entries(readObject(resources, group)).map(
        ([name, value]) => [`${group}.${name}`, typeof value === 'string' ? value : JSON.stringify(value)] as const,
      ),
    ),
  );
}
