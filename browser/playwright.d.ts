// What is used of Playwright, so that the types of this folder can be checked before it is installed.

declare module "playwright-core" {
  interface ConsoleMessage {
    type(): string;
    text(): string;
    location(): { readonly url: string };
  }
  interface Page {
    on(event: "console", listener: (message: ConsoleMessage) => void): void;
    on(event: "pageerror", listener: (error: Error) => void): void;
    goto(url: string): Promise<unknown>;
    waitForFunction(expression: string, argument?: undefined, options?: { timeout: number }): Promise<unknown>;
    workers(): readonly object[];
    evaluate(expression: string): Promise<unknown>;
    close(): Promise<void>;
  }
  interface BrowserContext {
    newPage(): Promise<Page>;
    close(): Promise<void>;
  }
  const chromium: {
    launchPersistentContext(
      profile: string,
      options: { executablePath: string; headless: boolean; args: readonly string[] },
    ): Promise<BrowserContext>;
  };
}
