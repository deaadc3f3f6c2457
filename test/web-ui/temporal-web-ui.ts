import type { Locator, Page } from 'playwright-core';

interface StartForm {
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly type: string;
  readonly input: object;
}

/** The Temporal Web UI, used as a person does. Whatever does not appear within the time limit of the page throws. */
export class TemporalWebUi {
  constructor(
    readonly page: Page,
    private readonly address: string,
  ) {}

  /** Opens the form "Start a Workflow" and fills it in. Nothing is started yet. */
  async fillStartForm({ workflowId, taskQueue, type, input }: StartForm): Promise<void> {
    await this.open('workflows/start-workflow');
    await this.page.getByTestId('workflowId').fill(workflowId);
    await this.page.getByTestId('taskQueue').fill(taskQueue);
    await this.page.getByTestId('workflowType').fill(type);
    await this.typeJson(this.page.locator('main'), input);
    // It appears above the button and moves it.
    await this.page.getByText('Task Queue is Active').waitFor();
  }

  /** Presses the button of the filled form, and follows the link to the run. */
  async start(): Promise<void> {
    await this.page.getByTestId('start-workflow-button').click();
    await this.page.getByRole('link', { name: 'Workflow started successfully' }).click();
    await this.page.getByTestId('workflow-id-heading').waitFor();
  }

  /** The text of the current details of the run that is open, asked for again until it has `wanted`. */
  async currentDetails(wanted: string): Promise<string> {
    await this.page.getByTestId('user-metadata-tab').click();
    // A summary, where the run has one, stands before them in a frame of its own.
    const details = this.page.locator('iframe').last().contentFrame().locator('body');
    // "Press the R for freshness", as the page says.
    const refresh = (): Promise<unknown> => this.page.keyboard.press('r');
    // It reads the whole history first, and begins anew when it is asked again before it is done.
    await this.again(() => details.filter({ hasText: wanted }).waitFor({ timeout: 3000 }), refresh);
    return details.innerText();
  }

  /** Opens "Send a Signal" or "Send an Update" of the run that is open, and fills it in. Nothing is sent yet. */
  async fillMessage(way: 'Signal' | 'Update', name: string, payload: object): Promise<Locator> {
    const kind = way.toLowerCase();
    await this.page.getByRole('button', { name: 'More Actions' }).click();
    await this.page.getByRole('menuitem', { name: way }).click();
    const dialog = this.page.locator(`dialog#${kind}-confirmation-modal[open]`);
    await dialog.getByTestId(`${kind}-select-button`).click();
    await dialog.getByRole('option', { name: new RegExp(`^${name}\\b`) }).click();
    await this.typeJson(dialog, payload);
    return dialog;
  }

  /** Sends what a dialog says, which then closes. */
  async send(dialog: Locator): Promise<void> {
    await dialog.getByTestId('confirm-modal-button').click();
    await dialog.waitFor({ state: 'detached' });
  }

  /** Sends what a dialog says, and reads why it was refused. The dialog is then closed. */
  async sendInVain(dialog: Locator, look: () => Promise<void>): Promise<string> {
    await dialog.getByTestId('confirm-modal-button').click();
    const refusal = dialog.getByRole('alert');
    await refusal.waitFor();
    const reason = await refusal.innerText();
    await look();
    await dialog.getByText('Cancel', { exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    return reason;
  }

  /** Opens the page of a schedule from the list of all of them. */
  async openSchedule(scheduleId: string): Promise<void> {
    await this.open('schedules');
    await this.page.getByRole('link', { name: scheduleId, exact: true }).click();
    await this.page.getByTestId('schedule-name').getByText(scheduleId).waitFor();
  }

  /** Starts a run of the schedule that is open, by its menu, and follows the link to that run. */
  async trigger(look: () => Promise<void>): Promise<void> {
    await this.page.getByRole('button', { name: 'Schedule Actions' }).click();
    await this.page.getByTestId('trigger-schedule').click();
    const dialog = this.page.locator('dialog#trigger-schedule-modal[open]');
    await dialog.getByTestId('confirm-modal-button').click();
    await dialog.waitFor({ state: 'detached' });
    const run = this.page.locator('main a[href*="/workflows/"]').first();
    await this.again(
      () => run.waitFor({ timeout: 1000 }),
      () => this.page.reload({ waitUntil: 'domcontentloaded' }),
    );
    await look();
    await run.click();
    await this.page.getByTestId('workflow-id-heading').waitFor();
  }

  /** Types a query into the list of runs, and waits until exactly those runs are listed. */
  async find(query: string, workflowIds: readonly string[]): Promise<void> {
    await this.open('workflows');
    await this.page.getByTestId('toggle-manual-query').click();
    await this.page.getByTestId('manual-search-input').fill(query);
    await this.page.getByRole('button', { name: 'Search', exact: true }).click();
    const count = `${workflowIds.length} Workflow${workflowIds.length === 1 ? '' : 's'}`;
    await this.page.getByRole('heading', { name: count }).waitFor();
    for (const name of workflowIds) await this.page.getByRole('link', { name, exact: true }).waitFor();
  }

  /** Waits for what the page does not show by itself. */
  private async again(appears: () => Promise<void>, refresh: () => Promise<unknown>): Promise<void> {
    for (let left = 20; ; left -= 1) {
      try {
        return await appears();
      } catch (error) {
        if (left === 0) throw error;
        await refresh();
      }
    }
  }

  private async open(place: string): Promise<void> {
    // The page polls for ever: waiting for a quiet network would never end.
    await this.page.goto(`${this.address}/namespaces/default/${place}`, { waitUntil: 'domcontentloaded' });
  }

  /** The editor lays JSON out anew when it is left, which moves the buttons below it: so it is left before they are pressed. */
  private async typeJson(place: Locator, json: object): Promise<void> {
    await place.locator('div[role=textbox][contenteditable=true]').first().click();
    await this.page.keyboard.insertText(JSON.stringify(json));
    await place.getByText('only single JSON payload supported').first().click();
  }
}
