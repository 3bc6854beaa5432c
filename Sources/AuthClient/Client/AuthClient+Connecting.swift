internal import Glibc
public import NIOCore
internal import NIOPosix

extension AuthClient {
    /// Connects and shakes hands.
    ///
    /// - Parameters:
    ///   - eventLoopGroup: runs the connection; nil for the process-wide one.
    ///   - processID: sent as CPID; Dovecot's login sockets allow each number once.
    ///   - handshakeTimeout: for connecting, and again for the server's greeting.
    ///   - requestTimeout: for each login. Servers hold a failed one back, for up to 17 s in Dovecot.
    /// - Throws: ``AuthClientError`` with code `cannotConnect` or `handshakeFailed`, and a sentence that says why.
    public static func connect(
        to address: AuthServerAddress, eventLoopGroup: (any EventLoopGroup)? = nil, processID: UInt32? = nil,
        handshakeTimeout: Duration = .seconds(10), requestTimeout: Duration = .seconds(30)
    ) async throws -> AuthClient {
        let group = eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton
        let processID = processID ?? UInt32(clamping: getpid())
        let bootstrap = ClientBootstrap(group: group).connectTimeout(TimeAmount(handshakeTimeout))
        let initialise: @Sendable (any Channel) -> EventLoopFuture<Connected> = { channel in
            channel.eventLoop.makeCompletedFuture {
                let ready = channel.eventLoop.makePromise(of: ServerDescription.self)
                let handler = ClientConnectionHandler(
                    address: address.description, processID: processID, handshakeTimeout: TimeAmount(handshakeTimeout),
                    ready: ready)
                try channel.pipeline.syncOperations.addHandler(
                    ByteToMessageHandler(ServerLineDecoder()))
                try channel.pipeline.syncOperations.addHandler(handler)
                return Connected(
                    channel: channel, handler: NIOLoopBound(handler, eventLoop: channel.eventLoop),
                    ready: ready.futureResult)
            }
        }
        let connected: Connected
        do {
            connected =
                switch address {
                case .unix(let path):
                    try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: initialise)
                case .tcp(let host, let port):
                    try await bootstrap.connect(host: host, port: port, channelInitializer: initialise)
                }
        } catch {
            throw IOErrorText.cannotConnect(to: address, error)
        }
        let server = try await connected.ready.get()
        return AuthClient(
            server: server, address: address, channel: connected.channel, handler: connected.handler,
            requestTimeout: TimeAmount(requestTimeout))
    }

    private struct Connected: Sendable {
        let channel: any Channel
        let handler: NIOLoopBound<ClientConnectionHandler>
        let ready: EventLoopFuture<ServerDescription>
    }
}
