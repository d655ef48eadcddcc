const browsers = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Firefox\//, "Firefox"],
  [/Chrome\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
] as const;
const systems = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/Linux/, "Linux"],
] as const;

/** "Chrome, Windows" out of what a browser calls itself; programs keep their own name. */
export function deviceName(agent: string) {
  const name = (known: readonly (readonly [RegExp, string])[]) =>
    known.find(([sign]) => sign.test(agent))?.[1];
  const found = [name(browsers), name(systems)].filter((one) => one !== undefined);
  return found.length > 0 ? found.join(", ") : agent.slice(0, 60);
}

export const isPhone = (agent: string) => /iPhone|Android.*Mobile/.test(agent);
