/// Prosody, an XMPP server, with mod_auth_dovecot, on a port of its own and without TLS.
struct ProsodyInstance {
    /// Of Debian's prosody-modules.
    static let modules = "/usr/lib/prosody/modules/mod_auth_dovecot/auth_dovecot"

    let port: UInt16
    private let daemon: Daemon

    init(socket: String) throws {
        let directory = try TemporaryDirectory()
        let port = try LineStream.freePort()
        self.port = port
        _ = try ChildProcess.run(["mkdir", "-p", "\(directory.path)/data"])
        let text = """
            daemonize = false
            run_as_root = true
            pidfile = "\(directory.path)/prosody.pid"
            data_path = "\(directory.path)/data"
            plugin_paths = { "\(Self.modules)" }
            interfaces = { "127.0.0.1" }
            c2s_ports = { \(port) }
            c2s_direct_tls_ports = { }
            s2s_ports = { }
            http_ports = { }
            https_ports = { }
            modules_enabled = { "saslauth" }
            modules_disabled = { "s2s", "tls" }
            c2s_require_encryption = false
            allow_unencrypted_plain_auth = true
            authentication = "dovecot"
            dovecot_auth_socket = "\(socket)"
            log = { info = "\(directory.path)/log" }
            VirtualHost "gatepost.test"

            """
        try directory.write(text, to: "prosody.cfg.lua")
        daemon = try Daemon(["prosody", "--config", "\(directory.path)/prosody.cfg.lua"], in: directory) {
            _ = try LineStream.tcp(port: port)
        }
    }

    /// What the server says to a stream (RFC 6120 section 4) and to one login after another in it.
    ///
    /// XMPP has no lines, which is why another language does it.
    func logIn(_ mechanism: String, _ messages: [String]) throws -> ChildProcess.Outcome {
        let program = """
            import socket, sys
            def read(*ends):
                text = ""
                while not any(end in text for end in ends):
                    chunk = stream.recv(4096).decode()
                    if not chunk: break
                    text += chunk
                print(text)
            stream = socket.create_connection(("127.0.0.1", \(port)), 20)
            stream.settimeout(20)
            stream.sendall(b"<?xml version='1.0'?><stream:stream to='gatepost.test' version='1.0' xmlns='jabber:client'"
                b" xmlns:stream='http://etherx.jabber.org/streams'>")
            read("</stream:features>")
            for message in sys.argv[1:]:
                stream.sendall(("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='\(mechanism)'>%s</auth>"
                    % message).encode())
                read("<success", "</failure>")
            """
        return try ChildProcess.run(["python3", "-c", program] + messages)
    }

    func stop() {
        daemon.stop()
    }
}
