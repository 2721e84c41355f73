// The meter behind `meter page`, which has the serial port and served this page.

import { type Broken, type Ears, type Transport, TransportError, type Way } from "./transport";

const CLOSED: Record<number, Broken> = {
  4001: "absent",
  4002: "busy",
  4003: "pulled",
  4004: "forbidden",
};

export class Socket implements Way {
  async choose(): Promise<void> {
    // the port was named on the command line
  }

  open(ears: Ears): Promise<Transport> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://${location.host}/meter`);
      socket.binaryType = "arraybuffer";
      let ready = false;
      socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
        if (typeof event.data !== "string") {
          return ears.heard(new Uint8Array(event.data));
        }
        ready = true; // its one word says that it has the port
        resolve({
          write: async (bytes) => {
            if (socket.readyState !== WebSocket.OPEN) throw new TransportError("pulled");
            socket.send(bytes);
          },
          close: async () => {
            socket.onclose = null;
            socket.close();
          },
        });
      };
      socket.onclose = (event) => {
        const why = CLOSED[event.code] ?? "no tool";
        if (ready) ears.lost(why);
        else reject(new TransportError(why));
      };
    });
  }
}
