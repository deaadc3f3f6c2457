import type { Locator, Page } from 'playwright-core';

/** The Temporal Web UI, used as a person does: by what is written on the page where that is unique. */
export class TemporalWebUi {
  constructor(
    readonly page: Page,
    private readonly address: string,
  ) {}

  /** Opens the form "Start a Workflow" and fills it in. */
  async fillStartForm(form: { workflowId: string; taskQueue: string; type: string; input: object }): Promise<void> {
    await this.open('workflows/start-workflow');
    await this.page.getByTestId('workflowId').fill(form.workflowId);
    await this.page.getByTestId('taskQueue').fill(form.taskQueue);
    await this.page.getByTestId('workflowType').fill(form.type);
    await this.typeJson(this.page.locator('main'), form.input);
    // It appears above the button and moves it.
    await this.page.getByText('Task Queue is Active').waitFor();
  }

  /** Presses the button of the form, and follows the link to the run. */
  async start(): Promise<void> {
    await this.page.getByTestId('start-workflow-button').click();
    await this.page.getByRole('link', { name: 'Workflow started successfully' }).click();
    await this.page.getByTestId('workflow-id-heading').waitFor();
  }

  /** Opens the list of runs, narrowed by a list filter as a person types it. */
  async find(query: string): Promise<readonly string[]> {
    await this.open(`workflows?query=${encodeURIComponent(query)}`);
    return [];
  }

  /** The text of the current details of the run that is open, once it says `wanted`; asked for again until then. */
  async currentDetails(wanted: string | RegExp): Promise<string> {
    await this.page.getByTestId('user-metadata-tab').click();
    const body = this.page.frameLocator('iframe').locator('body');
    const found = body.filter({ hasText: wanted });
    for (let tries = 20; ; tries -= 1) {
      try {
        await found.waitFor({ timeout: 1000 });
        return await body.innerText();
      } catch (error) {
        if (tries === 0) throw error;
        await this.page.keyboard.press('r');
      }
    }
  }

  /** Opens the dialog of More Actions and fills it in. Nothing is sent yet. */
  async fillMessage(way: 'signal' | 'update', name: string, payload: object): Promise<Locator> {
    await this.page.getByRole('button', { name: 'More Actions' }).click();
    await this.page.getByRole('menuitem', { name: way === 'signal' ? 'Send a Signal' : 'Send an Update' }).click();
    const dialog = this.page.locator(`dialog#${way}-confirmation-modal[open]`);
    await dialog.getByTestId(`${way}-select-button`).click();
    await dialog.getByRole('option', { name, exact: false }).first().click();
    await this.typeJson(dialog, payload);
    return dialog;
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
