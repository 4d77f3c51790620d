/** A line to a server that can be cut at a chosen moment, as networks cut it: what was sent arrived, its answer did not. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface LossyLine {
  /** The same address, by this line. */
  through(url: string): string
  /** Once: whatever carries this text arrives, and its answer is lost with the connection. */
  loseAnswerTo(text: string): void
  /** From now on nothing comes through, and nobody is told. */
  silence(): void
  /** How often this text was sent. */
  sent(text: string): number
  close(): Promise<void>
}

export async function openLossyLine(url: string): Promise<LossyLine> {
  const { port, hostname } = new URL(url)
  const sockets = new Set<Socket>()
  let wanted: string | null = null
  let silent = false
  let log = ''
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    let lost = false
    for (const socket of [near, far]) {
      sockets.add(socket)
      // Cut lines are what this is for; whoever uses it sees the error.
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (data: Buffer) => {
      if (silent) return
      const said = data.toString('latin1')
      log += said
      if (wanted !== null && said.includes(wanted)) {
        wanted = null
        lost = true
      }
      far.write(data)
    })
    far.on('data', (data: Buffer) => {
      if (silent) return
      if (lost) near.destroy()
      else near.write(data)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    through(address) {
      const changed = new URL(address)
      changed.port = String((server.address() as AddressInfo).port)
      return changed.href
    },
    loseAnswerTo(text) {
      wanted = text
    },
    silence() {
      silent = true
    },
    sent: (text) => log.split(text).length - 1,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
