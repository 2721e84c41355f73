// In place of a browser's Web Serial: one port that leads to the test, by two functions that the
// test gives the page: serialRead() -> bytes as a string of Latin-1, null once the port is gone,
// serialWrite(text). `serialOpens` may say that another program has it, or that it isn't there.
(() => {
  class Port extends EventTarget {
    getInfo() {
      return { usbVendorId: 0x2e8a, usbProductId: 5 };
    }
    async open() {
      await this.lastRead; // what it hears belongs to the line before
      const why = await window.serialOpens();
      if (why) throw new DOMException(why, "NetworkError");
      const port = this;
      let reading = true;
      this.readable = new ReadableStream({
        async pull(controller) {
          while (reading) {
            port.lastRead = window.serialRead();
            const data = await port.lastRead;
            if (data === null) {
              port.readable = null;
              controller.error(new DOMException("gone", "NetworkError"));
              return;
            }
            if (data) {
              controller.enqueue(Uint8Array.from(data, (c) => c.charCodeAt(0)));
              return;
            }
            await new Promise((done) => setTimeout(done, 10));
          }
          controller.close();
        },
        cancel() {
          reading = false;
        },
      });
      this.writable = new WritableStream({
        write: (chunk) => window.serialWrite(String.fromCharCode(...chunk)),
      });
    }
    async close() {
      this.readable = null;
    }
  }
  const port = new Port();
  Object.defineProperty(navigator, "serial", {
    value: Object.assign(new EventTarget(), {
      requestPort: async () => port,
      getPorts: async () => [port],
    }),
  });
})();
