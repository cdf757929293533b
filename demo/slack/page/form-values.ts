/** Values by block_id and action_id: a string, or the chosen values of checkboxes. */
export type FormValues = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function fieldsOf(host: Element): readonly Field[] {
  return [...host.querySelectorAll<Field>('[data-field]')];
}

function valueOf(host: Element): string | readonly string[] | undefined {
  const fields = fieldsOf(host);
  const [first] = fields;
  if (first === undefined) return undefined;
  const kind = first.dataset['field'];
  if (kind !== 'checkboxes' && kind !== 'radio') return first.value;
  const chosen = fields
    .filter((field) => field instanceof HTMLInputElement && field.checked)
    .map((field) => field.value);
  return kind === 'checkboxes' ? chosen : (chosen[0] ?? '');
}

/** What stands in the fields of a drawn view. */
export function collectValues(form: Element): FormValues {
  const values: Record<string, Record<string, string | readonly string[]>> = {};
  for (const host of form.querySelectorAll<HTMLElement>('[data-block]')) {
    const { block, action } = host.dataset;
    const value = valueOf(host);
    if (block === undefined || action === undefined || value === undefined) continue;
    values[block] = { ...values[block], [action]: value };
  }
  return values;
}

/** Marks the required inputs that are empty and focuses the first. True when nothing is missing. */
export function checkRequired(form: Element): boolean {
  let first: Field | undefined;
  for (const host of form.querySelectorAll<HTMLElement>('[data-required]')) {
    const missing = (valueOf(host)?.length ?? 1) === 0;
    const error = host.querySelector('.error');
    if (error !== null) error.textContent = missing ? 'Please complete this required field.' : '';
    const field = fieldsOf(host)[0];
    field?.setAttribute('aria-invalid', String(missing));
    if (missing) first ??= field;
  }
  first?.focus();
  return first === undefined;
}
