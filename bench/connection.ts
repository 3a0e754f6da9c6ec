import net from 'node:net';

/** A connection that is kept open and has one request under way; it does as little as HTTP allows. */
export class Connection {
  private readonly socket: net.Socket;
  private readonly head: string;
  private received = '';
  private settle: { resolve: (body: string) => void; reject: (error: Error) => void } | undefined;

  /** @param token whose requests it carries, unless one says otherwise */
  constructor(
    url: string,
    private readonly token: string,
  ) {
    const { hostname, port } = new URL(url);
    this.head =
      `POST /graphql HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\n` +
      'authorization: Bearer ';
    this.socket = net.connect({ host: hostname, port: Number(port), noDelay: true });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (chunk) => this.receive(String(chunk)));
    this.socket.on('error', (error) => this.settle?.reject(error));
    this.socket.on('close', () => this.settle?.reject(new Error('The server closed the connection')));
  }

  ask(body: string, token = this.token): Promise<string> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
      this.socket.write(`${this.head}${token}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  private receive(chunk: string): void {
    this.received += chunk;
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = /\r\ncontent-length: (\d+)/i.exec(this.received.slice(0, end));
    if (!length) return this.settle?.reject(new Error('The answer does not say how long it is'));
    const whole = end + 4 + Number(length[1]);
    if (this.received.length < whole) return;
    const body = this.received.slice(end + 4, whole);
    this.received = this.received.slice(whole);
    this.settle?.resolve(body);
  }
}
