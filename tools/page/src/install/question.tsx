// A setting as a question.

import { Entry, meaningOf } from "../change/field";
import { settings, wanted } from "../session/settings";
import { texts } from "../texts";

export function Question({ name, sets = [] }: { name: string; sets?: string[] }) {
  const setting = settings.value.get(name);
  if (!setting) return null;
  const id = `question-${name}`;
  const key = name.split(".").at(-1) ?? name;
  return (
    <div class="field">
      <label for={id}>{texts.value.install.questions[key] ?? key}</label>
      <span class="entry">
        <Entry id={id} setting={setting} value={wanted(name)} also={sets} />
        {setting.unit && <span class="unit">{setting.unit}</span>}
      </span>
      <p id={`${id}-help`} class="small">
        {meaningOf(setting)}
      </p>
    </div>
  );
}

interface Option {
  value: string;
  text: string;
}

interface Props {
  name: string;
  question: string;
  options: Option[];
  chosen: (value: string) => void;
}

/** One of a few, each with its words. */
export function Choice({ name, question, options, chosen }: Props) {
  return (
    <fieldset class="choice">
      <legend>{question}</legend>
      {options.map(({ value, text }) => (
        <label key={value}>
          <input
            type="radio"
            name={`choice-${name}`}
            checked={wanted(name) === value}
            onChange={() => chosen(value)}
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
