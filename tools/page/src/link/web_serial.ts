// The meter at a serial port of this browser. After the cable was pulled the same device is found
// again among those that the user has allowed.

import { type Ears, type Transport, TransportError, type Way } from "./transport";

const BAUD = 115200;
const ROOM = 65536;

export class WebSerial implements Way {
  private port: SerialPort | undefined;

  async choose(): Promise<void> {
    if (!("serial" in navigator)) throw new TransportError("unsupported");
    try {
      this.port = await navigator.serial.requestPort();
    } catch {
      throw new TransportError("denied");
    }
  }

  async open(ears: Ears): Promise<Transport> {
    const port = await this.find();
    if (!port) throw new TransportError("absent");
    try {
      await port.open({ baudRate: BAUD, bufferSize: ROOM });
    } catch {
      throw new TransportError(port.connected === false ? "absent" : "busy");
    }
    this.port = port;
    return new SerialLine(port, ears);
  }

  private async find(): Promise<SerialPort | undefined> {
    const known = this.port;
    if (!known) return undefined;
    const allowed = await navigator.serial.getPorts();
    if (allowed.includes(known)) return known;
    const { usbVendorId, usbProductId } = known.getInfo();
    return allowed.find((port) => {
      const info = port.getInfo();
      return info.usbVendorId === usbVendorId && info.usbProductId === usbProductId;
    });
  }
}

class SerialLine implements Transport {
  private reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  private readonly writer: WritableStreamDefaultWriter<Uint8Array>;
  private readonly listening: Promise<void>;
  private closed = false;

  constructor(
    private readonly port: SerialPort,
    private readonly ears: Ears,
  ) {
    if (!port.writable) throw new TransportError("absent");
    this.writer = port.writable.getWriter();
    this.listening = this.listen();
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      await this.writer.write(bytes);
    } catch {
      throw new TransportError("pulled");
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.reader?.cancel().catch(() => undefined);
    await this.listening;
    this.writer.releaseLock();
    await this.port.close().catch(() => undefined);
  }

  /** Until the port is gone; what a UART damages ends one stream, and another one begins. */
  private async listen(): Promise<void> {
    while (this.port.readable && !this.closed) {
      this.reader = this.port.readable.getReader();
      try {
        for (;;) {
          const { value, done } = await this.reader.read();
          if (done) break;
          this.ears.heard(value);
        }
      } catch {
        // a break or a parity error; `readable` is null once the device is gone
      } finally {
        this.reader.releaseLock();
      }
    }
    if (!this.closed) this.ears.lost("pulled");
  }
}
