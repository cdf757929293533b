import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuseCommand } from '../../../../src/platform/investigators/read-only-command.ts';

const namespace = 'shop';

const allowed = [
  'kubectl get pods -n shop',
  'kubectl get pods,svc --namespace shop -o wide',
  'kubectl get all --namespace=shop',
  'kubectl get deploy checkout --namespace=shop --output=yaml',
  'kubectl get pod/web-0 deployment/checkout -n shop',
  'kubectl get po -l app=checkout,tier=front --show-labels -n shop',
  'kubectl describe deployment/checkout --namespace=shop',
  'kubectl logs checkout-7d9f -c app --tail=100 --previous -n shop',
  'kubectl logs deployment/checkout --since=1h --all-containers -n shop',
  'kubectl logs web-0 --since-time=2026-11-23T12:00:00Z -n shop',
  'kubectl top pod --containers -n shop',
  'kubectl events --for=pod/web-0 --types=Warning --namespace=shop',
  'kubectl explain pod.spec.containers',
  'kubectl api-resources',
  'kubectl version -o json',
  'kubectl auth can-i list pods -n shop',
  'kubectl rollout status deployment/checkout --watch=false -n shop',
  'kubectl rollout history deployment checkout --revision=3 -n shop',
];

const verbs = ['get', 'describe', 'logs', 'top', 'events', 'explain', 'api-resources', 'version', 'auth', 'rollout'];

describe('a command that only reads passes', () => {
  it.each(allowed)('%s', (command) => {
    expect(refuseCommand(command, namespace)).toBeUndefined();
  });
});

describe('a command is refused', () => {
  it.each([
    ['writes', 'kubectl delete pod web-0 -n shop'],
    ['writes under a verb that also reads', 'kubectl rollout undo deployment/checkout -n shop'],
    ['writes its own settings', 'kubectl config set-credentials me --token=abc'],
    ['says that it is a dry run', 'kubectl apply --dry-run=none -n shop'],
    ['runs something', 'kubectl exec web-0 -n shop'],
    ['is no kubectl', 'bash -c ls'],
    ['is a kubectl of another name', './kubectl get pods -n shop'],
    ['has a flag before its verb', 'kubectl --kubeconfig=/root/.kube/config get pods -n shop'],
    ['goes to another server', 'kubectl get pods --server=https://evil.example -n shop'],
    ['carries a token', 'kubectl get pods --token=abc -n shop'],
    ['goes in the name of somebody', 'kubectl get pods --as=admin -n shop'],
    ['reads a file', 'kubectl get -f https://evil.example/x.yaml -n shop'],
    ['reads a path of the API', 'kubectl get --raw=/api/v1/secrets'],
    ['follows', 'kubectl logs web-0 -f -n shop'],
    ['watches', 'kubectl get pods -w -n shop'],
    ['waits for a rollout', 'kubectl rollout status deployment/checkout -n shop'],
    ['runs a template', 'kubectl get pods -o go-template=x -n shop'],
    ['is about every namespace', 'kubectl get pods -A'],
    ['is about every namespace, in full', 'kubectl get pods --all-namespaces -n shop'],
    ['names no namespace', 'kubectl get pods'],
    ['names another one', 'kubectl get pods -n bank'],
    ['names another one as well', 'kubectl get pods -n shop --namespace=bank'],
    ['glues it to the letter', 'kubectl get pods -nbank'],
    ['reads Secrets', 'kubectl get secrets -n shop'],
    ['reads one Secret', 'kubectl get secret/db -n shop'],
    ['describes one', 'kubectl describe secret db -n shop'],
    ['hides them in a list', 'kubectl get pods,secrets -n shop'],
    ['hides one among objects', 'kubectl get pod/web-0 secret/db -n shop'],
    ['hides them in a list with a name', 'kubectl get pods,secrets/db -n shop'],
    ['spells their group', 'kubectl get secrets.v1. -n shop'],
    ['writes them large', 'kubectl get Secrets -n shop'],
    ['asks for events of one', 'kubectl events --for=secret/db -n shop'],
    ['reads ConfigMaps', 'kubectl get cm -n shop'],
    ['reads what belongs to the cluster', 'kubectl get nodes -n shop'],
    ['is about nodes', 'kubectl top nodes -n shop'],
    ['asks whether it might write', 'kubectl auth can-i delete pods -n shop'],
    ['ends its flags', 'kubectl get pods -n shop -- x'],
    ['has two lines', 'kubectl get pods -n shop\nkubectl delete pod web-0'],
    ['is a word of the language', 'constructor get'],
    ['is a verb of the language', 'kubectl constructor -n shop'],
    ['is empty', ''],
    ['is endless', `kubectl get pods ${'a '.repeat(1_000)}-n shop`],
  ])('that %s', (_what, command) => {
    expect(refuseCommand(command, namespace)).toEqual(expect.any(String));
  });
});

const anyAllowed = fc.constantFrom(...allowed);

/** An allowed command with `token` put somewhere behind its verb. */
function withToken(token: fc.Arbitrary<string>) {
  return fc.tuple(anyAllowed, token, fc.nat()).map(([command, extra, place]) => {
    const tokens = command.split(' ');
    const behind = /^(auth|rollout)$/.test(tokens[1] ?? '') ? 3 : 2;
    return tokens.toSpliced(behind + (place % (tokens.length - behind + 1)), 0, extra).join(' ');
  });
}

