/* Which form to write: those that the company has, each with the period that it is for. */

import { Lead } from "../design/controls";
import { Screen } from "../shell/frame";
import { useDesk, useView } from "../shell/desk";
import { to } from "../shell/route";
import type { FormKey } from "../logbook/views";
import { periodOf } from "./period";

export const addressOf = (key: FormKey): string => to("me", "form", key.form, key.page, key.period ?? "-");

export function FormsScreen() {
  const { words, lang } = useDesk();
  const forms = useView("forms", (logbook) => logbook.forms());
  return (
    <Screen title={words.form.title} from="me" closes>
      <ul class="card flush list">
        {forms?.map((form) => (
          <li key={form.key.form}>
            <Lead icon="forms" href={addressOf(form.key)}>
              <span class="strong block">{form.title[lang]}</span>
              <span class="second block">
                {[form.number, periodOf(form.key.period, form.until, words), form.approved && words.form.needsApproval].filter(Boolean).join(" · ")}
              </span>
            </Lead>
          </li>
        ))}
      </ul>
    </Screen>
  );
}