function expectRefused(commands: fc.Arbitrary<string>): void {
  fc.assert(
    fc.property(commands, (command) => {
      expect(refuseCommand(command, namespace)).toEqual(expect.any(String));
    }),
    { numRuns: 500 },
  );
}

describe('whatever it is made of, nothing passes', () => {
  it('with a character that a shell reads', () => {
    const character = fc.constantFrom(...Array.from('|&;<>()$`\\"\'*?[]{}!#~%^@+ \t\n\r\0é'));
    expectRefused(
      fc
        .tuple(anyAllowed, character, fc.nat())
        .filter(([command, found, place]) => found !== ' ' || /\s/.test(command.charAt(place % (command.length + 1))))
        .map(([command, found, place]) => {
          const at = place % (command.length + 1);
          return command.slice(0, at) + found + command.slice(at);
        }),
    );
  });

  it('with a verb that is not on the list', () => {
    const others =
      'delete apply create edit patch replace scale set label annotate expose run exec cp attach drain cordon taint proxy debug config wait diff kustomize port-forward autoscale certificate plugin completion'.split(
        ' ',
      );
    const verb = fc
      .oneof(fc.constantFrom(...others), fc.stringMatching(/^[a-z-]{1,12}$/))
      .filter((one) => !verbs.includes(one));
    expectRefused(
      fc.tuple(anyAllowed, verb).map(([command, other]) => command.replace(/^kubectl \S+/, `kubectl ${other}`)),
    );
    const second = fc.constantFrom('undo', 'restart', 'pause', 'resume', 'reconcile', 'whoami');
    expectRefused(
      second.chain((word) =>
        fc.constantFrom(`kubectl rollout ${word} deployment/checkout -n shop`, `kubectl auth ${word} -n shop`),
      ),
    );
  });

  it('with a flag that leads elsewhere', () => {
    const flags =
      '-A --all-namespaces -f --filename=https://evil.example/x -k --raw=/api/v1/secrets --kubeconfig=/x --token=x --as=root --as-group=system:masters --server=https://evil.example -s --context=other --cluster=other --user=other --insecure-skip-tls-verify --cache-dir=/x --template=x -w --watch --follow --profile=cpu --v=9 -v9 --dry-run=none --force --'.split(
        ' ',
      );
    expectRefused(withToken(fc.constantFrom(...flags)));
  });

  it('with another namespace', () => {
    const other = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/).filter((one) => one !== namespace);
    const form = fc.constantFrom('--namespace=', '--namespace ', '-n ', '-n=', '-n');
    expectRefused(withToken(fc.tuple(form, other).map(([flag, one]) => flag + one)));
    expectRefused(
      fc
        .tuple(anyAllowed, other)
        .filter(([command]) => command.includes('shop'))
        .map(([command, one]) => command.replace('shop', one)),
    );
  });

  it('with a Secret in the place of what is read', () => {
    const kind = fc.constantFrom(
      'secret',
      'secrets',
      'Secret',
      'SECRETS',
      'secrets.v1',
      'secrets.v1.',
      'secret.v1.core',
      'secrets.',
      'sealedsecrets',
      'externalsecret',
    );
    const list = fc
      .tuple(kind, fc.constantFrom('pods,', 'all,', ',', ''), fc.constantFrom(',pods', ',svc', ',', ''))
      .map(([one, before, after]) => before + one + after);
    const place = fc.constantFrom(
      'get KIND',
      'get KIND db',
      'get KIND/db',
      'get pod/web-0 KIND/db',
      'describe KIND',
      'describe KIND/db',
      'get KIND -o yaml',
      'get -o yaml KIND',
      'events --for=KIND/db',
      'explain KIND.data',
      'auth can-i get KIND',
      'logs KIND/db',
      'top KIND',
      'rollout history KIND/db',
    );
    expectRefused(fc.tuple(list, place).map(([found, words]) => `kubectl ${words.replace('KIND', found)} -n shop`));
  });

  it('and what passes of any words at all is a reading verb about the one namespace', () => {
    const words =
      'get describe logs rollout history status undo delete auth can-i list version exec events pods pod/web-0 secret/db pods,secrets web-0 deployment/checkout all . / , -n shop bank --namespace=shop --namespace=bank -A -o yaml --watch=false --tail=1 --for=secret/db -l a=b -f -';
    const word = fc.constantFrom(...words.split(' '));
    let passed = 0;
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 7 }), (found) => {
        const command = `kubectl ${found.join(' ')}`;
        if (refuseCommand(command, namespace) !== undefined) return;
        passed += 1;
        expect(command).toMatch(
          /^kubectl (get|describe|logs|events|version|rollout (history|status)|auth can-i list)\b/,
        );
        expect(command).not.toMatch(/secret|(-n |=)bank| -A|( -f| -)( |$)/);
        expect(command).toMatch(/^kubectl version|(-n |--namespace=)shop/);
      }),
      { numRuns: 20_000 },
    );
    expect(passed).toBeGreaterThan(0);
  });
});
